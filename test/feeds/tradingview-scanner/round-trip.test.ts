import fc from 'fast-check'
import { expect, it } from 'vitest'
import { delayOfMode } from '../../../src/feeds/tradingview/update-mode.ts'
import { QUOTE_COLUMNS } from '../../../src/feeds/tradingview-scanner/columns.ts'
import { encode } from '../../../src/feeds/tradingview-scanner/encode.ts'
import { type Decimal, decimalFromText } from '../../../src/model/decimal.ts'
import { type InstrumentFacts, type Observation, observationToJson } from '../../../src/model/observation.ts'
import type { QuoteField, QuoteFields } from '../../../src/model/quote.ts'
import { hear } from './driver.ts'

const decimal: fc.Arbitrary<Decimal> = fc
  .oneof(
    fc.tuple(fc.bigInt({ min: -(10n ** 15n) + 1n, max: 10n ** 15n - 1n }), fc.integer({ min: 0, max: 25 })),
    fc.tuple(fc.bigInt({ min: 0n, max: 10n ** 30n }), fc.constant(0)),
  )
  .map(([mantissa, scale]) => {
    const sign = mantissa < 0n ? '-' : ''
    const digits = String(mantissa < 0n ? -mantissa : mantissa).padStart(scale + 1, '0')
    const point = scale === 0 ? '' : `.${digits.slice(-scale)}`
    const read = decimalFromText(`${sign}${digits.slice(0, digits.length - scale)}${point}`)
    if (read === undefined) throw new Error('the test’s own decimal')
    return read
  })
const text = fc.oneof(
  fc.string(),
  fc.constantFrom('streaming', 'delayed_streaming_600', '\ud800', '__proto__'),
)

/** Every row has the same fields: the wire cannot say otherwise. */
const quotes: fc.Arbitrary<readonly QuoteFields[]> = fc
  .subarray([...QUOTE_COLUMNS], { minLength: 1 })
  .chain(columns => {
    const row = fc.tuple(
      ...columns.map(({ type }) => fc.option<Decimal | string>(type === 'decimal' ? decimal : text)),
    )
    return fc.array(row, { minLength: 1, maxLength: 4 }).map(rows =>
      rows.map(values => {
        const fields: Partial<Record<QuoteField, unknown>> = {}
        for (const [index, { field }] of columns.entries()) fields[field] = values[index]
        const { mode } = fields
        if (typeof mode === 'string') fields.delay = delayOfMode(mode) ?? null
        else if (mode === null) fields.delay = null
        return fields as QuoteFields
      }),
    )
  })

const facts: fc.Arbitrary<Omit<InstrumentFacts, 'kind' | 'session' | 'name'>> = fc.record(
  {
    exchange: text,
    type: text,
    currency: text,
    description: text,
    pointValue: decimal,
    priceScale: decimal,
    minMove: decimal,
    fractional: fc.boolean(),
  },
  { requiredKeys: ['type'] },
)

it('says nothing where something cannot be said', () => {
  const name = 'X:Y'
  const cannot: readonly (readonly Observation[])[] = [
    [],
    [{ kind: 'quote', session: '', name, fields: {} }],
    [{ kind: 'quote', session: 'qs', name, fields: { bid: null } }],
    [{ kind: 'quote', session: '', name: '', fields: { bid: null } }],
    [{ kind: 'quote', session: '', name, fields: { bid: null, lastTime: 1 } }],
    [{ kind: 'quote', session: '', name, fields: { mode: 'streaming', delay: 600 } }],
    [{ kind: 'instrument', session: '', name, root: 'NQ' }],
    [
      { kind: 'quote', session: '', name, fields: { bid: null } },
      { kind: 'quote', session: '', name: 'X:Z', fields: { ask: null } },
    ],
    [{ kind: 'depth', session: '', name, bids: [], asks: [] }],
  ]
  for (const observations of cannot) expect(encode.message(observations)).toBeUndefined()
})

it('reads what it wrote as the same again', () => {
  fc.assert(
    fc.property(
      quotes,
      fc.array(fc.option(facts), { maxLength: 4 }),
      fc.string({ minLength: 1 }),
      (all, known, stem) => {
        const observations = all.flatMap((fields, index): Observation[] => {
          const [session, name] = ['', `${stem}${index}`]
          const own = known[index]
          const quote: Observation = { kind: 'quote', session, name, fields }
          return own == null ? [quote] : [{ kind: 'instrument', session, name, ...own }, quote]
        })
        const said = encode.message(observations)
        expect(said).toBeDefined()
        const { packets, shown } = hear(said === undefined ? [] : [said])
        expect(packets.map(packet => packet.disposition)).toEqual(['read'])
        expect(shown).toEqual(observations.map(observationToJson))
      },
    ),
    { numRuns: 500 },
  )
})
