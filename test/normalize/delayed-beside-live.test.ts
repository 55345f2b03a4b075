import { expect, it } from 'vitest'
import { decimalText } from '../../src/model/decimal.ts'
import { MarketBook, Normalizer, type PriceGroup, type PricePoint } from '../../src/normalize/index.ts'
import { createTruth, renderWire, wireNamed } from '../../src/synth/index.ts'
import type { Entry } from '../../src/tape/index.ts'

const START = Date.UTC(2026, 11, 14, 15) * 1_000
const LENGTH = 15 * 60_000_000
const GROUPS: readonly PriceGroup[] = ['last', 'bid', 'ask']

function textOf(point: PricePoint | undefined): string {
  return point?.price === undefined || point.price === null ? 'none' : decimalText(point.price)
}

function rendered(name: string, seed: number) {
  const wire = wireNamed(name)
  if (wire === undefined) throw new Error(`no wire ${name}`)
  return renderWire(wire, createTruth({ seed, start: START, length: LENGTH, instruments: 8 }))
}

// On seed 7 the venue's futures are ten minutes late, and its socket comes again more than a hundred times.
it.each(['trade-manager', 'tradovate-market-data'])(
  'seed 7: what is merged of %s and a delayed wire is at every moment what the live one says',
  live => {
    const tapes = [rendered(live, 7), rendered('tradingview-socket', 7)]
    const [merged, alone] = [
      new MarketBook(tapes.map(({ header }) => header)),
      new MarketBook(tapes.slice(0, 1).map(({ header }) => header)),
    ]
    const names = new Set<string>()
    const delays = new Map<string, number>()
    const found = { compared: 0, declared: 0, wrong: [] as string[] }
    const compare = (micros: number): void => {
      for (const name of names) {
        if ((delays.get(merged.identities.canonical(name)) ?? 0) === 0) continue
        for (const group of GROUPS) {
          const own = alone.quotes.quote(name)?.group(group)
          if (own === undefined) continue
          const its = merged.quotes.quote(name)?.group(group)
          found.compared += 1
          if (textOf(own) !== textOf(its) && found.wrong.length < 5)
            found.wrong.push(`${name} ${group} at ${micros}: ${textOf(own)} is ${textOf(its)}`)
        }
      }
    }
    const normalizers = tapes.map(
      (_, tape) =>
        new Normalizer({
          observation(observation, message, packet) {
            const receipt = { at: START + message.at, seq: message.seq, packet }
            if (observation.kind === 'instrument') {
              merged.learn(observation, message, tape)
              if (tape === 0) alone.learn(observation, message)
            }
            if (observation.kind !== 'quote') return
            const { name } = merged.quotes.apply(observation, receipt, message.conn, tape)
            if (tape === 0) {
              alone.quotes.apply(observation, receipt, message.conn)
              names.add(observation.name)
            } else if (typeof observation.fields.delay === 'number') {
              found.declared += 1
              delays.set(name, observation.fields.delay)
            }
            compare(message.at)
          },
        }),
    )
    const entries = tapes
      .flatMap(({ drafts }, tape) =>
        drafts.map((draft, index) => ({ tape, entry: { ...draft, seq: index + 1 } as Entry })),
      )
      // Behind that the live one is silent, and ten minutes later the delayed one is newer.
      .filter(({ entry }) => entry.at <= LENGTH)
      .sort((one, other) => one.entry.at - other.entry.at)
    for (const { tape, entry } of entries) {
      merged.apply(entry, tape)
      if (tape === 0) alone.apply(entry)
      normalizers[tape]?.apply(entry)
    }
    expect(found.wrong).toEqual([])
    expect(found.compared).toBeGreaterThan(50_000)
    expect(found.declared).toBeGreaterThan(100)
  },
  10_000,
)
