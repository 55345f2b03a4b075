import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { Packet } from '../src/feeds/feed.ts'
import { createDecoder } from '../src/feeds/tradingview-socket/decode.ts'
import { framePacket } from '../src/feeds/tradingview-socket/framing.ts'
import { readConfig } from '../src/instruments/index.ts'
import { decimalText } from '../src/model/decimal.ts'
import { type EpochMicros, epochMicrosFromIso } from '../src/model/time.ts'
import {
  type PnlOptions,
  type PositionReport,
  parseMarkChain,
  readPositions,
  replayPnl,
} from '../src/pnl/index.ts'
import type { Frame } from '../src/tape/entry.ts'
import { TapeReader } from '../src/tape/index.ts'
import { runCli } from './cli/run-cli.ts'
import { describeWithSamples, readSampleFrames, tapeOfFrames } from './samples.ts'

type Quote = Readonly<Record<string, unknown>>
interface Expected {
  readonly final_merged_quote: Readonly<Record<string, Quote>>
}

/** The fields that the samples' EXPECTED.json speaks of. */
const FIELDS = [
  'lp', 'lp_time', 'bid', 'ask', 'bid_size', 'ask_size', 'volume', 'ch', 'chp', 'open_price', 'high_price',
  'low_price', 'prev_close_price', 'current_session', 'update_mode', 'pricescale', 'minmov', 'minmove2',
  'currency_code', 'type', 'exchange', 'rtc', 'rtc_time',
] // biome-ignore format: a list

describeWithSamples('quotes of real captures', folder => {
  const socket = join(folder, 'tradingview-socket')
  const expected: Readonly<Record<string, Expected>> = JSON.parse(
    readFileSync(join(socket, 'EXPECTED.json'), 'utf8'),
  )

  it.each([
    ['01', '01_prodata_2025-12-18.frames.jsonl'],
    ['06', '06_btcusdt_2025-07-06.frames.jsonl'],
  ])(
    '%s: `quotes --wire` is the expected merge on all 23 fields, an absent one absent',
    async (key, file) => {
      const path = await tapeOfFrames(readSampleFrames(join(socket, file)))
      const { stdout, code } = await runCli(['quotes', '--wire', path])
      expect(code).toBe(0)
      const merged: Record<string, Quote> = {}
      for (const line of stdout.trim().split('\n')) {
        const { session, name, v } = JSON.parse(line)
        merged[`${session}|${name}`] = Object.fromEntries(FIELDS.filter(f => f in v).map(f => [f, v[f]]))
      }
      expect(merged).toEqual(expected[key]?.final_merged_quote)
    },
  )

  it('01: the numbers of `quotes --wire` are written as they came', async () => {
    const path = await tapeOfFrames(readSampleFrames(join(socket, '01_prodata_2025-12-18.frames.jsonl')))
    const { stdout } = await runCli(['quotes', '--wire', path])
    expect(stdout).toContain('"bid":253.0')
    expect(stdout).toContain('"volume":2851.0')
  })
})

