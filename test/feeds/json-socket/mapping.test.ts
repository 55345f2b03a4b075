import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { Packet } from '../../../src/feeds/feed.ts'
import { EXAMPLE } from '../../../src/feeds/json-socket/example.ts'
import { createEncode, jsonSocket } from '../../../src/feeds/json-socket/index.ts'
import { SETTINGS } from '../../../src/feeds/json-socket/settings.ts'
import { decimalFromBigInt } from '../../../src/model/decimal.ts'
import { type Observation, observationToJson } from '../../../src/model/observation.ts'
import { decodeMessage, frameOf } from '../wire-driver.ts'

interface Read {
  readonly observations: readonly unknown[]
  readonly packet: Packet | undefined
}

function read(message: unknown, messages?: readonly object[], keepWire = false): Read {
  const text = typeof message === 'string' ? message : JSON.stringify(message)
  const settings = messages === undefined ? {} : { settings: { messages } }
  const decoder = jsonSocket.createDecoder({ ...settings, keepWire })
  const { packets, observations } = decodeMessage(jsonSocket, frameOf(text), decoder)
  return { observations: [...observations.values()].flat().map(observationToJson), packet: packets[0] }
}

function refusal(settings: unknown): string {
  const { error } = SETTINGS.safeParse(settings)
  const [issue] = error?.issues ?? []
  return `${issue?.path.join('.')}: ${issue?.message}`
}

describe('a mapping that cannot be meant', () => {
  const one = (mapping: object) => refusal({ messages: [{ name: 's', fields: { bid: 'b' }, ...mapping }] })

  it.each([
    [{ name: undefined }, 'messages.0.name: a path such as "data.prices.bid", or {"text":"NQ1!"}'],
    [{ name: 'a..b' }, 'messages.0.name: a path such as "data.prices.bid"'],
    [{ fields: { bid: 5 } }, 'messages.0.fields.bid: a path such as "data.prices.bid"'],
    [{ fields: { bid: '' } }, 'messages.0.fields.bid: a path such as "data.prices.bid"'],
    [{ fields: { bid: 'b.' } }, 'messages.0.fields.bid: a path such as "data.prices.bid"'],
    [{ fields: { lastTime: 't' } }, 'messages.0.fields.lastTime: an object with the keys path, unit'],
    [
      { fields: { lastTime: { path: 't', unit: 'h' } } },
      'messages.0.fields.lastTime.unit: one of s, ms, us, ns, iso',
    ],
    [{ fields: {} }, 'messages.0.fields: at least one field or fact'],
    [{ fields: { bid: 'rows.*.b' } }, 'messages.0.fields.bid: a path without *, or `each` beside it'],
    [{ each: 'rows', fields: { bid: 'rows.*.x.*.b' } }, 'messages.0.fields.bid: a path with at most 1 *'],
    [{ where: { 'a.*': 1 } }, 'messages.0.where.a.*: a path without *, or `each` beside it'],
    [{ where: { type: {} } }, 'messages.0.where.type: a string, number, true, false or null'],
  ])('%j is refused by its key', (mapping, said) => {
    expect(one(mapping)).toBe(said)
  })

  it('has only keys that are known', () => {
    expect(one({ nmae: 's' })).toContain('only the keys')
    expect(one({ fields: { bidd: 'b' } })).toContain('messages.0.fields: only the keys last, lastSize')
    expect(() => jsonSocket.createDecoder({ settings: { messages: 5 } })).toThrow('a list of mappings')
  })

  it('is described by a JSON schema for editors', () => {
    expect(JSON.stringify(z.toJSONSchema(SETTINGS))).toContain('"lastTime"')
  })
})

const BOOK = {
  where: { type: 'Q' },
  name: 'd.s',
  fields: { bid: 'd.b', ask: 'd.a', lastTime: { path: 'd.t', unit: 'ms' } },
}

