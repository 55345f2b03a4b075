import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readCliConfig } from '../../src/cli/config.ts'
import { type DiffReport, diffTapes, readSideChoice } from '../../src/diff/index.ts'
import {
  createTruth,
  type PlantKind,
  type Rendered,
  renderWire,
  tapeName,
  WIRES,
  wireNamed,
  writeSession,
} from '../../src/synth/index.ts'
import { TapeReader } from '../../src/tape/index.ts'

const MINUTE = 60_000_000
let scratch = ''

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'feedtape-diff-synth-'))
})
afterAll(() => rm(scratch, { recursive: true }))

interface Session {
  /** In the order of the registry; of feeds that carry quotes. */
  readonly rendered: readonly Rendered[]
  report(a: Rendered, b: Rendered): Promise<DiffReport>
}

/** One truth through these wires (all without names), with an error planted in the last. */
async function sessionOf(seed: number, names?: readonly string[], kind?: PlantKind): Promise<Session> {
  const start = Date.UTC(2026, 11, 14, 15) * 1000
  const truth = createTruth({ seed, length: 3 * MINUTE, instruments: 8, start })
  const wires = names?.map(wireNamed) ?? WIRES
  const rendered = wires.flatMap((wire, index) => {
    if (wire === undefined) throw new Error(`no wire ${names?.[index]}`)
    const one = renderWire(wire, truth, index === wires.length - 1 ? kind : undefined)
    return one.declares.carried.some(({ fields }) => fields.length > 0) ? [one] : []
  })
  const folder = join(scratch, `${seed}-${names?.join('-') ?? 'all'}-${kind ?? 'clean'}`)
  await writeSession({ folder, truth, rendered, overwrite: false })
  const { instruments, settings } = await readCliConfig(join(folder, 'config.json'))
  const choice = (one: Rendered) => readSideChoice(join(folder, tapeName(one)), () => true)
  const rules = { config: instruments, settings, map: new Map(), tolerances: new Map() }
  const open = (path: string) => TapeReader.open(path)
  return {
    rendered,
    report: async (a, b) => (await diffTapes({ ...rules, a: choice(a), b: choice(b), open })).report,
  }
}

/** Of two wires, with an error planted in the second. */
async function diffed(
  seed: number,
  name: string,
  kind?: PlantKind,
  against = 'json-socket',
): Promise<{ report: DiffReport; other: Rendered }> {
  const { rendered, report } = await sessionOf(seed, [against, name], kind)
  const [one, other] = rendered
  if (one === undefined || other === undefined) throw new Error('two wires')
  return { report: await report(one, other), other }
}

describe('one truth', () => {
  test.each([1, 7])('is one market on each two wires that carry quotes: seed %i', async seed => {
    const { rendered, report } = await sessionOf(seed)
    const pairs = rendered.flatMap((a, n) => rendered.slice(n + 1).map(b => [a, b] as const))
    expect(pairs).toHaveLength(15)
    for (const [a, b] of pairs) {
      const about = `${a.wire.feed.name}, ${b.wire.feed.name}`
      const found = await report(a, b)
      expect(found.verdict, about).toMatchObject({ isCompared: true, isWithin: true })
      const kinds = found.pairs.flatMap(({ explanations }) => explanations.map(({ kind }) => kind))
      expect(kinds, about).not.toContain('unexplained')
      expect(kinds, about).not.toContain('growth')
      // A poll comes up to its pace later than the change that it tells of.
      const even = Math.max(a.declares.poll ?? 5_000, b.declares.poll ?? 5_000)
      for (const { instrument, lag } of found.pairs) {
        const declared = delayOf(b, instrument) - delayOf(a, instrument)
        if (lag.spread === undefined) continue
        expect(Math.abs(lag.spread.median - (b.lag - a.lag + declared)), about).toBeLessThanOrEqual(even)
      }
    }
  })
})

/** What a wire declares a market to be late, in µs. What is called by its contract only is a future. */
function delayOf({ declares: { carried } }: Rendered, instrument: string): number {
  const own = carried.find(({ market }) => instrument.startsWith(market))
  const future = carried.find(({ market }) => market.endsWith('1!'))
  return ((own ?? future)?.delay ?? 0) * 1_000_000
}

describe.each(['trade-manager', 'tradingview-scanner'])('one truth through json-socket and %s', wire => {
  test.each([1, 2, 3])('is one market: nothing is beyond, seed %i', async seed => {
    const { report } = await diffed(seed, wire)
    expect(report.verdict).toMatchObject({ isCompared: true, isWithin: true })
  })
})

describe('an error that is planted in one wire', () => {
  test.each(['wrong-price', 'lost-update', 'swapped-sides', 'stale'] as const)('is named: %s', async kind => {
    for (const seed of [1, 2, 3]) {
      const { report, other } = await diffed(seed, 'trade-manager', kind)
      const beyond = report.verdict.judgements.filter(({ isWithin }) => !isWithin)
      expect(beyond.length).toBeGreaterThan(0)
      // The market that it is in, and none else.
      const { market = '', field } = other.planted ?? {}
      expect([...new Set(beyond.map(({ instrument }) => instrument))]).toEqual([market])
      if (kind === 'wrong-price') expect(beyond.map(({ what }) => what)).toEqual([field])
    }
  })

  test('is seen where a lag grows, and said by how much', async () => {
    const { report } = await diffed(1, 'trade-manager', 'late')
    expect(report.verdict.isWithin).toBe(false)
    for (const { explanations, lag } of report.pairs) {
      expect(explanations.map(({ kind }) => kind)).toContain('growth')
      // A quarter of a minute and a half, less what passes behind the last changes.
      expect((lag.growth?.last ?? 0) - (lag.growth?.first ?? 0)).toBeGreaterThan(12_000_000)
      expect((lag.growth?.last ?? 0) - (lag.growth?.first ?? 0)).toBeLessThan(22_500_000)
    }
  })

  test('in a contract’s own name is not hidden by what its continuous name says', async () => {
    const { other, report } = await diffed(2, 'tradingview-socket', 'wrong-price', 'tradovate-market-data')
    expect(other.planted).toMatchObject({ market: 'CME_MINI:NQZ2026', field: 'bid' })
    const beyond = report.verdict.judgements.filter(({ isWithin }) => !isWithin)
    expect(beyond.map(({ instrument, what }) => [instrument, what])).toEqual([['CME_MINI:NQZ2026', 'bid']])
  })
})
