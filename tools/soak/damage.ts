import { gunzipSync, gzipSync } from 'node:zlib'
import { seededRandom } from '../../src/model/random.ts'
import { EVERY_KIND, flipped, tapeLines, wrongWith } from '../../test/tape/damage.ts'
import { readNumbers } from './options.ts'
import type { Soak } from './soak.ts'

const LINES = tapeLines(EVERY_KIND)
const TAPE = Buffer.from(LINES.join(''))
const PACKED = gzipSync(TAPE)

export const damage: Soak = {
  name: 'damage',
  usage: '[--seed 1] [--count 20000]',
  summary:
    'a tape of every kind of entry: each cut and each bit, plain and in the gzip, then mixed damage by seed',
  async run(args) {
    const { seed, count } = readNumbers(args, { seed: 1, count: 20_000 })
    const outcomes = [
      await each('cut', TAPE.length, at => wrongWith(TAPE.subarray(0, at), LINES, 'cut')),
      await each('bit', TAPE.length * 8, n => wrongWith(flipped(TAPE, n >> 3, n & 7), LINES, 'changed')),
      await each('cut of gzip', PACKED.length, at => wrongWith(PACKED.subarray(0, at), LINES, 'cut')),
      await each('bit of gzip', PACKED.length * 8, n => wrongInGzip(flipped(PACKED, n >> 3, n & 7))),
      await each(`mixed, --seed ${seed}`, count, n => wrongInMixture(seed + n)),
    ]
    return outcomes.every(Boolean)
  },
}

async function each(
  name: string,
  count: number,
  wrong: (n: number) => Promise<string | undefined>,
): Promise<boolean> {
  let failures = 0
  for (let n = 0; n < count; n++) {
    const found = await wrong(n)
    if (found === undefined) continue
    failures++
    console.error(`${name} ${n}: ${found}`)
  }
  console.log(`${name}: ${count} tapes, ${failures} read or called wrongly`)
  return failures === 0
}

/** A time, a level or unused bits may change: then the content has not. */
async function wrongInGzip(bytes: Buffer): Promise<string | undefined> {
  const wrong = await wrongWith(bytes, LINES, 'changed')
  return wrong === 'called whole' && gunzipSync(bytes).equals(TAPE) ? undefined : wrong
}

/** Up to four of: a bit, a run of one byte, bytes taken out, bytes doubled, an end cut off; compressed or not. */
async function wrongInMixture(seed: number): Promise<string | undefined> {
  const random = seededRandom(seed)
  const below = (limit: number): number => Math.floor(random.next() * limit)
  let bytes: Buffer = TAPE
  for (let times = 1 + below(4); times > 0; times--) {
    const at = below(bytes.length)
    const size = 1 + below(200)
    const changes = [
      () => flipped(bytes, at, below(8)),
      () => Buffer.concat([bytes.subarray(0, at), Buffer.alloc(size, below(256)), bytes.subarray(at + size)]),
      () => Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + size)]),
      () => Buffer.concat([bytes.subarray(0, at + size), bytes.subarray(at)]),
      () => bytes.subarray(0, Math.max(1, bytes.length - size)),
    ]
    bytes = changes[below(changes.length)]?.() ?? bytes
  }
  if (bytes.equals(TAPE)) return undefined
  return wrongWith(below(2) === 0 ? bytes : gzipSync(bytes), LINES, 'changed')
}
