import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FACT_WIRE, QUOTE_WIRE } from '../../../src/feeds/tradingview-socket/fields.ts'
import { thinQuote } from '../../../src/feeds/tradingview-socket/thin-quote.ts'
import { expectSame } from './both-ways.ts'

/** Short ones go another way. */
const LONG = `"padding":"${'x'.repeat(2_000)}"`
const qsd = (v: string, name = '"X:Y"'): string =>
  `{"m":"qsd","p":["qs_a",{"n":${name},"s":"ok","v":{${LONG}${v && `,${v}`}}}]}`
const thin = (payload: string) => thinQuote(payload, 0, payload.length)

const BAR = '{"time":"1766031000.0","open":"1","high":"2","low":"0.5","close":"1.5","volume":"7"}'
const HISTORY =
  '"a_fy":[1.5,-2,null],"a_fq":{"source":"X","figures":{"a":1,"b":[{"c":3}]}},"isin":"\\u0041\\""'

describe('a thinned qsd', () => {
  it('is not made of what is wrong or could be something else', () => {
    const odd = [
      qsd('"a":[1],"l\\u0070":1'),
      qsd('"a":[[[[[1]]]]]'),
      qsd('"lp":01'),
      qsd('"lp":1,'),
      qsd('"lp":1 '),
      qsd('"lp":1}'),
      qsd('"lp":'),
      qsd('"a":[1,]'),
      qsd('"a":1]'),
      qsd('"lp":1', '7'),
      qsd('"lp":1').replace('"ok"', '"error"'),
      `${qsd('"lp":1').slice(0, -2)},{"n":7}]}`,
      `${qsd('"lp":1').slice(0, -1)},"p":["qs_a"]}`,
      qsd('"lp":1').slice(0, -1),
      `${qsd('"lp":1')}}`,
    ]
    expect(odd.filter(payload => thin(payload) !== undefined)).toEqual([])
    for (const payload of odd) expectSame(payload)
  })

  it('has the fields that are read, as they stand, and no others', () => {
    const whole = qsd(`"lp":1.50,${HISTORY},"lpx":2,"trade":{"price":"1"},"__proto__":{"lp":1},"lp":1e400`)
    expect(thin(whole)).toBe(
      '{"m":"qsd","p":["qs_a",{"n":"X:Y","s":"ok","v":{"lp":1.50,"trade":{"price":"1"},"lp":1e400}}]}',
    )
    expect(thin(qsd(HISTORY))).toBe('{"m":"qsd","p":["qs_a",{"n":"X:Y","s":"ok","v":{}}]}')
    expectSame(whole)
    expectSame(qsd(HISTORY))
  })

  it('gives observations in the order of the whole', () => {
    const bars = `"prev-daily-bar":${BAR},"trade":{"price":"1"},"minute-bar":${BAR}`
    const whole = qsd(`${bars},"pricescale":100,"volume":1,"lp":2647.1000000000004,"ask":9007199254740993`)
    expect(thin(whole)?.length).toBeLessThan(500)
    expectSame(whole)
  })

  it('gives what the plain way gives, for whatever fields, and however they are damaged', () => {
    const json = fc.jsonValue({ maxDepth: 4 }).map(value => JSON.stringify(value))
    const number = fc.constantFrom(
      '1',
      '-0.0',
      '1e400',
      '1e100',
      '9007199254740993',
      '0.1000000000000000001',
      '01',
    )
    const value = fc.oneof(
      json,
      number,
      fc.constantFrom('null', BAR, '{"price":"1"}', '"streaming"', '[1,2', '{"a"'),
    )
    const wires = [...QUOTE_WIRE, ...FACT_WIRE].map(field => field.wire)
    const key = fc.oneof(fc.string(), fc.constantFrom(...wires, 'trade', 'minute-bar', '__proto__', 'lpx'))
    const packet = fc
      .tuple(fc.array(fc.tuple(key, value), { maxLength: 8 }), fc.string())
      .map(([pairs, name]) =>
        qsd(pairs.map(([k, v]) => `${JSON.stringify(k)}:${v}`).join(','), JSON.stringify(name)),
      )
    const damage = fc.tuple(
      fc.nat(),
      fc.nat({ max: 3 }),
      fc.constantFrom('', '', '', '"', '0', '.', '-', ',', '}', ']', '{', '[', ':', '\\', ' ', 'e', '\n'),
    )
    fc.assert(
      fc.property(packet, damage, (payload, [at, cut, put]) => {
        // Not within the padding, where nothing happens.
        const start = payload.length - (at % (payload.length - LONG.length + 1))
        expectSame(payload.slice(0, start) + put + payload.slice(start + (put === '' ? 0 : cut)))
      }),
      { numRuns: 15_000 },
    )
  })
})
