import { systemTimers, type Timers } from '../model/timers.ts'
import { gzipSink } from './gzip-sink.ts'
import { refuseNewPart, refuseOlderParts, removeOlderParts } from './older-parts.ts'
import { type OpenSink, openFileSink, type Sink } from './sink.ts'

export interface PartOptions {
  /** Replaces a file that is there. */
  readonly overwrite?: boolean
  /** With `overwrite`: what an older recording left under the names of this one's parts is removed at the beginning. */
  readonly removesOlderParts?: boolean
  readonly timers?: Timers
  /** For tests: a disk that can be stalled. */
  readonly openSink?: OpenSink
}

export interface FirstPart {
  readonly sink: Sink
  readonly removedParts: readonly string[]
}

export async function openFirstPart(path: string, options: PartOptions): Promise<FirstPart> {
  const { overwrite = false, removesOlderParts = false } = options
  if (!overwrite) await refuseOlderParts(path)
  const sink = await openPart(path, options)
  try {
    return { sink, removedParts: overwrite && removesOlderParts ? await removeOlderParts(path) : [] }
  } catch (thrown) {
    await sink.close()
    throw thrown
  }
}

export async function openNextPart(path: string, options: PartOptions): Promise<Sink> {
  if (options.removesOlderParts === true) await refuseNewPart(path)
  return await openPart(path, options)
}

export function isGzip(path: string): boolean {
  return path.endsWith('.gz')
}

async function openPart(path: string, options: PartOptions): Promise<Sink> {
  const { openSink = openFileSink, overwrite = false, timers = systemTimers } = options
  const sink = await openSink(path, { overwrite, timers })
  return isGzip(path) ? gzipSink(sink) : sink
}
