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
  writeSession,
} from '../../src/synth/index.ts'
import { TapeReader } from '../../src/tape/index.ts'

const MINUTE = 60_000_000
let scratch = ''

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'feedtape-diff-synth-'))
})
afterAll(() => rm(scratch, { recursive: true }))

/** One truth through two wires, with an error planted in the second; the report of json-socket against it. */
async function diffed(
  seed: number,
  name: string,
  kind?: PlantKind,
): Promise<{ report: DiffReport; other: Rendered }> {
  const truth = createTruth({
    seed,
    length: 3 * MINUTE,
    instruments: 8,
    start: Date.UTC(2026, 11, 14, 15) * 1000,
  })
  const wireOf = (feed: string) => WIRES.find(wire => wire.feed.name === feed)
  const [one, two] = [wireOf('json-socket'), wireOf(name)]
  if (one === undefined || two === undefined) throw new Error(`no wire ${name}`)
  const rendered = [renderWire(one, truth), renderWire(two, truth, kind)]
  const folder = join(scratch, `${seed}-${name}-${kind ?? 'clean'}`)
  await writeSession({ folder, truth, rendered, overwrite: false })
  const { instruments, settings } = await readCliConfig(join(folder, 'config.json'))
  const [a, b] = rendered.map(each => readSideChoice(join(folder, tapeName(each)), () => true))
  const [, other] = rendered
  if (a === undefined || b === undefined || other === undefined) throw new Error('two wires')
  const open = (path: string) => TapeReader.open(path)
  const { report } = await diffTapes({
    a,
    b,
    open,
    config: instruments,
    settings,
    map: new Map(),
    tolerances: new Map(),
  })
  return { report, other }
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

  test('is seen where a lag grows', async () => {
    expect((await diffed(1, 'trade-manager', 'late')).report.verdict.isWithin).toBe(false)
  })
})
