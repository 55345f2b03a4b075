import { describe, expect, it } from 'vitest'
import { isEnum } from '../../../src/inspect/schema/index.ts'
import { SESSION_HEADER } from '../drift/sessions.ts'
import { entriesOf, fieldOf, kindOf, packet, qsd, SECOND, schemaOf } from './build.ts'

describe('what is no field', () => {
  it('a packet that is no JSON has a size and a pace, and no fields', () => {
    const facts = schemaOf(
      entriesOf([packet('~h~1', 0), packet('~h~2', 10 * SECOND), packet('~h~3', 20 * SECOND)]),
    )
    expect(kindOf(facts, 'heartbeat')).toMatchObject({
      packets: 3,
      plain: 3,
      sizes: { median: 4 },
      gaps: { count: 2, median: 10 * SECOND },
    })
    expect(kindOf(facts, 'heartbeat').fields.size).toBe(0)
  })

  it('what could not be read is counted by its reason', () => {
    const facts = schemaOf(entriesOf([{ text: '~m~99~m~{}' }, { text: 'nothing' }]))
    const { dispositions, reasons } = kindOf(facts, '(message)')
    expect(dispositions).toEqual({ malformed: 2 })
    expect(reasons.reduce((sum, { count }) => sum + count, 0)).toBe(2)
  })

  it.each([
    ['a series’ name', { sds_1: { t: 's1' } }],
    ['a symbol', { 'CME:NQ1!': { t: 's1' } }],
    ['a contract’s id', { '3267315': { t: 's1' } }],
    ['a symbol over a plain number', { 'CME:NQ1!': 25.25, 'CME:ES1!': 60.5 }],
  ])('%s as a key is data: its members stand under *', (_what, map) => {
    const facts = schemaOf(entriesOf([packet({ m: 'du', p: ['cs_1', map] })]))
    expect(fieldOf(facts, 'du', 'p.1').isMap).toBe(true)
    expect([...kindOf(facts, 'du').fields.keys()].some(path => path.startsWith('p.1.*'))).toBe(true)
    expect([...kindOf(facts, 'du').fields.keys()].some(path => /sds|NQ1|3267315/.test(path))).toBe(false)
  })

  it('words as keys are fields, also in capitals over plain values', () => {
    const facts = schemaOf(entriesOf([packet({ m: 'du', p: ['cs_1', { BID: 1, ASK: 2 }] })]))
    expect(fieldOf(facts, 'du', 'p.1').isMap).toBe(false)
    expect(fieldOf(facts, 'du', 'p.1.BID').seen).toBe(1)
  })

  it('ten thousand keys of one place are data, and the memory stays what it is', () => {
    const said = Array.from({ length: 100 }, (_, n) =>
      packet({
        m: 'du',
        p: ['cs_1', Object.fromEntries(Array.from({ length: 100 }, (_, k) => [`key${n}x${k}y`, k]))],
      }),
    )
    const fields = kindOf(schemaOf(entriesOf(said)), 'du').fields
    expect(fields.size).toBeLessThan(1_100)
    expect(fields.get('p.1')?.isMap).toBe(true)
  })
})

