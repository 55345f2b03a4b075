import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Random, seededRandom } from '../../src/model/random.ts'
import { BOUND_MS, KILL_KINDS, type KillKind, type KillResult, killOnce, LARGE_BOUND_MS } from './kill-run.ts'
import { readNumbers } from './options.ts'
import type { Soak } from './soak.ts'

export const kills: Soak = {
  name: 'kills',
  usage: '[--seed 1] [--count 200]',
  summary: 'a recorder killed with SIGKILL in bursts, its tape held against the log of the server',
  async run(args) {
    const { seed, count } = readNumbers(args, { seed: 1, count: 200 })
    const folder = await mkdtemp(join(tmpdir(), 'feedtape-kills-'))
    const results: KillResult[] = []
    try {
      for (let n = 0; n < count; n++) {
        // Each kill has a seed of its own, so that one alone can be had again.
        const random = seededRandom(seed + n)
        const place = join(folder, String(n))
        await mkdir(place)
        const result = await killOnce(kindOf(random), random, place)
        results.push(result)
        for (const text of result.wrong) {
          console.error(`kill ${n} (${result.kind}; --seed ${seed + n} --count 1): ${text}`)
        }
        await rm(place, { recursive: true })
      }
    } finally {
      await rm(folder, { recursive: true })
    }
    console.log(
      `seed ${seed}, ${results.length} kills; bound ${BOUND_MS} ms, large frames ${LARGE_BOUND_MS} ms`,
    )
    for (const kind of KILL_KINDS) console.log(lineOf(kind, results))
    return results.every(({ wrong }) => wrong.length === 0)
  },
}

function kindOf(random: Random): KillKind {
  const draw = random.next()
  if (draw < 0.55) return 'plain'
  if (draw < 0.7) return 'gzip'
  if (draw < 0.85) return 'parts'
  return draw < 0.9 ? 'fsync' : 'large'
}

function lineOf(kind: KillKind, results: readonly KillResult[]): string {
  const own = results.filter(result => result.kind === kind)
  const sum = (of: (result: KillResult) => number): number => own.reduce((total, one) => total + of(one), 0)
  const worst = Math.max(0, ...own.map(({ lossMs }) => lossMs))
  const bound = kind === 'large' ? LARGE_BOUND_MS : BOUND_MS
  const late = own.filter(({ lossMs }) => lossMs > bound)
  const waits = late.map(
    ({ lossMs, waitedMs }) => `${lossMs.toFixed(0)} with ${waitedMs.toFixed(0)} of waiting`,
  )
  const starved = late.length === 0 ? '' : `; past the bound for want of a CPU: ${waits.join(', ')}`
  const bad = own.filter(({ wrong }) => wrong.length > 0).length
  return (
    `  ${kind.padEnd(6)} ${own.length} kills, ${sum(({ sent }) => sent)} frames sent, ` +
    `${sum(({ onTape }) => onTape)} on tape, worst loss ${worst.toFixed(1)} ms, ${bad} wrong${starved}`
  )
}
