import { join } from 'node:path'
import { diffTapes, readSideChoice } from '../src/diff/index.ts'
import { seededRandom } from '../src/model/random.ts'
import { Normalizer } from '../src/normalize/index.ts'
import { TapeMerge } from '../src/replay/index.ts'
import { bytesText, grouped } from '../src/report/table.ts'
import { TapeReader } from '../src/tape/index.ts'
import type { Bench } from './bench.ts'
import { inFolder } from './folder.ts'
import { type Cost, costOf, interleaved, median, printRows, ratios, spread } from './measure.ts'
import { smallFrames } from './small-frames.ts'
import { writeTapes } from './tape.ts'

const SIZES = [10_000, 100_000]
/** Between frames: about what a busy page gets. */
const SPACING = 2_000

interface Figure extends Cost {
  readonly rss: number
}

/** Two tapes held against each other, by their length, against decoding the same two. */
export const diff: Bench = {
  name: 'diff',
  summary:
    'two tapes against each other at growing lengths, against decoding both (--frames N adds a longer one)',
  isDefault: true,
  run: ({ frames, rounds = 3, seed }) =>
    inFolder(async folder => {
      const sizes = frames > (SIZES.at(-1) ?? 0) ? [...SIZES, frames] : SIZES
      let isRight = true
      const rows: (readonly string[])[] = []
      for (const size of sizes) {
        const paths = ['a', 'b'].map(side => join(folder, `${side}-${size}.tape.jsonl`))
        await writeTapes(paths, smallFrames(seededRandom(seed), size), SPACING)
        const found = await bench(paths, size, rounds)
        isRight &&= found.isRight
        rows.push(...found.rows)
      }
      printRows(
        `diff: the same frames on two tapes; ${rounds} rounds`,
        ['', 'frames/s', 'µs a frame', 'of decoding both', 'min–max', 'memory'],
        rows,
      )
      return isRight
    }),
}

async function bench(paths: readonly string[], size: number, rounds: number) {
  let isRight = true
  const [read = [], compared = []] = await interleaved<Figure>(
    [
      () => figureOf(() => decode(paths)),
      () =>
        figureOf(async () => {
          if (await isEqual(paths)) return
          isRight = false
          console.error(`diff, ${size} frames: equal tapes were found to differ`)
        }),
    ],
    rounds,
  )
  const cells = (name: string, figures: readonly Figure[]): readonly string[] => {
    const seconds = median(figures.map(figure => figure.seconds))
    const frames = 2 * size
    return [
      `${name}, 2 × ${grouped(size)}`,
      grouped(Math.round(frames / seconds)),
      ((seconds / frames) * 1e6).toFixed(2),
      ...spread(
        ratios(
          read.map(figure => figure.seconds),
          figures.map(figure => figure.seconds),
        ),
      ),
      bytesText(Math.max(...figures.map(figure => figure.rss))),
    ]
  }
  return { isRight, rows: [cells('decode', read), cells('diff', compared)] }
}

async function figureOf(work: () => Promise<void>): Promise<Figure> {
  const cost = await costOf(work)
  return { ...cost, rss: process.memoryUsage.rss() }
}

async function decode(paths: readonly string[]): Promise<void> {
  const tapes = await Promise.all(paths.map(path => TapeReader.open(path)))
  const normalizers = tapes.map(() => new Normalizer())
  await new TapeMerge(tapes).run((entry, tape) => normalizers[tape]?.apply(entry))
  for (const tape of tapes) await tape.close()
}

async function isEqual(paths: readonly string[]): Promise<boolean> {
  const [a = '', b = ''] = paths
  const choice = (path: string) => readSideChoice(path, () => true)
  const { report } = await diffTapes({
    a: choice(a),
    b: choice(b),
    open: path => TapeReader.open(path),
    config: new Map(),
    map: new Map(),
    tolerances: new Map(),
  })
  const { isCompared, isWithin } = report.verdict
  return isCompared && isWithin && report.pairs.every(({ explanations }) => explanations.length === 0)
}
