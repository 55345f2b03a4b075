import { expect, test } from 'vitest'
import type { DiffReport, PairReport, Spread } from '../../src/diff/index.ts'
import { randomInteger, seededRandom } from '../../src/model/random.ts'
import { QUARTER_TICK, quarter, report, type Said, tapeOf } from './tapes.ts'

/** A market of three instruments, and what another wire makes of it: late, with holes, slips and silences. */
function market(seed: number): readonly [readonly Said[], readonly Said[]] {
  const random = seededRandom(seed)
  const lag = randomInteger(random, -5_000, 650_000) / 1_000
  const names = ['CME_MINI:NQ1!', 'CME_MINI:ES1!', 'COMEX:GC1!']
  const ticks = names.map(() => 100_000)
  const [a, b]: [Said[], Said[]] = [[], []]
  for (let step = 0; step < 300; step += 1) {
    const which = randomInteger(random, 0, 2)
    const at = 10 + step * 2 + randomInteger(random, 0, 900) / 1_000
    ticks[which] = (ticks[which] ?? 0) + randomInteger(random, -4, 4)
    const own = ticks[which] ?? 0
    const name = names[which] ?? ''
    const say = (price: number) => ({
      last: quarter(price),
      bid: quarter(price - 1),
      ask: quarter(price + 1),
    })
    const luck = random.next()
    if (luck > 0.03) a.push({ at, name, fields: say(own) })
    if (luck < 0.95) b.push({ at: at + lag, name, fields: say(luck < 0.06 ? own + 5 : own) })
  }
  return [a, b]
}

const negated = (spread: Spread | undefined) =>
  spread === undefined
    ? undefined
    : [
        spread.count,
        -spread.mean,
        -spread.max,
        -spread.p99,
        -spread.p90,
        -spread.median,
        -spread.p10,
        -spread.min,
      ]
const plain = (spread: Spread | undefined) =>
  spread === undefined
    ? undefined
    : [spread.count, spread.mean, spread.min, spread.p1, spread.p10, spread.median, spread.p90, spread.max]

function figures({ pairs, verdict }: DiffReport, isMirror: boolean) {
  const side = isMirror ? negated : plain
  const [a, b] = isMirror ? (['b', 'a'] as const) : (['a', 'b'] as const)
  const rounded = (values: readonly number[] | undefined) =>
    values?.map(value => Math.round(value * 1e6) / 1e6 + 0)
  const field = (one: PairReport['fields'][number]) => ({
    field: one.field,
    agreement: one.agreement,
    coverage: one.coverage,
    distance: rounded(side(one.distance)),
    worst: one.worst === undefined ? undefined : Math.abs(one.worst.distance),
    missing: [one.matched.missing[a].count, one.matched.missing[b].count],
    strays: [one.strays[a].count, one.strays[b].count],
    changes: [one.changes[a], one.changes[b]],
    met: one.matched.met,
  })
  return {
    isWithin: verdict.isWithin,
    pairs: pairs
      .map(({ fields, instrument, lag }) => ({
        instrument,
        lag: rounded(side(lag.spread)),
        fields: fields.map(field),
      }))
      .toSorted((one, other) => (one.instrument < other.instrument ? -1 : 1)),
  }
}

test.each([1, 2, 3, 4, 5, 6, 7, 8])('diff(b, a) is diff(a, b) with its signs turned, seed %d', async seed => {
  const [saidA, saidB] = market(seed)
  const ends = 1_400
  const a = await tapeOf(saidA, { begins: 0, ends, facts: QUARTER_TICK })
  const b = await tapeOf(saidB, { begins: 0, ends, facts: QUARTER_TICK, id: 'b' })
  const own = figures(await report(a, b), false)
  const mirror = figures(await report(b, a), true)
  expect(mirror).toEqual(own)
  expect(own.pairs).toHaveLength(3)
  expect(own.isWithin).toBe(false)
})

test.each([1, 2, 3])('diff(a, a) is nothing, seed %d', async seed => {
  const [said] = market(seed)
  const a = await tapeOf(said, { ends: 1_400, facts: QUARTER_TICK })
  const { pairs, verdict } = await report(a, a)
  expect(verdict.isWithin).toBe(true)
  for (const { explanations, fields, late, lag } of pairs) {
    expect(explanations).toEqual([])
    expect([late.a.count, late.b.count, lag.spread?.min, lag.spread?.max]).toEqual([0, 0, 0, 0])
    for (const { agreement, coverage, matched } of fields) {
      expect([agreement, coverage, matched.missing.a.count, matched.missing.b.count]).toEqual([1, 1, 0, 0])
    }
  }
})