describe('a field', () => {
  const said = Array.from({ length: 100 }, (_, n) =>
    qsd({
      lp: 100 + n / 4,
      ...(n % 4 === 0 ? { volume: n } : {}),
      update_mode: n % 2 === 0 ? 'streaming' : `delayed_streaming_${n % 4 === 1 ? 600 : 900}`,
      lp_time: 1_766_031_047 + n,
      unread: { at: 1_766_031_047_438 + n, iso: '2026-01-05T14:30:00.5Z', token: 'MwBrcNXADm7p' },
      list: n % 2 === 0 ? [{ a: 1 }] : [{ a: 1 }, { a: 2 }],
    }),
  )
  const facts = schemaOf(entriesOf(said))

  it('has its rate over its parent, and its types', () => {
    expect(fieldOf(facts, 'qsd', 'p.1.v.volume')).toMatchObject({ seen: 25, of: 100, types: { number: 25 } })
    expect(fieldOf(facts, 'qsd', 'p.1.v.lp')).toMatchObject({ seen: 100, of: 100 })
  })

  it('has the range and the digits of its numbers, and times are times in their unit', () => {
    expect(fieldOf(facts, 'qsd', 'p.1.v.lp').numbers).toMatchObject({
      min: 100,
      max: 124.75,
      decimals: 2,
      long: 0,
    })
    expect(fieldOf(facts, 'qsd', 'p.1.v.lp_time').numbers?.time).toBe('s')
    expect(fieldOf(facts, 'qsd', 'p.1.v.unread.at').numbers?.time).toBe('ms')
    expect(fieldOf(facts, 'qsd', 'p.1.v.unread.iso').texts?.looks).toEqual(['time'])
    expect(fieldOf(facts, 'qsd', 'p.1.v.unread.token').texts?.looks).toEqual(['id'])
  })

  it('of few words is an enum, numbers in them being one', () => {
    const mode = fieldOf(facts, 'qsd', 'p.1.v.update_mode')
    expect(isEnum(mode)).toBe(true)
    expect(mode.texts?.words?.map(({ value, count }) => [value, count])).toEqual([
      ['streaming', 50],
      ['delayed_streaming_#', 50],
    ])
  })

  it('that names instruments is no enum', () => {
    expect(fieldOf(facts, 'qsd', 'p.1.n').isName).toBe(true)
    expect(isEnum(fieldOf(facts, 'qsd', 'p.1.n'))).toBe(false)
  })

  it('of a list has the list’s lengths, and its members count one by one', () => {
    expect(fieldOf(facts, 'qsd', 'p.1.v.list').lengths).toEqual({ min: 1, max: 2 })
    expect(fieldOf(facts, 'qsd', 'p.1.v.list.*.a')).toMatchObject({ seen: 150, of: 150 })
  })

  it('says what the decoder makes of it, found by leaving it out', () => {
    const meaning = (path: string) => fieldOf(facts, 'qsd', path).meaning
    expect(meaning('p.1.v.lp')).toEqual(['last'])
    expect(meaning('p.1.v.lp_time')).toEqual(['lastTime'])
    expect(meaning('p.1.v.update_mode')).toEqual(expect.arrayContaining(['mode']))
    expect(meaning('m')).toEqual(['everything'])
    expect(meaning('p.1.v.unread.at')).toBeUndefined()
    expect(meaning('p.1.v')).toEqual(expect.arrayContaining(['last', 'lastTime', 'mode', 'volume']))
  })

  it('keeps the digits that the wire wrote: 71.969999999999998863 is long although its double is 71.97', () => {
    const text = '{"m":"qsd","p":["qs_1",{"n":"NSE:X","s":"ok","v":{"lp":71.969999999999998863}}]}'
    const { numbers } = fieldOf(schemaOf(entriesOf([packet(text)])), 'qsd', 'p.1.v.lp')
    expect(numbers).toMatchObject({ long: 1, decimals: 18 })
  })
})

describe('a kind', () => {
  it('has no pace where the tape has no times', () => {
    const facts = schemaOf(entriesOf([qsd({ lp: 1 }), qsd({ lp: 2 })]), { ...SESSION_HEADER, clock: 'none' })
    expect(kindOf(facts, 'qsd').gaps).toBeUndefined()
  })

  it('comes once with a message, however many of its packets that holds', () => {
    const both = { text: qsd({ lp: 1 }).text + qsd({ lp: 2 }).text }
    const facts = schemaOf(entriesOf([both, both, both]))
    expect(kindOf(facts, 'qsd')).toMatchObject({ packets: 6, gaps: { count: 2, median: SECOND } })
  })

  it('is the same read twice, to the last figure', () => {
    const entries = entriesOf(Array.from({ length: 3_000 }, (_, n) => qsd({ lp: n / 7 }, 'NSE:X', n * n)))
    expect(kindOf(schemaOf(entries), 'qsd')).toEqual(kindOf(schemaOf(entries), 'qsd'))
  })
})
