import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll } from 'vitest'
import {
  type ByteSource,
  createHashChain,
  type Entry,
  type Header,
  type ReaderOptions,
  streamSource,
  type TapeProblem,
  TapeReader,
  toLine,
} from '../../src/tape/index.ts'

export const HEADER: Header = {
  kind: 'header',
  format: 'feedtape/1',
  id: '5f0c6a1e9b3d47288c1a0d4e7f92b365',
  start: '2025-12-18T04:10:47.302670Z',
  feeds: ['tradingview'],
  generator: { name: 'feedtape', version: '0.1.0' },
  platform: 'linux x64, node 24.21.0',
  clock: 'monotonic',
  redaction: 'hmac-sha256',
}

/** A few entries of several kinds, in order, whose payloads are awkward. */
export const ENTRIES: readonly Entry[] = [
  { kind: 'open', seq: 1, at: 10, conn: 1, feed: 'tradingview', url: 'wss://data.tradingview.com/' },
  { kind: 'frame', seq: 2, at: 20, conn: 1, dir: 'in', op: 'text', text: '~m~4~m~~h~1' },
  {
    kind: 'frame',
    seq: 3,
    at: 20,
    conn: 1,
    dir: 'in',
    op: 'text',
    text: '{"lp":2647.1000000000004,"d":"Söc 株"}',
  },
  { kind: 'frame', seq: 4, at: 21, conn: 1, dir: 'out', op: 'pong', text: '' },
  { kind: 'frame', seq: 5, at: 22, conn: 1, dir: 'in', op: 'binary', base64: '3q2+7w==' },
  { kind: 'mark', seq: 6, at: 30, note: 'half a pair: \ud83d' },
  { kind: 'close', seq: 7, at: 31, conn: 1, by: 'them', code: 1001, reason: 'going away' },
]

/** A sealed tape of these entries, as text. */
export function tapeText(entries: readonly Entry[], header: Header = HEADER): string {
  const chain = createHashChain()
  const lines = [header, ...entries].map(toLine).join('')
  chain.update(Buffer.from(lines))
  const at = entries.at(-1)?.at ?? 0
  return lines + toLine({ kind: 'seal', at, count: entries.length, hash: chain.close() })
}

export interface WhatWasRead {
  readonly entries: readonly Entry[]
  readonly problems: readonly TapeProblem[]
  readonly isWhole: boolean
  readonly isSealed: boolean
}

export async function readAll(tape: string | Uint8Array, options: ReaderOptions = {}): Promise<WhatWasRead> {
  const reader = await TapeReader.from(bytesSource(tape), options)
  const entries: Entry[] = []
  for await (const entry of reader) entries.push(entry)
  return { entries, problems: reader.problems, isWhole: reader.isWhole, isSealed: reader.isSealed }
}

export function bytesSource(tape: string | Uint8Array): ByteSource {
  return streamSource(
    (async function* () {
      if (tape.length > 0) yield Buffer.from(tape)
    })(),
  )
}

/** A folder of this test file's own. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'feedtape-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Any string that JavaScript can hold: escapes, control characters, other planes, lone surrogates. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(fc.integer({ min: 0, max: 0xffff }).map(unit => String.fromCharCode(unit)))
    .map(units => units.join('')),
  fc.string({
    unit: fc.constantFrom('"', '\\', '{', '}', ',', '\n', '\r', '\u2028', '{"kind":"', '","crc":"'),
  }),
)
const from0 = fc.oneof(fc.maxSafeNat(), fc.nat(1000))
const from1 = fc.oneof(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), fc.integer({ min: 1, max: 9 }))
const anyInteger = fc.maxSafeInteger()
const base64 = fc.uint8Array().map(bytes => Buffer.from(bytes).toString('base64'))
const redacted = fc.array(fc.tuple(from0, from1, anyText))
const headers = fc.array(fc.tuple(anyText, anyText))

function record(kind: string, required: object, optional: object = {}): fc.Arbitrary<object> {
  const model = { kind: fc.constant(kind), seq: from1, at: from0, ...required }
  return fc.record(
    { ...model, ...optional },
    { requiredKeys: Object.keys(model) as never[], noNullPrototype: true },
  )
}

const conn = { conn: from1 }
const bodies = fc.oneof(
  fc.record({ text: anyText }, { noNullPrototype: true }),
  fc.record({ base64 }, { noNullPrototype: true }),
  fc.record({ omitted: anyText }),
  fc.constant({}),
)
const withBody = (entry: fc.Arbitrary<object>, body: fc.Arbitrary<object>) =>
  fc.tuple(entry, body).map(([one, other]) => ({ ...one, ...other }))

const frame = {
  ...conn,
  dir: fc.constantFrom('in', 'out'),
  op: fc.constantFrom('text', 'binary', 'ping', 'pong', 'chunk'),
}
const payloads = fc.oneof(
  fc.record({ text: anyText }, { noNullPrototype: true }),
  fc.record({ base64 }, { noNullPrototype: true }),
)

/** Every kind of entry with every optional key. What it generates is valid by its construction. */
export const anyEntry = fc.oneof(
  { weight: 5, arbitrary: withBody(record('frame', frame), payloads) },
  { weight: 3, arbitrary: withBody(record('frame', frame, { original: anyInteger, redacted }), payloads) },
  record('open', { ...conn, feed: anyText, url: anyText }, { resumed: fc.constant(true), redacted }),
  record(
    'close',
    { ...conn, by: fc.constantFrom('us', 'them', 'unknown') },
    { code: from0, reason: anyText, redacted },
  ),
  record(
    'fail',
    { ...conn, feed: anyText, url: anyText, cause: fc.constantFrom('dns', 'tls', 'other'), reason: anyText },
    { redacted },
  ),
  record('pause', { ...conn, reason: anyText }),
  record('resume', conn),
  withBody(
    record(
      'request',
      { ...conn, feed: anyText, exchange: from1, method: anyText, url: anyText, headers },
      { original: anyInteger, redacted },
    ),
    bodies,
  ),
  withBody(
    record(
      'response',
      { ...conn, exchange: from1, status: from0, headers },
      { decoded: anyText, original: anyInteger, redacted },
    ),
    bodies,
  ),
  record('clock', { step: anyInteger }),
  record(
    'mark',
    { note: anyText },
    { ...conn, standing: fc.constantFrom('guest', 'widget', 'login'), redacted },
  ),
  record('lost', { from: from1, to: from1, reason: anyText }),
) as fc.Arbitrary<Entry>
