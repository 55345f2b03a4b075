import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type FuzzKind, fuzzCase } from './fuzz-case.ts'
import { readCorpus } from './fuzz-corpus.ts'
import { giants } from './fuzz-giants.ts'
import { readNumbers, takeWord } from './options.ts'
import type { Soak } from './soak.ts'

/** Said one by one; beyond that counted. */
const FAILURES_SAID = 20

export const fuzz: Soak = {
  name: 'fuzz',
  usage: '[--seed 1] [--count 1000000] [--giants 1] [--feed NAME]',
  summary: 'hostile input to tape reader, HAR import and every decoder, with all that stands behind them',
  async run(args) {
    const { rest, word: feed } = takeWord(args, 'feed')
    const options = { ...readNumbers(rest, { seed: 1, count: 1_000_000, giants: 1 }), feed }
    const folder = await mkdtemp(join(tmpdir(), 'feedtape-fuzz-'))
    try {
      const isSound = await cases(options, folder)
      // One case alone is somebody looking for its fault.
      const isBounded = options.giants === 0 || options.count === 1 || (await giants(folder))
      return isSound && isBounded
    } finally {
      await rm(folder, { recursive: true })
    }
  },
}

interface FuzzOptions {
  readonly seed: number
  readonly count: number
  readonly feed: string | undefined
}

async function cases({ seed, count, feed: name }: FuzzOptions, folder: string): Promise<boolean> {
  const corpus = await readCorpus(name)
  const only = name === undefined ? '' : ` --feed ${name}`
  const counts: Record<FuzzKind, number> = { wire: 0, tape: 0, har: 0 }
  const began = performance.now()
  let failures = 0
  let said = began
  for (let n = 0; n < count; n++) {
    const { feed, kind, wrong } = await fuzzCase(seed + n, corpus, folder)
    counts[kind] += 1
    if (wrong !== undefined && ++failures <= FAILURES_SAID) {
      console.error(
        `case ${seed + n} (${feed}, ${kind}): ${wrong}\n  npm run soak -- fuzz --seed ${seed + n} --count 1${only}`,
      )
    }
    if (performance.now() - said < 10_000) continue
    said = performance.now()
    console.log(`  ${n + 1} cases, ${rate(n + 1, said - began)}, ${failures} wrong`)
  }
  const kinds = Object.entries(counts).map(([kind, number]) => `${number} ${kind}`)
  console.log(
    `seed ${seed}${only}: ${count} cases (${kinds.join(', ')}), ${rate(count, performance.now() - began)}, ${failures} wrong`,
  )
  return failures === 0
}

function rate(count: number, ms: number): string {
  return `${Math.round((count / ms) * 1_000)} a second`
}
