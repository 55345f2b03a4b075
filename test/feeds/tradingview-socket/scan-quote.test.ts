import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { QUOTE_WIRE } from '../../../src/feeds/tradingview-socket/fields.ts'
import { readPacket, readPlain } from '../../../src/feeds/tradingview-socket/read-packet.ts'
import { scanQuote } from '../../../src/feeds/tradingview-socket/scan-quote.ts'
import type { Observation } from '../../../src/model/observation.ts'

function collect(read: (sink: { observe(o: Observation): void; packet(): void }) => unknown) {
  const observations: Observation[] = []
  const finding = read({ observe: o => observations.push(o), packet: () => {} })
  return { observations, finding }
}

const context = (sink: { observe(o: Observation): void; packet(): void }) => {
  return { dir: 'in' as const, index: 0, keepWire: false, sink, asked: new Map<string, string>() }
}
const short = (payload: string) =>
  collect(sink => readPacket(`~m~1~m~${payload}~m~4~m~~h~1`, 7, 7 + payload.length, context(sink)))
const plain = (payload: string) => collect(sink => readPlain(payload, context(sink)))
const scans = (payload: string): boolean => scanQuote(payload, 0, payload.length) !== undefined

const qsd = (v: string, name = '"X:Y"'): string =>
  `{"m":"qsd","p":["qs_a",{"n":${name},"s":"ok","v":{${v}}}]}`

describe('the short way', () => {
  it('is not taken by what only looks like a usual packet', () => {
    const odd = [
      qsd('"lp":1e2'),
      qsd('"lp":01'),
      qsd('"lp":1.'),
      qsd('"lp":.5'),
      qsd('"lp":-'),
      qsd('"lp":+1'),
      qsd('"lp":1,'),
      qsd(',"lp":1'),
      qsd('"lp":1 '),
      qsd('"lp":"1"'),
      qsd('"lp":true'),
      qsd('"lp":1234567890123456'),
      qsd('"lp_time":1.5'),
      qsd('"lp_time":-5'),
      qsd('"lp_time":99999999999'),
      qsd('"lp":nul'),
      qsd('"l\\u0070":1'),
      qsd('"update_mode":7'),
      qsd('"pricescale":100'),
      qsd('"trade":{"price":"1"}'),
      qsd('"other":[1]'),
      qsd('"other":{}'),
      qsd('"lp":1}').slice(0, -1),
      qsd('"lp":1', '"bad \\x name"'),
      qsd('"lp":1', '"new\nline"'),
      qsd('"lp":1').replace('"ok"', '"error"'),
    ]
    expect(odd.filter(scans)).toEqual([])
    for (const payload of odd) expect(short(payload)).toEqual(plain(payload))
  })

  it('is taken by deltas, snapshots of bid and ask, load flags and decorated names', () => {
    const usual = [
      qsd('"lp":25650.25'),
      qsd('"volume":2851.0,"lp":-0.0,"ch":-0.25,"chp":0'),
      qsd('"trade_loaded":true,"bid_size":1.0,"bid":252.81,"ask_size":1.0,"ask":253.24'),
      qsd('"lp_time":1766031028,"rtc":null,"rtc_time":null'),
      qsd('"lp_time":0'),
      qsd('"metrics_loaded":false'),
      qsd('"update_mode":"delayed_streaming_600","current_session":"market"'),
      qsd(''),
      qsd('"lp":1', JSON.stringify('={"symbol":"NSE:SYNTH"}')),
      qsd('"lp":1', '"KRX:합성𝛑"'),
      qsd('"lp":1,"lp":2'),
    ]
    expect(usual.filter(payload => !scans(payload))).toEqual([])
    for (const payload of usual) expect(short(payload)).toEqual(plain(payload))
  })

  it('gives what the plain way gives, for whatever numbers, names and keys, and however they are damaged', () => {
    const number = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
      fc.tuple(fc.integer(), fc.nat({ max: 999999 })).map(([a, b]) => `${a}.${b}`),
      fc.integer().map(n => `${n}.0`),
      fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }).map(String),
    )
    const value = fc.oneof(
      number,
      fc.constantFrom('null', 'true', 'false', '{}', '[1]'),
      fc.string().map(t => JSON.stringify(t)),
    )
    const key = fc.oneof(
      fc.constantFrom(...QUOTE_WIRE.map(f => f.wire), 'pricescale', 'trade', 'other', '__proto__'),
      fc.string(),
    )
    const pair = fc.tuple(key, value).map(([k, v]) => `${JSON.stringify(k)}:${v}`)
    const packet = fc
      .tuple(fc.array(pair, { maxLength: 6 }), fc.string())
      .map(([pairs, name]) => qsd(pairs.join(','), JSON.stringify(name)))
    const damage = fc.tuple(
      fc.nat(),
      fc.nat({ max: 3 }),
      fc.constantFrom('', '', '', '"', '0', '.', '-', ',', '}', '\\', ' '),
    )
    fc.assert(
      fc.property(packet, damage, (payload, [at, cut, put]) => {
        const start = at % (payload.length + 1)
        const damaged = payload.slice(0, start) + put + payload.slice(start + (put === '' ? 0 : cut))
        expect(short(damaged)).toEqual(plain(damaged))
      }),
      { numRuns: 20_000 },
    )
  })
})
