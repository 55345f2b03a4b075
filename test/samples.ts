import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, onTestFinished, test } from 'vitest'
import { isoFromEpochMicros } from '../src/model/time.ts'
import { type Direction, FORMAT, type Header } from '../src/tape/entry.ts'
import { TapeWriter } from '../src/tape/writer.ts'

/**
 * Real captures that are not ours to publish: they lie beside the repository, or where FEEDTAPE_SAMPLES says.
 * Tests that need them are skipped where they are missing, and fail there in CI: a check must not vanish unseen.
 */
const BESIDE_THE_REPOSITORY = fileURLToPath(new URL('../../shared/samples', import.meta.url))

export function samplesFolder(): string | undefined {
  const folder = process.env['FEEDTAPE_SAMPLES'] ?? BESIDE_THE_REPOSITORY
  return existsSync(folder) ? folder : undefined
}

/** A `describe` for what needs the samples; its function is given their folder. */
export function describeWithSamples(name: string, define: (folder: string) => void): void {
  const folder = samplesFolder()
  if (folder !== undefined) {
    describe(name, () => define(folder))
    return
  }
  const said =
    'no samples: expected ../shared/samples beside the repository, or FEEDTAPE_SAMPLES to name their folder'
  if (process.env['CI']) {
    test(name, () => {
      throw new Error(said)
    })
  } else {
    process.stderr.write(`skipped: ${name}: ${said}\n`)
    describe.skip(name, () => test(said, () => {}))
  }
}

/** A line of a sample's `*.frames.jsonl`; `opcode` 2 is base64. */
export interface SampleFrame {
  readonly dir: Direction
  /** Epoch seconds; not every sample has them. */
  readonly time?: number
  readonly opcode?: number
  readonly data: string
}

export function readSampleFrames(path: string): readonly SampleFrame[] {
  // The shape is the samples' own; 09 has no `dir`, and its lines came in but for the client's.
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter(line => line !== '')
    .map(line => ({ dir: 'in', ...(JSON.parse(line) as object) }) as SampleFrame)
}

/**
 * Writes frames onto a tape, as one connection, and gives its path; without times each comes 1 µs after the one
 * before. Without a folder it must be called in a test, whose end removes the tape.
 */
export async function tapeOfFrames(frames: readonly SampleFrame[], folder?: string): Promise<string> {
  const path = join(folder ?? (await folderOfTest()), 'sample.tape.jsonl')
  const start = Math.round((frames[0]?.time ?? 0) * 1_000_000)
  const writer = await TapeWriter.create(path, sampleHeader(start))
  const url = 'wss://data.tradingview.com/socket.io/websocket'
  writer.append({ kind: 'open', at: 0, conn: 1, feed: 'tradingview-socket', url })
  let at = 0
  for (const [index, { dir, time, opcode, data }] of frames.entries()) {
    at = time === undefined ? index : Math.round(time * 1_000_000) - start
    const body = { kind: 'frame', at, conn: 1, dir } as const
    if (opcode === 2) writer.append({ ...body, op: 'binary', base64: data })
    else writer.append({ ...body, op: 'text', text: data })
  }
  await writer.seal(at)
  return path
}

async function folderOfTest(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'feedtape-sample-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  return folder
}

function sampleHeader(start: number): Header {
  return {
    kind: 'header',
    format: FORMAT,
    id: '0'.repeat(32),
    start: isoFromEpochMicros(start),
    feeds: ['tradingview-socket'],
    generator: { name: 'feedtape-test', version: '0' },
    platform: 'test',
    clock: 'imported',
    redaction: 'none',
  }
}
