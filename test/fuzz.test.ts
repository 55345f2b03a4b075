import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FEEDS, SOCKET_FEEDS, socketFeedNamed } from '../src/feeds/index.ts'
import { frameMessage } from '../src/feeds/tradingview-socket/framing.ts'
import { seededRandom } from '../src/model/random.ts'
import { Normalizer } from '../src/normalize/index.ts'
import { fuzzCase } from '../tools/soak/fuzz-case.ts'
import { type Corpus, readCorpus } from '../tools/soak/fuzz-corpus.ts'
import { runGiant } from '../tools/soak/fuzz-giants.ts'
import { nested } from '../tools/soak/fuzz-hostile.ts'
import { exchange, har, imported } from './import/hars.ts'
import { HEADER, readAll, tapeText } from './tape/tapes.ts'

/** Of each feed. A million of them: `npm run soak -- fuzz --seed 1 --count 1000000`. */
const CASES = 400

let folder = ''
let corpus: Corpus = { feeds: [] }
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'feedtape-fuzz-'))
  corpus = await readCorpus()
})
afterAll(() => rm(folder, { recursive: true }))

describe('hostile input', () => {
  it.each(FEEDS.map(feed => [feed.name]))(
    'of %s is read without an exception, all accounted for, and what stands before the damage is read',
    async name => {
      const feeds = corpus.feeds.filter(({ feed }) => feed.name === name)
      const wrong: string[] = []
      const kinds = new Set<string>()
      for (let seed = 1; seed <= CASES; seed += 1) {
        const result = await fuzzCase(seed, { feeds }, folder)
        kinds.add(result.kind)
        if (result.wrong !== undefined) wrong.push(`seed ${seed} --feed ${name}: ${result.wrong}`)
      }
      expect(wrong).toEqual([])
      expect([...kinds].sort()).toEqual(['har', 'tape', 'wire'])
    },
  )

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
      for (const { session, conversation, url } of SOCKET_FEEDS) {
        const address = url === '' ? 'wss://127.0.0.1/' : url
        session
          .start({ symbols: ['X:Y'], credentials: {}, random: seededRandom(1), url: address })
          .received(text)
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

  it.each([
    ['tradingview-socket', '{"m":"","p":[]}'],
    ['trade-manager', '{"type":""}'],
    ['tradovate-market-data', '{"e":"","d":{}}'],
    ['tradovate-user-data', '{"e":"","d":{}}'],
  ])('a packet of %s without a name has a kind all the same: %s', (name, payload) => {
    const text = socketFeedNamed(name)?.encode.frame([payload]) ?? ''
    const normalizer = new Normalizer()
    normalizer.apply({ kind: 'open', seq: 1, at: 0, conn: 1, feed: name, url: 'wss://x/' })
    normalizer.apply({ kind: 'frame', seq: 2, at: 0, conn: 1, dir: 'in', op: 'text', text })
    expect(normalizer.tally.kinds().map(({ kind }) => kind)).not.toContain('')
    const { malformed, unknown } = normalizer.tally.dispositions()
    expect(malformed + unknown).toBe(1)
  })

  it('a penalty without end is waited out for a day, and no longer', () => {
    const told = socketFeedNamed('tradovate-market-data')?.session.start({
      symbols: [],
      credentials: { mdToken: 'synthetic0token' },
      random: seededRandom(1),
    })
    expect(told?.received('o')).toHaveLength(1)
    const steps = told?.received('a[{"s":200,"i":1,"d":{"p-ticket":"synthetic","p-time":1e300}}]')
    expect(steps).toContainEqual(expect.objectContaining({ kind: 'wait', wait: 86_400_000_000 }))
  })

  it('a symbol that is no text is refused, and one with half a character asked for without it', () => {
    const feed = socketFeedNamed('tradovate-market-data')
    const market = { quote: () => undefined, facts: () => undefined }
    const venue = feed?.conversation.start({ market, random: seededRandom(1), now: () => 0 })
    venue?.received('authorize\n1\n\nsynthetic0token')
    const asked = 'md/subscribeQuote\n2\n\n{"symbol":{"toString":1,"valueOf":1}}'
    expect(venue?.received(asked).join()).toContain('is not known')
    const credentials = { mdToken: 'synthetic0token' }
    const client = feed?.session.start({ symbols: ['X\ud800'], credentials, random: seededRandom(1) })
    client?.received('o')
    expect(JSON.stringify(client?.received('a[{"s":200,"i":1}]'))).toContain('name=X%EF%BF%BD')
  })

  it('a search whose row has a symbol of no type is no recognised one', () => {
    const text = '[{"symbol":{"toString":1,"valueOf":1}},{"symbol":"X"}]'
    expect(FEEDS.map(feed => feed.recognise(text)?.confidence ?? 'none')).not.toContain('certain')
  })

  it('a HAR whose times are eternities is refused', async () => {
    const slow = exchange({}, {}, { time: 1e16 })
    await expect(imported(har([slow]))).rejects.toMatchObject({ code: 'bad-capture' })
    const late = exchange({}, {}, { startedDateTime: '9999-12-31T23:59:59Z' })
    await expect(imported(har([late]))).rejects.toMatchObject({ code: 'bad-capture' })
  })
})
