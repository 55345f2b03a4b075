import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { scanSilent } from '../../../src/feeds/tradingview-socket/scan-silent.ts'
import { KINDS } from '../../../src/feeds/tradingview-socket/wire.ts'
import { expectSame } from './both-ways.ts'

const scans = (payload: string): boolean => scanSilent(payload, 0, payload.length) !== undefined

const BAR = '{"i":0,"v":[1751815080.0,108879.22,108879.23,1e+100,-0.5,68]}'
const SERIES = `{"sds_1":{"node":"n","s":[${BAR},${BAR}],"ns":{"d":"{\\"a\\":[]}","indexes":"nochange"},"t":"s1","lbs":{"bar_close_time":1}}}`

describe('the short way for packets that say nothing', () => {
  it('is not taken where something is read, is wrong or could be something else', () => {
    const odd = [
      '{"m":"du","p":["cs_a",{"a":[1,]}]}',
      '{"m":"du","p":["cs_a"],"p":7}',
      '{"m":"du","p":["cs_a"],"p":7,"t_ms":1}',
      '{"m":"du","p":["cs_a"],"t":1,"m":7}',
      '{"m":"du","p":["cs_a"],"m":"qsd"}',
      '{"m":"du","p":{"a":1}}',
      '{"m":"du","p":["cs_a"]',
      '{"m":"du","p":["cs_a"]} ',
      '{"m":"du","p":["cs_a"]}}',
      '{"m":"du","p":["cs_a","\n"]}',
      '{"m":"symbol_error","p":["cs_a","sds_sym_1","invalid symbol"]}',
      '{"m":"symbol_resolved","p":["cs_a","sds_sym_1",{}]}',
      '{"m":"heartbeat","p":[]}',
      '{"m":"create_study","p":[]}',
      '{"m":"constructor","p":[]}',
      '{"m":"du',
    ]
    expect(odd.filter(payload => scans(payload))).toEqual([])
    for (const payload of odd) expectSame(payload)
  })

  it('is not taken by a packet whose length is wrong', () => {
    const du = `{"m":"du","p":["cs_a",${SERIES}]}`
    expect(scanSilent(du, 0, du.length - 1)).toBeUndefined()
    expect(scanSilent(du, 0, du.indexOf('}') + 1)).toBeUndefined()
    expect(scanSilent(`${du}}`, 0, du.length + 1)).toBeUndefined()
    expect(scanSilent(du, 0, du.length)).toMatchObject({ kind: 'du', disposition: 'ignored' })
  })

  it('is taken by every sample of the server’s kinds that are ignored or are a status', () => {
    const silent = KINDS.filter(
      k => k.dir === 'in' && (k.disposition === 'ignored' || k.disposition === 'status'),
    )
    const samples = silent.map(k => k.sample).filter(sample => sample.startsWith('{"m":"'))
    expect(samples.length).toBeGreaterThan(10)
    expect(samples.filter(sample => !scans(sample))).toEqual([])
    for (const sample of samples) expectSame(sample)
  })

  it('is taken by bars and studies', () => {
    const usual = [
      `{"m":"du","p":["cs_a",${SERIES}]}`,
      `{"m":"timescale_update","p":["cs_a",${SERIES},{"index":300,"zoffset":0,"changes":[],"index_diff":[]}]}`,
      '{"m":"du","p":["cs_a",{"st1":{"st":[],"ns":{"d":"","indexes":[]},"t":"st1_합성𝛑"}}],"t":1,"t_ms":1000}',
    ]
    expect(usual.filter(payload => !scans(payload))).toEqual([])
    for (const payload of usual) expectSame(payload)
  })

  it('gives what the plain way gives, for whatever parameters, and however they are damaged', () => {
    const json = fc.jsonValue({ maxDepth: 4 }).map(value => JSON.stringify(value))
    const value = fc.oneof(
      json,
      fc.constantFrom('1e400', '-0.0', '9007199254740993', '01', '1.', '{"a":1', '[1,2]'),
    )
    const packet = fc
      .tuple(fc.constantFrom('du', 'timescale_update', 'study_loading', 'series_error', 'other'), value)
      .map(([method, v]) => `{"m":"${method}","p":["cs_a",${SERIES},${v}]}`)
    const damage = fc.tuple(
      fc.nat(),
      fc.nat({ max: 3 }),
      fc.constantFrom('', '', '', '"', '0', '.', '-', ',', '}', ']', '{', '[', ':', '\\', ' ', 'e', '\n'),
    )
    fc.assert(
      fc.property(packet, damage, (payload, [at, cut, put]) => {
        const start = at % (payload.length + 1)
        expectSame(payload.slice(0, start) + put + payload.slice(start + (put === '' ? 0 : cut)))
      }),
      { numRuns: 10_000 },
    )
  })
})
