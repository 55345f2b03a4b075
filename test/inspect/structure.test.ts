import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Packet } from '../../src/feeds/feed.ts'
import { jsonSocket } from '../../src/feeds/json-socket/index.ts'
import { SETTINGS } from '../../src/feeds/json-socket/settings.ts'
import { framingOf, jsonIn } from '../../src/inspect/json-texts.ts'
import { Structure } from '../../src/inspect/structure.ts'
import type { StructureReport } from '../../src/inspect/structure-report.ts'
import { randomInteger, seededRandom } from '../../src/model/random.ts'

const START = 1_767_623_400

function structureOf(messages: readonly unknown[]): StructureReport {
  const structure = new Structure()
  for (const [index, message] of messages.entries())
    structure.look(message, index + 1, (START + index) * 1_000_000)
  return structure.report()
}

function roles({ shapes }: StructureReport): Readonly<Record<string, string>> {
  return Object.fromEntries(
    shapes.flatMap(({ fields }) =>
      fields.map(({ path, role, confidence }) => [path, `${role} ${confidence}`]),
    ),
  )
}

/** A walk of one price, with its book. */
function walk(seed: number, length = 30) {
  const random = seededRandom(seed)
  let ticks = 20_000
  return Array.from({ length }, (_, index) => {
    ticks += randomInteger(random, -3, 3)
    return {
      bid: ticks / 4,
      ask: (ticks + 1) / 4 + 0.25,
      time: START * 1000 + index * 250,
      size: randomInteger(random, 1, 50),
    }
  })
}

describe('JSON in a message', () => {
  it('is found whatever stands around it, and what breaks off is not', () => {
    expect(jsonIn('no JSON')).toEqual([])
    expect(jsonIn('{"a":')).toEqual([])
    expect(jsonIn('a[{"e":"md"}]')).toEqual([[{ e: 'md' }]])
    expect(jsonIn('~m~7~m~{"a":1}~m~9~m~{"b":"}"}')).toEqual([{ a: 1 }, { b: '}' }])
    expect([framingOf('a[1]'), framingOf('~m~17~m~{'), framingOf('{}'), framingOf('x')]).toEqual([
      'a',
      '~m~N~m~',
      '',
      '',
    ])
  })

  it('never fails and never takes for ever', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'[]{}",:1a~\\') }), text => jsonIn(text).length < 60),
    )
    expect(jsonIn('['.repeat(100_000))).toEqual([])
  })
})

