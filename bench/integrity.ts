import { spawnSync } from 'node:child_process'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { seededRandom } from '../src/model/random.ts'
import { bytesText, grouped } from '../src/report/table.ts'
import { checkTape, TapeReader } from '../src/tape/index.ts'
import type { Bench } from './bench.ts'
import { inFolder } from './folder.ts'
import { costOf, interleaved, median, printRows, ratios, spread } from './measure.ts'
import { smallFrames } from './small-frames.ts'
import { writeTapes } from './tape.ts'

/** About 100 MB of tape. */
const FRAMES = 350_000

interface IntegrityRow {
  readonly name: string
  readonly floor: 'wc -l' | 'zcat'
  /** Entries found in a tape that was found whole. */
  run(): Promise<number>
}

/** Proving a tape and reading it unpacked, against what only counts its lines or only unpacks it. */
export const integrity: Bench = {
  name: 'integrity',
  summary: 'check and gzip reading of 100 MB, against wc -l and zcat',
  isDefault: true,
  run: ({ rounds = 5, seed }) =>
    inFolder(async folder => {
      const plain = join(folder, 'plain.tape.jsonl')
      const packed = join(folder, 'packed.tape.jsonl.gz')
      const { frames } = await writeTapes([plain, packed], smallFrames(seededRandom(seed), FRAMES), 150)
      const rows: readonly IntegrityRow[] = [
        { name: 'read', floor: 'wc -l', run: () => readWhole(plain) },
        { name: 'check', floor: 'wc -l', run: () => checkWhole(plain) },
        { name: 'read of .gz', floor: 'zcat', run: () => readWhole(packed) },
        { name: 'check of .gz', floor: 'zcat', run: () => checkWhole(packed) },
      ]
      return await bench(rows, { plain, packed, frames }, rounds)
    }),
}

async function bench(
  rows: readonly IntegrityRow[],
  { plain, packed, frames }: { readonly plain: string; readonly packed: string; readonly frames: number },
  rounds: number,
): Promise<boolean> {
  let isRight = true
  const floors = { 'wc -l': () => runTool('wc', ['-l', plain]), zcat: () => runTool('zcat', [packed]) }
  const [wc = [], zcat = [], ...own] = await interleaved(
    [
      ...Object.values(floors).map(floor => () => secondsOf(floor)),
      ...rows.map(({ name, run }) => async () => {
        let entries = 0
        const seconds = await secondsOf(async () => {
          entries = await run()
        })
        // The frames and the open before them.
        if (entries !== frames + 1) {
          isRight = false
          console.error(`${name}: ${entries} entries of a whole tape, expected ${frames + 1}`)
        }
        return seconds
      }),
    ],
    rounds,
  )
  const { size } = await stat(plain)
  const speed = (took: readonly number[]) => String(Math.round(size / median(took) / 1_000_000))
  printRows(
    `integrity: ${grouped(frames)} frames, ${bytesText(size)}, ${bytesText((await stat(packed)).size)} as .gz; ${rounds} rounds`,
    ['', 'MB/s, unpacked', 'of its floor', 'min–max', 'floor'],
    [
      ['floor: wc -l', speed(wc), '1.00', '', ''],
      ['floor: zcat', speed(zcat), '1.00', '', ''],
      ...rows.map(({ name, floor }, index) => {
        const took = own[index] ?? []
        return [name, speed(took), ...spread(ratios(floor === 'zcat' ? zcat : wc, took)), floor]
      }),
    ],
  )
  return isRight
}

async function secondsOf(work: () => unknown): Promise<number> {
  return (await costOf(work)).seconds
}

function runTool(command: string, args: readonly string[]): void {
  const { status, error } = spawnSync(command, args, { stdio: 'ignore' })
  if (status !== 0) throw new Error(`${command} ended with ${status}`, { cause: error })
}

async function readWhole(path: string): Promise<number> {
  const tape = await TapeReader.open(path)
  let entries = 0
  do {
    while (tape.next() !== undefined) entries += 1
  } while (await tape.fill())
  await tape.close()
  return tape.isWhole ? entries : -1
}

async function checkWhole(path: string): Promise<number> {
  const { isWhole, entries } = await checkTape(path)
  return isWhole ? entries : -1
}
