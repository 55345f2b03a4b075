import { link, mkdir, stat } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { seededRandom } from '../src/model/random.ts'
import { Normalizer } from '../src/normalize/index.ts'
import { bytesText, grouped } from '../src/report/table.ts'
import { TapeReader } from '../src/tape/index.ts'
import { verifyFolder } from '../src/verify/index.ts'
import type { Bench } from './bench.ts'
import { inFolder } from './folder.ts'
import { type Cost, costOf, interleaved, median, printRows, ratios, spread } from './measure.ts'
import { smallFrames } from './small-frames.ts'
import { writeTapes } from './tape.ts'

const LENGTHS = [10_000, 100_000]
/** Of each of eight cases: where threads begin to be worth their start. */
const CASE_LENGTHS = [1_000, 10_000, 50_000]
const CASES = 8
const SPACING = 2_000

interface Figure extends Cost {
  readonly rss: number
}

/** Golden twins by the length of their tape, against decoding it; and eight cases in threads, against one after the other. */
export const verify: Bench = {
  name: 'verify',
  summary:
    'golden twins by the length of their tape, against decoding it (--frames N adds a longer one); threads against one core',
  isDefault: false,
  run: ({ frames, rounds = 3, seed }) =>
    inFolder(async folder => {
      let isRight = true
      const check = async (path: string, jobs: number): Promise<void> => {
        if ((await verifyFolder(path, { jobs })).isEqual) return
        isRight = false
        console.error(`verify ${path}: equal twins were found to differ`)
      }
      const rows: (readonly string[])[] = []
      for (const length of frames > (LENGTHS.at(-1) ?? 0) ? [...LENGTHS, frames] : LENGTHS) {
        const path = await caseOf(join(folder, `one-${length}`), length, seed)
        rows.push(...(await byLength(path, length, rounds, check)))
      }
      printRows(
        `verify: one case, its quotes; ${rounds} rounds`,
        ['', 'frames/s', 'µs a frame', 'of decoding', 'min–max', 'memory'],
        rows,
      )
      const jobs = Math.min(availableParallelism(), 8)
      const threaded: (readonly string[])[] = []
      for (const length of CASE_LENGTHS) {
        const path = await caseOf(join(folder, `eight-${length}`), length, seed, CASES)
        threaded.push(await byThreads(path, length, jobs, rounds, check))
      }
      printRows(
        `verify: ${CASES} cases, one after the other and in ${jobs} threads; ${rounds} rounds`,
        ['', 'tapes', 'one', 'threads', 'times as fast', 'min–max'],
        threaded,
      )
      return isRight
    }),
}

type Check = (path: string, jobs: number) => Promise<void>

/** A folder with golden cases of one tape. */
async function caseOf(folder: string, length: number, seed: number, cases = 1): Promise<string> {
  await mkdir(folder)
  const first = join(folder, '0')
  await writeTapes([`${first}.tape.jsonl`], smallFrames(seededRandom(seed), length), SPACING)
  await verifyFolder(folder, { update: true })
  for (let index = 1; index < cases; index += 1) {
    for (const ending of ['tape.jsonl', 'quotes.jsonl']) {
      await link(`${first}.${ending}`, join(folder, `${index}.${ending}`))
    }
  }
  return folder
}

async function byLength(path: string, length: number, rounds: number, check: Check) {
  const [read = [], verified = []] = await interleaved<Figure>(
    [() => figureOf(() => decode(join(path, '0.tape.jsonl'))), () => figureOf(() => check(path, 1))],
    rounds,
  )
  const cells = (name: string, figures: readonly Figure[]): readonly string[] => {
    const took = median(figures.map(({ seconds }) => seconds))
    return [
      `${name}, ${grouped(length)}`,
      grouped(Math.round(length / took)),
      ((took / length) * 1e6).toFixed(2),
      ...spread(ratios(seconds(read), seconds(figures))),
      bytesText(Math.max(...figures.map(({ rss }) => rss))),
    ]
  }
  return [cells('decode', read), cells('verify', verified)]
}

async function byThreads(path: string, length: number, jobs: number, rounds: number, check: Check) {
  const { size } = await stat(join(path, '0.tape.jsonl'))
  const [one = [], threads = []] = await interleaved<Figure>(
    [() => figureOf(() => check(path, 1)), () => figureOf(() => check(path, jobs))],
    rounds,
  )
  const shown = (figures: readonly Figure[]): string => `${median(seconds(figures)).toFixed(2)} s`
  return [
    `${CASES} × ${grouped(length)}`,
    bytesText(size * CASES),
    shown(one),
    shown(threads),
    ...spread(ratios(seconds(one), seconds(threads))),
  ]
}

function seconds(figures: readonly Figure[]): readonly number[] {
  return figures.map(figure => figure.seconds)
}

async function figureOf(work: () => Promise<void>): Promise<Figure> {
  const cost = await costOf(work)
  return { ...cost, rss: process.memoryUsage.rss() }
}

async function decode(path: string): Promise<void> {
  const tape = await TapeReader.open(path)
  const normalizer = new Normalizer()
  for await (const entry of tape) normalizer.apply(entry)
  await tape.close()
}
