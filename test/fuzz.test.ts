import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FEEDS } from '../src/feeds/index.ts'
import { frameMessage } from '../src/feeds/tradingview-socket/framing.ts'
import { seededRandom } from '../src/model/random.ts'
import { Normalizer } from '../src/normalize/index.ts'
import { fuzzCase } from '../tools/soak/fuzz-case.ts'
import { type Corpus, readCorpus } from '../tools/soak/fuzz-corpus.ts'
import { runGiant } from '../tools/soak/fuzz-giants.ts'
import { nested } from '../tools/soak/fuzz-hostile.ts'
import { exchange, har, imported } from './import/hars.ts'
import { HEADER, readAll, tapeText } from './tape/tapes.ts'

/** A million of them: `npm run soak -- fuzz --seed 1 --count 1000000`. */
const CASES = 3_000

let folder = ''
let corpus: Corpus = { tapes: [], texts: [] }
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'feedtape-fuzz-'))
  corpus = await readCorpus()
})
afterAll(() => rm(folder, { recursive: true }))

describe('hostile input', () => {
  it('is read without an exception, all accounted for, and what stands before the damage is read', async () => {
    const wrong: string[] = []
    const kinds = new Set<string>()
    for (let seed = 1; seed <= CASES; seed += 1) {
      const result = await fuzzCase(seed, corpus, folder)
      kinds.add(result.kind)
      if (result.wrong !== undefined) wrong.push(`seed ${seed} (${result.kind}): ${result.wrong}`)
    }
    expect(wrong).toEqual([])
    expect([...kinds].sort()).toEqual(['har', 'tape', 'wire'])
  })

  it('gives the same case for the same seed', async () => {
    for (const seed of [1, 2, 3]) {
      expect(await fuzzCase(seed, corpus, folder)).toEqual(await fuzzCase(seed, corpus, folder))
    }
  })

  it.each([
    'a payload of 16 MiB',
    'an error 1,000,000 deep',
    'a line without an end',
    'a HAR 1,000,000 deep',
  ])('takes bounded memory: %s', async name => {
    expect(await runGiant(name, folder)).toMatchObject({ name, wrong: undefined })
  })
})

describe('what the fuzzer found', () => {
  const DEEP = nested(20_000, '[')
  const DEEP_ERRORS = [`{"m":"protocol_error","p":[${DEEP}]}`, `{"m":"critical_error","p":["cs_a",${DEEP}]}`]

  it('an error whose words are nested too deep is an error, for decoder, client and venue', () => {
    for (const payload of DEEP_ERRORS) {
      const text = frameMessage([payload])
      const normalizer = new Normalizer()
      normalizer.apply({ kind: 'open', seq: 1, at: 0, conn: 1, feed: 'tradingview-socket', url: 'wss://x/' })
      normalizer.apply({ kind: 'frame', seq: 2, at: 0, conn: 1, dir: 'in', op: 'text', text })
      expect(normalizer.tally.dispositions().error).toBe(1)
      for (const { session, conversation } of FEEDS) {
        session.start({ symbols: ['X:Y'], credentials: {}, random: seededRandom(1) }).received(text)
        expect(conversation.meanings(text)).toHaveLength(1)
      }
    }
  })

  it('a line with a fitting CRC and a key nested too deep is a damaged line', async () => {
    const body = `{"kind":"mark","seq":1,"at":0,"note":${DEEP}`
    const line = `${body},"crc":"${crc32(body).toString(16).padStart(8, '0')}"}\n`
    const tape = tapeText([], HEADER).replace('\n', `\n${line}`)
    const { problems } = await readAll(tape)
    expect(problems[0]).toMatchObject({ what: 'bad key', found: '"(nested too deep)"' })
  })

  it('a HAR whose times are eternities is refused', async () => {
    const slow = exchange({}, {}, { time: 1e16 })
    await expect(imported(har([slow]))).rejects.toMatchObject({ code: 'bad-capture' })
    const late = exchange({}, {}, { startedDateTime: '9999-12-31T23:59:59Z' })
    await expect(imported(har([late]))).rejects.toMatchObject({ code: 'bad-capture' })
  })
})
