import { type Inspection, inspectTape } from '../../src/inspect/index.ts'
import { type EntryDraft, FORMAT, type Header } from '../../src/tape/entry.ts'
import { toLine } from '../../src/tape/line.ts'
import { TapeReader } from '../../src/tape/reader.ts'
import { streamSource } from '../../src/tape/source.ts'

const HEADER: Header = {
  kind: 'header',
  format: FORMAT,
  id: '0'.repeat(32),
  start: '2026-01-05T14:30:00.000000Z',
  feeds: ['tradingview-socket'],
  generator: { name: 'feedtape-test', version: '0' },
  platform: 'test',
  clock: 'none',
  redaction: 'none',
  synthetic: true,
}

const SECOND = 1_000_000

export function open(conn: number, atSeconds: number, feed = 'tradingview-socket'): EntryDraft {
  return { kind: 'open', at: atSeconds * SECOND, conn, feed, url: 'ws://127.0.0.1/' }
}

export function close(conn: number, atSeconds: number): EntryDraft {
  return { kind: 'close', at: atSeconds * SECOND, conn, by: 'them', code: 1006 }
}

/** One packet in a message of its own. */
export function packet(
  atSeconds: number,
  payload: string,
  over: Partial<{ dir: 'out'; conn: number }> = {},
): EntryDraft {
  const text = `~m~${payload.length}~m~${payload}`
  return { kind: 'frame', at: atSeconds * SECOND, conn: 1, dir: 'in', op: 'text', text, ...over }
}

export function quote(atSeconds: number, fields: object, name = 'NSE:X', conn = 1): EntryDraft {
  const body = JSON.stringify({ m: 'qsd', p: ['qs_1', { n: name, s: 'ok', v: fields }] })
  return packet(atSeconds, body, { conn })
}

/** Inspects what a tape of these entries would hold, without a seal: the lines are put together by hand. */
export async function inspected(drafts: readonly EntryDraft[], gapAfterSeconds = 30): Promise<Inspection> {
  // An entry is a draft with its number.
  const lines = drafts.map((draft, index) =>
    toLine({ ...draft, seq: index + 1 } as Parameters<typeof toLine>[0]),
  )
  const bytes = Buffer.from([toLine(HEADER), ...lines].join(''))
  const tape = await TapeReader.from(streamSource(chunks(bytes)), { name: 'synthetic' })
  return inspectTape(tape, { gapAfter: gapAfterSeconds * SECOND })
}

async function* chunks(bytes: Buffer): AsyncGenerator<Uint8Array> {
  yield bytes
}
