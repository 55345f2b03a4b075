import { describe, expect, test } from 'vitest'
import { FEEDS } from '../../src/feeds/index.ts'
import { QUOTE_FIELD_NAMES, type QuoteField } from '../../src/model/quote.ts'
import { type Rendered, renderWire, WIRES } from '../../src/synth/index.ts'
import { sessionOf, type Told, truthOf } from './session.ts'

const SEEDS = [31, 32, 33, 34]
const sessions = SEEDS.map(seed => sessionOf({ seed, minutes: 2 }))

function toldBy(feed: string): readonly Told[] {
  return sessions.flatMap(({ told }) => told.filter(({ side }) => side.name === feed))
}

function textsOf({ drafts }: Rendered): readonly string[] {
  return drafts.flatMap(draft => ('text' in draft ? [draft.text] : []))
}

describe('the wires of a session', () => {
  test('are those of the registry, each once: a feed without a renderer is found here', () => {
    expect(WIRES.map(({ feed }) => feed.name)).toEqual(FEEDS.map(({ name }) => name))
  })

  test.each(FEEDS.map(({ name }) => name))(
    '%s: nothing on its tapes is unknown, malformed or an error',
    feed => {
      for (const { reading } of toldBy(feed)) {
        const { error, malformed, unknown } = reading.tally.dispositions()
        expect({ error, malformed, unknown, stray: reading.tally.stray }).toEqual({
          error: 0,
          malformed: 0,
          unknown: 0,
          stray: 0,
        })
        expect(reading.tally.unreadable).toBe(0)
        expect(reading.tally.addsUp()).toBe(true)
      }
    },
  )

  test.each(FEEDS.map(({ name }) => name))(
    '%s: its tapes say that they are synthetic, and hold no credential',
    feed => {
      for (const { rendered } of toldBy(feed)) {
        const { drafts, header } = rendered
        expect(header.synthetic).toBe(true)
        expect(drafts[0]).toMatchObject({ kind: 'mark', note: expect.stringMatching(/^synthetic: /) })
        expect(JSON.stringify(drafts)).not.toContain('made-up-')
      }
    },
  )

  test('the same seed has the same entries, and the lag of a wire does not hang on the others', () => {
    const truth = truthOf(5, 1)
    for (const wire of WIRES) expect(renderWire(wire, truth)).toEqual(renderWire(wire, truthOf(5, 1)))
  })

  test('what a wire says that it cannot say stands in no quote of it', () => {
    for (const { told } of sessions) {
      for (const { reading, rendered } of told) {
        for (const { fields, market } of rendered.declares.carried) {
          const quotes = reading.moments.get(market) ?? []
          const said = (name: QuoteField): boolean => quotes.some(quote => quote[name] != null)
          const beyond = QUOTE_FIELD_NAMES.filter(name => said(name) && !fields.includes(name))
          // What a wire says of itself is no market’s value.
          expect(beyond.filter(name => name !== 'mode' && name !== 'delay')).toEqual([])
        }
      }
    }
  })
})

