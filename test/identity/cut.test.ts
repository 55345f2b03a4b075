import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { cutTape } from '../../src/edit/cut/index.ts'
import { type Random, randomInteger, seededRandom } from '../../src/model/random.ts'
import { isoFromEpochMicros } from '../../src/model/time.ts'
import { type InstrumentQuote, MarketBook, Normalizer } from '../../src/normalize/index.ts'
import { TapeReader } from '../../src/tape/index.ts'
import { Conversations } from './two-feeds.ts'

const folder = mkdtempSync(join(tmpdir(), 'feedtape-identity-cut-'))
afterAll(() => rmSync(folder, { recursive: true }))

const T = Date.parse('2025-12-18T04:10:50Z') * 1_000
const CONTRACTS = [
  [3267315, 'NQZ6'],
  [3267316, 'NQH7'],
] as const

/** Quotes in all words, late ones among them, while names come, fronts change and are taken back. */
function randomTalk(random: Random): Conversations {
  const talk = new Conversations()
  const pick = <Item>(one: Item, ...others: Item[]): Item =>
    [one, ...others][randomInteger(random, 0, others.length)] ?? one
  const price = (): number => randomInteger(random, 1, 40) / 4
  for (let count = 0; count < 60; count += 1) {
    // Tradovate's decoder knows whose a maturity is from the contract's own answer, which so has to come first.
    if (count === 15) for (const [id, name] of CONTRACTS) talk.lookUp(id, name, random.next() < 0.4)
    const draw = count < 15 ? random.next() * 0.8 : random.next()
    const [id, name] = pick<(typeof CONTRACTS)[number]>(...CONTRACTS)
    const time = T + randomInteger(random, 0, 9) * 1_000_000
    if (draw < 0.3) talk.tradovate(id, price(), price(), isoFromEpochMicros(time))
    else if (draw < 0.5) talk.tradeManager(pick('NQ1!', 'NQ2!', 'NQZ6'), price(), price())
    else if (draw < 0.8) {
      const last = random.next() < 0.7 ? { lp: price() } : {}
      const fields = { ...last, lp_time: time / 1_000_000, volume: count }
      talk.tradingview(pick('CME_MINI:NQ1!', 'NQ1!', 'CME_MINI:NQZ2026'), fields)
    } else if (draw < 0.88) talk.lookUp(id, name, random.next() < 0.6)
    else talk.maturity(id, random.next() < 0.6)
  }
  return talk
}

/** All quotes at each entry from `from` on, by number; at `from` itself under 0. */
async function moments(path: string, from: number): Promise<ReadonlyMap<number, unknown>> {
  const tape = await TapeReader.open(path)
  const market = new MarketBook([tape.header])
  const seen = new Map<number, unknown>()
  const normalizer = new Normalizer({
    observation(observation, message, packet) {
      if (observation.kind === 'instrument') market.learn(observation, message)
      if (observation.kind !== 'quote') return
      market.quotes.apply(observation, { at: message.at, seq: message.seq, packet }, message.conn)
    },
  })
  const now = () =>
    market.quotes.quotes().map(quote => [shown(quote), market.identities.identity(quote.name)])
  for await (const entry of tape) {
    if (entry.at >= from && !seen.has(0)) seen.set(0, now())
    market.apply(entry)
    normalizer.apply(entry)
    if (entry.at >= from) seen.set(entry.seq, now())
  }
  return seen
}

function shown(quote: InstrumentQuote): unknown {
  const { name, fields } = quote
  const prices = (['last', 'bid', 'ask'] as const).map(group => {
    const { source, ...point } = quote.group(group) ?? {}
    return [point, source?.delay, quote.newestTime(group), quote.receivedAt(group)]
  })
  return { name, fields, prices, day: quote.receivedAt('day') }
}

it('a cut has at every moment the quotes and the words of the whole tape, rolls before it included', async () => {
  let rolls = 0
  for (let seed = 1; seed <= 60; seed += 1) {
    const random = seededRandom(seed)
    const talk = randomTalk(random)
    const path = await talk.write(folder, `${seed}`)
    const from = talk.drafts[randomInteger(random, 20, talk.drafts.length - 1)]?.at ?? 0
    const output = `${path}.cut.tape.jsonl`
    await cutTape(path, { output, derived: 'cut', window: () => ({ from }) })
    const whole = await moments(path, from)
    const slice = await moments(output, from)
    for (const [seq, state] of whole) expect(slice.get(seq), `seed ${seed}, entry ${seq}`).toEqual(state)
    rolls += talk.drafts.filter(draft => 'text' in draft && draft.text.includes('isFront":true')).length
  }
  expect(rolls).toBeGreaterThan(100)
})