describe('reading by a mapping', () => {
  it('quotes nothing without one, and says so', () => {
    const { observations, packet } = read({ type: 'Q', d: { s: 'X', b: 1, a: 2 } })
    expect(observations).toEqual([])
    expect(packet).toMatchObject({
      kind: 'Q',
      disposition: 'ignored',
      reason: expect.stringContaining('no mapping'),
    })
  })

  it('names by a contract’s number to its last digit, beyond 2^53 too', () => {
    for (const where of [{}, { where: { type: 'Q' } }]) {
      const mapping = { name: 'd.s', fields: { bid: 'd.b' }, ...where }
      expect(read('{"type":"Q","d":{"s":9007199254740993,"b":1}}', [mapping])).toMatchObject({
        packet: { disposition: 'read' },
        observations: [{ name: 'json-socket:9007199254740993', fields: { bid: '1' } }],
      })
    }
    const broken = read('{"type":"Q","d":{"s":1.5,"b":1}}', [BOOK])
    expect(broken).toMatchObject({ observations: [], packet: { reason: 'no name at d.s' } })
  })

  it('leaves what another mapping is for, and what the client sends', () => {
    expect(read({ type: 'R', d: { s: 'X', b: 1 } }, [BOOK])).toMatchObject({
      observations: [],
      packet: { disposition: 'ignored' },
    })
    const { packets } = decodeMessage(jsonSocket, frameOf('{"type":"Q"}', 'out'))
    expect(packets).toMatchObject([{ kind: 'Q', disposition: 'request' }])
  })

  it.each([
    [{ type: 'Q', d: { b: 1 } }, 'no name at d.s', 0],
    [{ type: 'Q', d: { s: '', b: 1 } }, 'no name at d.s', 0],
    [{ type: 'Q', d: null }, 'no name at d.s', 0],
    [{ type: 'Q', d: { s: 'X', b: 'high', a: 2 } }, 'd.b is no number', 1],
    [{ type: 'Q', d: { s: 'X', b: {}, a: [] } }, 'd.b is no number; d.a is no number', 0],
    [{ type: 'Q', d: { s: 'X', b: 1, t: 'noon' } }, 'd.t is no time', 1],
    [{ type: 'Q', d: { s: 'X', b: 1, t: -5 } }, 'd.t is no time', 1],
  ])('%j is malformed: %s', (message, reason, count) => {
    const { observations, packet } = read(message, [BOOK])
    expect(packet).toMatchObject({ kind: 'Q', disposition: 'malformed', reason })
    expect(observations).toHaveLength(count)
  })

  it('keeps absent, null and zero apart, in numbers and in strings', () => {
    const fieldsOf = (d: object) => read({ type: 'Q', d: { s: 'X', ...d } }, [BOOK]).observations
    expect(fieldsOf({ b: 0, a: null })).toEqual([
      { kind: 'quote', session: '', name: 'X', fields: { bid: '0', ask: null } },
    ])
    expect(fieldsOf({ b: '6723.50', t: 0 })).toMatchObject([{ fields: { bid: '6723.5', lastTime: null } }])
    expect(fieldsOf({ t: 1_772_463_600_123 })).toMatchObject([
      { fields: { lastTime: '2026-03-02T15:00:00.123000Z' } },
    ])
    expect(fieldsOf({})).toEqual([])
  })

  it.each([
    ['s', '1772463600.123', '2026-03-02T15:00:00.123000Z'],
    ['s', '"1772463600"', '2026-03-02T15:00:00.000000Z'],
    ['us', '1772463600123456', '2026-03-02T15:00:00.123456Z'],
    ['ns', '1772463600123456789', '2026-03-02T15:00:00.123456Z'],
    ['iso', '"2026-03-02T16:00:00.5+01:00"', '2026-03-02T15:00:00.500000Z'],
  ] as const)('reads a time in %s: %s', (unit, json, expected) => {
    const mapping = { name: 's', fields: { lastTime: { path: 't', unit } } }
    expect(read(`{"s":"X","t":${json}}`, [mapping]).observations).toMatchObject([
      { fields: { lastTime: expected } },
    ])
  })

  it('reads numbers as the wire wrote them: noise as 15 digits and counted, integers past 2^53 exactly', () => {
    const { observations, packet } = read(
      '{"type":"Q","d":{"s":"X","b":2647.1000000000004,"a":9007199254740993}}',
      [BOOK],
    )
    expect(observations).toMatchObject([{ fields: { bid: '2647.1', ask: '9007199254740993' } }])
    expect(packet).toMatchObject({ disposition: 'read', noise: 1 })
  })

  it('reads rows of arrays and of objects by their keys, and places in arrays', () => {
    const rows = { each: 'd.rows', name: 'd.rows.*.0', fields: { bid: 'd.rows.*.1', ask: 'd.rows.*.2.0' } }
    expect(
      read(
        {
          d: {
            rows: [
              ['X', 1, [2]],
              ['Y', 3, [4]],
            ],
          },
        },
        [rows],
      ).observations,
    ).toMatchObject([
      { name: 'X', fields: { bid: '1', ask: '2' } },
      { name: 'Y', fields: { bid: '3', ask: '4' } },
    ])
    const keyed = { each: '$', name: '*~', fields: { bid: '*.b' } }
    expect(read({ 'ES1!': { b: 1 }, 'a.b': { b: 2 } }, [keyed]).observations).toMatchObject([
      { name: 'ES1!', fields: { bid: '1' } },
      { name: 'a.b', fields: { bid: '2' } },
    ])
    const nested = { each: 'v.*.r', name: 'v.*.s', fields: { last: 'v.*.r.*' } }
    expect(
      read(
        {
          v: [
            { s: 'X', r: [1, 2] },
            { s: 'Y', r: [3] },
          ],
        },
        [nested],
      ).observations,
    ).toMatchObject([
      { name: 'X', fields: { last: '1' } },
      { name: 'X', fields: { last: '2' } },
      { name: 'Y', fields: { last: '3' } },
    ])
  })

  it('takes a key with a dot, the name of the only instrument, a contract’s number, and facts before quotes', () => {
    const odd = {
      name: { text: 'NQ1!' },
      fields: { last: 'a\\.b' },
      facts: { tickSize: 'tick', currency: 'c' },
      where: { k: 1 },
    }
    expect(read({ k: 1, 'a.b': 5, tick: '0.25', c: 'USD' }, [odd]).observations).toEqual([
      { kind: 'instrument', session: '', name: 'NQ1!', tickSize: '0.25', currency: 'USD' },
      { kind: 'quote', session: '', name: 'NQ1!', fields: { last: '5' } },
    ])
    expect(read({ id: 3267315, b: 1 }, [{ name: 'id', fields: { bid: 'b' } }]).observations).toMatchObject([
      { name: 'json-socket:3267315' },
    ])
  })

  it('reads no member of another object’s prototype, and no length of an array', () => {
    const mapping = {
      name: 's',
      fields: { bid: '__proto__.bid', ask: 'rows.length', last: 'constructor.name' },
    }
    expect(read('{"s":"X","__proto__":{"bid":1},"rows":[1,2]}', [mapping]).observations).toMatchObject([
      { fields: { bid: '1' } },
    ])
  })

  it('keeps the wire’s own fields of a message or a row', () => {
    const text = '{"type":"Q","d":{"s":"X","b":6723.00,"odd":1}}'
    const decoder = jsonSocket.createDecoder({ settings: { messages: [BOOK] }, keepWire: true })
    const [quote] = [...decodeMessage(jsonSocket, frameOf(text), decoder).observations.values()].flat()
    expect(JSON.stringify(quote !== undefined && 'wire' in quote ? quote.wire : undefined)).toBe(text)
  })

  it('survives whatever stands in a message, under any mapping', () => {
    const path = fc.constantFrom('a', 'a.b', 'a.0', '$', '__proto__.x', 'x.y.z', 'a.b.c.d')
    const mapping = fc.record({
      name: path,
      fields: fc.record({ bid: path, ask: path }),
      each: fc.constantFrom(undefined, 'a', '$', 'a.b'),
    })
    const json = fc.oneof(
      fc.json(),
      fc.json({ noUnicodeString: false }),
      fc.string(),
      fc.constant(`${'['.repeat(50_000)}`),
    )
    fc.assert(
      fc.property(json, mapping, (text, { each, ...rest }) => {
        const { packet } = read(text, [{ ...rest, ...(each === undefined ? {} : { each }) }])
        expect(packet?.payload).toBe(text.length)
      }),
      { numRuns: 500 },
    )
  })
})