describe('the structure of messages', () => {
  it('is nothing where there is no market in them', () => {
    const { mapping, remarks, shapes } = structureOf([
      { type: 'PING' },
      { type: 'LOGIN', user: 'somebody else' },
      [],
      {},
      5,
    ])
    expect(shapes).toEqual([])
    expect(mapping).toBeUndefined()
    expect(remarks).toEqual(['nothing looks like the quotes of an instrument'])
  })

  it('has no price where the values cannot be one, whatever the key says', () => {
    const report = structureOf(
      Array.from({ length: 5 }, () => ({ symbol: 'ES1!', bid: 'high', ask: true, lastTime: 'noon' })),
    )
    expect(roles(report)).toEqual({ symbol: 'symbol high' })
  })

  it('doubts a bid above the ask, and says why', () => {
    const report = structureOf(walk(1).map(({ bid, ask }) => ({ symbol: 'ES1!', bid: ask, ask: bid })))
    expect(roles(report)).toMatchObject({ bid: 'bid low', ask: 'ask low' })
    const [guess] = report.shapes.flatMap(({ fields }) => fields).filter(({ role }) => role === 'bid')
    expect(guess?.evidence.join()).toContain('bid ≤ ask in 0 of 30 rows: that speaks against it')
  })

  it('is found wrapped, raw, in rows, in rows keyed by symbol, in arrays and in numbers that are strings', () => {
    const quotes = walk(2)
    const wrapped = structureOf(
      quotes.map(({ bid, ask, time }) => ({
        type: 'DATA',
        data: { ticker: 'ES1!', prices: { bid, ask }, time },
      })),
    )
    expect(roles(wrapped)).toEqual({
      'data.ticker': 'symbol high',
      'data.prices.bid': 'bid high',
      'data.prices.ask': 'ask high',
      'data.time': 'time high',
    })
    const raw = structureOf(
      quotes.map(({ bid, ask, size }) => ({ s: 'BTCUSDT', b: String(bid), a: String(ask), B: String(size) })),
    )
    expect(roles(raw)).toMatchObject({ s: 'symbol medium', b: 'bid high', a: 'ask high' })
    const rows = structureOf(
      quotes.map(({ bid }) => ({
        rows: [
          { symbol: 'X1', last: bid },
          { symbol: 'Y1', last: bid * 2 },
        ],
      })),
    )
    expect(rows.mapping).toEqual({
      messages: [{ each: 'rows', name: 'rows.*.symbol', fields: { last: 'rows.*.last' } }],
    })
    const keyed = structureOf(
      quotes.map(({ bid, ask }) => ({ 'BTC-USD': { bid, ask }, 'ETH-USD': { bid, ask } })),
    )
    expect(keyed.mapping).toEqual({
      messages: [{ each: '$', name: '$.*~', fields: { bid: '$.*.bid', ask: '$.*.ask' } }],
    })
  })

  it('maps a message that comes with and without a key once, so that nothing is read twice', () => {
    const report = structureOf(
      walk(5).map(({ bid, ask }, index) => ({
        symbol: 'ES1!',
        bid,
        ask,
        ...(index % 2 === 0 ? { last: bid } : {}),
      })),
    )
    expect(report.shapes).toHaveLength(2)
    expect(report.mapping).toEqual({
      messages: [{ name: 'symbol', fields: { bid: 'bid', ask: 'ask', last: 'last' } }],
    })
  })

  it('tells positions, sides, entry prices and profit, and quotes no fill’s price', () => {
    const report = structureOf(
      walk(3).map(({ bid, size }) => ({
        instrument: 'ES1!',
        netPos: size,
        avgPrice: bid,
        side: 'Buy',
        openPnl: -1.5,
        price: bid,
      })),
    )
    expect(roles(report)).toMatchObject({
      netPos: 'position high',
      avgPrice: 'entry price high',
      side: 'side high',
      openPnl: 'profit high',
      price: 'price medium',
    })
    expect(report.mapping).toBeUndefined()
  })

  it.each([
    ['s', 1],
    ['ms', 1e3],
    ['us', 1e6],
  ] as const)('tells the unit of a time: %s', (unit, factor) => {
    const report = structureOf(walk(4).map((_, index) => ({ time: (START + index) * factor })))
    expect(report.shapes[0]?.fields).toMatchObject([{ role: 'time', unit }])
    expect(report.shapes[0]?.fields[0]?.evidence.join()).toContain('within a day of when it came')
  })

  it('of keys that say nothing is of low confidence and said so, and the market in it is found all the same', () => {
    const key = fc.stringMatching(/^[fgjkwxyz]{4,8}$/)
    fc.assert(
      fc.property(fc.uniqueArray(key, { minLength: 5, maxLength: 5 }), fc.integer(), (keys, seed) => {
        const [name = '', one = '', other = '', when = '', body = ''] = keys
        const report = structureOf(
          walk(seed).map(({ bid, ask, time }) => ({
            [name]: 'ES1!',
            [body]: { [one]: bid, [other]: ask, [when]: time },
          })),
        )
        expect(roles(report)).toEqual({
          [name]: 'symbol low',
          [`${body}.${one}`]: 'bid low',
          [`${body}.${other}`]: 'ask low',
          [`${body}.${when}`]: 'time low',
        })
        for (const { evidence } of report.shapes.flatMap(({ fields }) => fields)) {
          expect(evidence[0]).toBe('by its values alone: its key says nothing')
        }
        expect(report.remarks.join()).toContain('LOW confidence')
        expect(report.mapping).toEqual({
          messages: [{ name, fields: { bid: `${body}.${one}`, ask: `${body}.${other}` } }],
        })
      }),
      { numRuns: 60 },
    )
  })

  it('gives a mapping that json-socket takes as it stands, and reads the planted quotes with', () => {
    const word = fc.constantFrom('bid', 'bestBid', 'bid_price', 'bidPx')
    fc.assert(
      fc.property(
        word,
        fc.constantFrom('q', 'a.b', '*', '$x', 'quote~'),
        fc.boolean(),
        fc.integer(),
        (bidKey, outer, isRows, seed) => {
          const askKey = bidKey.replace('bid', 'ask').replace('Bid', 'Ask')
          const messages = walk(seed, 8).map(({ bid, ask }) => {
            const quote = { symbol: 'ES1!', [bidKey]: bid, [askKey]: ask }
            return { type: 'book', [outer]: isRows ? [quote, { ...quote, symbol: 'NQ1!' }] : quote }
          })
          const { mapping } = structureOf(messages)
          expect(SETTINGS.safeParse(mapping).success).toBe(true)
          const decoder = jsonSocket.createDecoder({ settings: mapping })
          const bids: unknown[] = []
          const packets: Packet[] = []
          for (const message of messages) {
            const text = JSON.stringify(message)
            decoder.decode(
              { kind: 'frame', seq: 1, at: 0, conn: 1, dir: 'in', op: 'text', text },
              {
                observe: observation =>
                  bids.push(observation.kind === 'quote' ? observation.fields.bid : undefined),
                packet: packet => packets.push(packet),
              },
            )
          }
          expect(packets.every(({ disposition }) => disposition === 'read')).toBe(true)
          expect(bids).toHaveLength(messages.length * (isRows ? 2 : 1))
          expect(bids.every(bid => bid !== undefined)).toBe(true)
        },
      ),
      { numRuns: 60 },
    )
  })

  it('survives any JSON, within bounds', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), messages => {
        expect(structureOf(messages).looked).toBeLessThanOrEqual(2_000)
      }),
      { numRuns: 200 },
    )
    const deep = JSON.parse(`${'{"a":'.repeat(3_000)}1${'}'.repeat(3_000)}`)
    const wide = Object.fromEntries(Array.from({ length: 50_000 }, (_, index) => [`key${index}`, index]))
    expect(structureOf([deep, wide, Array.from({ length: 50_000 }, () => wide)]).looked).toBe(3)
  })
})