describeWithSamples('P&L over the real capture 01', folder => {
  const frames = readSampleFrames(join(folder, 'tradingview-socket', '01_prodata_2025-12-18.frames.jsonl'))
  const fills = [
    '{"instrument":"NSE:JUNIPER","side":"buy","quantity":"100","price":"254.10"}',
    '{"instrument":"NSE:CNX500","side":"sell","quantity":"2","price":"23420.5"}',
  ]
  const config = readConfig(
    '{"instruments":{"NSE:CNX500":{"pointValue":"1","tickSize":"0.05","currency":"INR"}}}',
    'config.json',
  )

  async function run(mark: string, staleAfter: number) {
    const tape = await TapeReader.open(await tapeOfFrames(frames))
    const changes: { at: EpochMicros; position: PositionReport }[] = []
    const options: PnlOptions = { chain: parseMarkChain(mark), staleAfter, config: config.instruments }
    const result = await replayPnl([tape], readPositions(fills.join('\n'), 'fills.jsonl'), options, {
      changed: ({ at }, position) => changes.push({ at, position }),
    })
    await tape.close()
    return { result, at: (instrument: string, time: string) => latest(changes, instrument, time) }
  }

  /** The figures that stood at a time of day, 2025-12-18. */
  function latest(
    changes: { at: EpochMicros; position: PositionReport }[],
    instrument: string,
    time: string,
  ) {
    const moment = epochMicrosFromIso(`2025-12-18T${time}Z`) ?? 0
    return changes.findLast(c => c.position.instrument === instrument && c.at <= moment)?.position
  }

  const text = (value: PositionReport['unrealized']) => (value === undefined ? undefined : decimalText(value))

  it('NSE:JUNIPER by exit-side, with the point value 1 that the wire itself gives (message 55 packet 27)', async () => {
    const { at, result } = await run('exit-side', 300_000_000)
    const juniper = (time: string) => at('NSE:JUNIPER', time)
    // Before message 55 packet 29 this name had no bid: the bids of ={…} names are other instruments.
    expect(juniper('04:10:50.3')?.unpriced).toMatchObject({ reason: expect.any(String) })
    // Message 55 packet 29 (04:10:50.385993): bid 252.96. (252.96 − 254.10) × 100 × 1 = −114.
    expect(text(juniper('04:10:50.5')?.unrealized)).toBe('-114')
    // Message 66 packet 2 (04:10:53.562743): bid 252.81. (252.81 − 254.10) × 100 × 1 = −129.
    expect(text(juniper('04:10:55')?.unrealized)).toBe('-129')
    // Message 70 packet 2 (04:11:05.860692): bid 252.61. (252.61 − 254.10) × 100 × 1 = −149, its worst.
    expect(text(juniper('04:11:06')?.unrealized)).toBe('-149')
    // Message 79 packet 2 (04:11:38.192896): bid 253.0. (253.0 − 254.10) × 100 × 1 = −110; 89 brings the same bid.
    const end = result.positions.find(p => p.instrument === 'NSE:JUNIPER')
    expect(end).toMatchObject({ pointValue: { source: 'wire' }, currency: { value: 'INR', source: 'wire' } })
    expect([text(end?.unrealized), text(end?.worst)]).toEqual(['-110', '-149'])
    // Frames 89 is entry 91: the tape's `open` is entry 1, and messages count from 0.
    expect(end?.mark).toMatchObject({ rule: 'exit-side', from: 'bid', seq: 91, packet: 2 })
  })

  it('NSE:CNX500 by last, with the point value of the config; the update after its removal counts', async () => {
    const { at, result } = await run('last', 300_000_000)
    const index = (time: string) => text(at('NSE:CNX500', time)?.unrealized)
    // Message 55 packet 10: 23419.0, packet 22: 23418.7. (23420.5 − 23418.7) × 2 × 1 = 3.6.
    expect(index('04:10:50.5')).toBe('3.6')
    // Message 60 removes the symbol, message 64 (04:10:51.162380) still brings 23418.6: (23420.5 − 23418.6) × 2 = 3.8.
    expect(index('04:10:51.2')).toBe('3.8')
    const end = result.positions.find(p => p.instrument === 'NSE:CNX500')
    expect(end).toMatchObject({ pointValue: { source: 'config' }, mark: { seq: 66, packet: 0 } })
    expect(text(end?.net)).toBe('3.8')
    // NSE:JUNIPER by last: message 42 has 253.42 @1766031028; message 55 packet 27 brings 253.5 @1766031015, which is
    // older and replaces nothing. (253.42 − 254.10) × 100 = −68, and 3.8 − 68 = −64.2 INR in all.
    expect(text(at('NSE:JUNIPER', '04:10:50.5')?.unrealized)).toBe('-68')
    expect(result.totals).toHaveLength(1)
    expect(text(result.totals[0]?.net)).toBe('-64.2')
  })

  it('a price that is older than 60 s marks nothing: NSE:CNX500 is unpriced from 04:11:51.162381 on', async () => {
    const { at, result } = await run('last', 60_000_000)
    expect(text(at('NSE:CNX500', '04:11:51.162380')?.unrealized)).toBe('3.8')
    expect(at('NSE:CNX500', '04:11:51.162381')?.unpriced).toMatchObject({ reason: 'stale', from: 'last' })
    expect(result.totals[0]?.net).toBeUndefined()
    expect(result.totals[0]?.unpriced).toContain('NSE:CNX500')
  })
})

describeWithSamples('the short frames of 09', folder => {
  const socket = join(folder, 'tradingview-socket')
  const expected: Readonly<Record<string, { packets: number; packet_kinds: Record<string, number> }>> =
    JSON.parse(readFileSync(join(socket, 'EXPECTED.json'), 'utf8'))
  const lines: { name: string; data: string }[] = readFileSync(join(socket, '09_short_frames.jsonl'), 'utf8')
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line))

  function packetsOf({ name, data }: { name: string; data: string }): Packet[] {
    const packets: Packet[] = []
    const dir = name.startsWith('client_') ? 'out' : 'in'
    const body = name.startsWith('binary_') ? { op: 'binary', base64: data } : { op: 'text', text: data }
    const frame: Frame = { kind: 'frame', seq: 1, at: 0, conn: 1, dir, ...body } as Frame
    createDecoder().decode(frame, { observe: () => {}, packet: packet => packets.push(packet) })
    return packets
  }

  it.each(lines.filter(({ name }) => `09/${name}` in expected).map(line => [line.name, line] as const))(
    '%s gives the expected packets and kinds',
    (name, line) => {
      const packets = packetsOf(line)
      const kinds: Record<string, number> = {}
      for (const { kind, disposition } of packets) {
        // EXPECTED writes every line of this file as `in:`, the client's too.
        const key = `in:${disposition === 'malformed' ? 'unparsable' : kind}`
        kinds[key] = (kinds[key] ?? 0) + 1
      }
      expect({ packets: packets.length, kinds }).toEqual({
        packets: expected[`09/${name}`]?.packets,
        kinds: expected[`09/${name}`]?.packet_kinds,
      })
    },
  )

  it('a wrong length leaves two quotes and one malformed rest', () => {
    const line = lines.find(({ name }) => name.includes('WRONG'))
    expect(line && packetsOf(line).map(({ kind, disposition }) => [kind, disposition])).toEqual([
      ['qsd', 'read'],
      ['qsd', 'read'],
      ['(rest)', 'malformed'],
    ])
  })

  it('the five others are three payloads without a header, and two binary messages', () => {
    const others = lines.filter(({ name }) => !(`09/${name}` in expected))
    expect(others.map(line => packetsOf(line).map(({ kind, disposition }) => [kind, disposition]))).toEqual([
      [['(message)', 'malformed']],
      [['(message)', 'malformed']],
      [['(message)', 'malformed']],
      [['heartbeat', 'status']],
      [['protobuf', 'ignored']],
    ])
    const framed = others
      .filter(({ name }) => !name.startsWith('binary_'))
      .map(({ name, data }) => packetsOf({ name, data: framePacket(data) })[0])
    expect(framed.map(packet => [packet?.kind, packet?.disposition])).toEqual([
      ['critical_error', 'error'],
      ['symbol_error', 'error'],
      ['qsd', 'error'],
    ])
  })
})