describe('habits', () => {
  test('tradingview-socket: only what changed, a trade at the same price as its time alone, beats that are echoed', () => {
    const texts = toldBy('tradingview-socket').flatMap(({ rendered }) => textsOf(rendered))
    expect(texts.some(text => /"v":\{"lp_time":\d+,"volume"/.test(text))).toBe(true)
    expect(texts.filter(text => /^~m~\d+~m~~h~\d+$/.test(text)).length).toBeGreaterThan(10)
    expect(texts.some(text => text.includes('"update_mode":"streaming"'))).toBe(true)
  })

  test('tradingview-socket: a guest’s futures are ten minutes late, and declared so', () => {
    const guests = Array.from({ length: 30 }, (_, seed) => renderWire(tradingviewSocket(), truthOf(seed, 1)))
    const late = guests.filter(({ declares }) => declares.carried.some(({ delay }) => delay === 600))
    expect(late.length).toBeGreaterThan(0)
    expect(late.length).toBeLessThan(guests.length)
    for (const { declares, drafts, end } of late) {
      expect(declares.carried.filter(({ delay }) => delay === 0).length).toBeGreaterThan(0)
      expect(JSON.stringify(drafts)).toContain('delayed_streaming_600')
      expect(end).toBeGreaterThan(600_000_000)
    }
  })

  test('some connections break, and the next one begins with how things stand', () => {
    const broken = sessions.flatMap(({ told }) => told.filter(({ rendered }) => rendered.breaks.length > 0))
    expect(broken.length).toBeGreaterThan(0)
    for (const { rendered } of broken) {
      const opened = rendered.drafts.filter(({ kind }) => kind === 'open').length
      if (rendered.wire.feed.transport === 'websocket') expect(opened).toBe(rendered.breaks.length + 1)
    }
  })

  test('tradingview-scanner: polls at its pace, and futures are asked without bid and ask', () => {
    for (const { rendered } of toldBy('tradingview-scanner')) {
      const asked = rendered.drafts.flatMap(draft => (draft.kind === 'request' ? [draft] : []))
      const [first, second] = asked.filter(({ url }) => url.includes('/futures/'))
      expect((second?.at ?? 0) - (first?.at ?? 0)).toBe(rendered.declares.poll)
      for (const request of asked.filter(({ url }) => url.includes('/futures/'))) {
        expect('text' in request ? request.text : '').not.toMatch(/"bid"|"ask"/)
      }
    }
  })

  test('tradingview-broker-rest: chunks end within lines, and trades come as trades', () => {
    for (const { reading, rendered } of toldBy('tradingview-broker-rest')) {
      const chunks = rendered.drafts.flatMap(draft =>
        draft.kind === 'frame' && 'text' in draft ? [draft.text] : [],
      )
      expect(chunks.some(text => !text.endsWith('\n'))).toBe(true)
      expect(reading.observed.get('trade')).toBeGreaterThan(50)
    }
  })

  test('trade-manager: what opens, adds and closes is read as it was, a close by the form that the config teaches', () => {
    const decodings = new Set<string | undefined>()
    const seen = new Set<string>()
    for (const { told, truth } of sessions) {
      const { reading, rendered } = told.find(({ side }) => side.name === 'trade-manager') ?? {}
      const own = new Set(rendered?.declares.carried.map(({ market }) => market))
      const actions = truth.orders.filter(({ market }) => own.has(market)).map(({ action }) => action)
      expect(reading?.signals.map(({ action }) => action)).toEqual(actions)
      for (const action of actions) seen.add(action)
      for (const { repaired } of reading?.signals ?? []) decodings.add(repaired)
    }
    expect(seen).toEqual(new Set(['open', 'add', 'close']))
    expect(decodings.size).toBeGreaterThan(2)
  })

  test('tradovate-market-data: the last trade is repeated with the book, and is no trade', () => {
    for (const { reading, rendered } of toldBy('tradovate-market-data')) {
      const quotes = textsOf(rendered).filter(text => text.includes('"e":"md"'))
      expect(quotes.some(text => text.includes('"Trade"') && !text.includes('TotalTradeVolume'))).toBe(true)
      expect(reading.observed.get('trade')).toBeUndefined()
    }
  })

  test('tradovate-user-data: every fill of a future with its fee and its account, and the roll of its product', () => {
    for (const { told, truth } of sessions) {
      const { reading } = told.find(({ side }) => side.name === 'tradovate-user-data') ?? {}
      const futures = new Set(
        truth.markets.filter(({ contract }) => contract !== undefined).map(({ key }) => key),
      )
      const fills = truth.orders.filter(({ market }) => futures.has(market)).flatMap(order => order.fills)
      expect(new Set(reading?.fills.map(({ id }) => id))).toEqual(new Set(fills.map(({ id }) => id)))
      expect(reading?.fills.every(({ account }) => account === '1000002')).toBe(true)
      expect(reading?.rolls).toEqual(['CME_MINI:NQ1!: CME_MINI:NQZ2026 to CME_MINI:NQH2027'])
    }
  })

  test.each([105, 161])(
    'seed %i: an order that comes while a client signs in is in the answer to it',
    seed => {
      const wires = WIRES.filter(({ feed }) => feed.name === 'tradovate-user-data')
      const { told, truth } = sessionOf({ seed, minutes: 2, wires })
      expect(told[0]?.reading.tally.dispositions().error).toBe(0)
      const futures = new Set(told[0]?.rendered.declares.carried.map(({ market }) => market))
      const fills = truth.orders.filter(({ market }) => futures.has(market)).flatMap(order => order.fills)
      expect(new Set(told[0]?.reading.fills.map(({ id }) => id))).toEqual(new Set(fills.map(({ id }) => id)))
    },
  )

  test('times are written to the second, the millisecond and the microsecond', () => {
    const precisions = sessions.flatMap(({ told }) =>
      told.flatMap(({ side }) => Object.values(side.declares.precision)),
    )
    expect(new Set(precisions)).toEqual(new Set([1_000_000, 1_000]))
    const exact = toldBy('json-socket').filter(
      ({ side }) => Object.keys(side.declares.precision).length === 0,
    )
    expect(exact.length).toBeGreaterThan(0)
  })
})

function tradingviewSocket() {
  const wire = WIRES.find(({ feed }) => feed.name === 'tradingview-socket')
  if (wire === undefined) throw new Error('no such wire')
  return wire
}
