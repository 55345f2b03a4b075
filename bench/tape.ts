import { epochMicrosFromIso } from '../src/model/time.ts'
import { FORMAT, type Header, TapeWriter } from '../src/tape/index.ts'
import type { Message } from './message.ts'

const START = '2026-09-21T14:00:00.000000Z'
export const START_MICROS = epochMicrosFromIso(START) ?? 0

const HEADER: Header = {
  kind: 'header',
  format: FORMAT,
  id: '0'.repeat(32),
  start: START,
  feeds: ['tradingview-socket'],
  generator: { name: 'feedtape-bench', version: '0' },
  platform: 'bench',
  clock: 'none',
  redaction: 'none',
  synthetic: true,
}

/**
 * Writes the messages as the recorder would, one connection, `spacing` µs apart: to one tape or, the same, to
 * several (`.gz` is packed). Nothing of them is kept here. Gives the time of the last one.
 */
export async function writeTapes(
  paths: readonly string[],
  messages: Iterable<Message>,
  spacing: number,
): Promise<{ readonly frames: number; readonly endAt: number }> {
  const writers = await Promise.all(paths.map(path => TapeWriter.create(path, HEADER)))
  for (const writer of writers) writer.append({ kind: 'open', at: 0, conn: 1, feed: FEED, url: VENUE })
  let frames = 0
  for (const { dir, text } of messages) {
    frames += 1
    const at = frames * spacing
    for (const writer of writers) writer.append({ kind: 'frame', at, conn: 1, dir, op: 'text', text })
    if (frames % 1_000 === 0) await Promise.all(writers.map(writer => writer.flush()))
  }
  const endAt = frames * spacing
  await Promise.all(writers.map(writer => writer.seal(endAt)))
  return { frames, endAt }
}

const FEED = 'tradingview-socket'
const VENUE = 'wss://127.0.0.1/socket.io/websocket'