describe('writing by a mapping', () => {
  const encode = createEncode(EXAMPLE)
  const price = fc
    .tuple(fc.bigInt({ min: -(10n ** 14n), max: 10n ** 14n }), fc.integer({ min: 0, max: 9 }))
    .map(([mantissa, scale]) => decimalFromBigInt(mantissa, scale))
  const value = fc.option(price, { nil: null })
  const fields = fc.record(
    {
      bid: value,
      ask: value,
      last: value,
      bidSize: value,
      volume: value,
      lastTime: fc.integer({ min: 1, max: 9_007_199_254_740 }).map(ms => ms * 1000 - ((ms * 1000) % 1000)),
    },
    { requiredKeys: ['bid'] },
  )

  it('says nothing that its mapping has no place for', () => {
    const one = (observation: object) => encode.message([observation as Observation])
    expect(one({ kind: 'quote', session: '', name: 'X', fields: { marketState: 'open' } })).toBeUndefined()
    expect(one({ kind: 'quote', session: 'qs', name: 'X', fields: { bid: null } })).toBeUndefined()
    expect(one({ kind: 'quote', session: '', name: '', fields: { bid: null } })).toBeUndefined()
    expect(encode.message([])).toBeUndefined()
    expect(
      createEncode(undefined).message([{ kind: 'quote', session: '', name: 'X', fields: { bid: null } }]),
    ).toBeUndefined()
  })

  it('refuses a mapping without an inverse instead of saying something else', () => {
    const both = createEncode({ messages: [{ name: 's', fields: { bid: 'p', ask: 'p' } }] })
    const quote = {
      kind: 'quote',
      session: '',
      name: 'X',
      fields: { bid: decimalFromBigInt(1n, 0) },
    } as const
    expect(both.message([quote])).toBeUndefined()
    const places = createEncode({ messages: [{ name: 's', fields: { bid: 'v.0', ask: 'v.1' } }] })
    expect(places.message([{ ...quote, fields: { ask: decimalFromBigInt(1n, 0) } }])).toBeUndefined()
    expect(places.message([{ ...quote, fields: { bid: null, ask: decimalFromBigInt(1n, 0) } }])).toBe(
      '{"s":"X","v":[null,1]}',
    )
  })

  /** Bare digits are called by their socket's name, and cannot be written as they stand. */
  const notDigits = fc.string({ minLength: 1 }).filter(name => !/^\d+$/.test(name))

  it('is read as the same again', () => {
    fc.assert(
      fc.property(notDigits, fields, (name, said) => {
        const quote = { kind: 'quote', session: '', name, fields: said } as const
        const text = encode.message([quote])
        expect(text).toBeDefined()
        const decoder = jsonSocket.createDecoder({ settings: EXAMPLE })
        const { observations } = decodeMessage(jsonSocket, frameOf(text ?? ''), decoder)
        expect([...observations.values()].flat().map(observationToJson)).toEqual([observationToJson(quote)])
      }),
    )
  })

  it('writes several names where its rows can hold them', () => {
    const rows = createEncode({ messages: [{ each: 'r', name: 'r.*~', fields: { last: 'r.*.p' } }] })
    const quote = (name: string) =>
      ({ kind: 'quote', session: '', name, fields: { last: decimalFromBigInt(5n, 1) } }) as const
    expect(rows.message([quote('X'), quote('Y')])).toBe('{"r":{"X":{"p":0.5},"Y":{"p":0.5}}}')
  })
})
