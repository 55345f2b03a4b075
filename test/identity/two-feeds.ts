import { join } from 'node:path'
import { frameMessage } from '../../src/feeds/tradingview-socket/framing.ts'
import { frameOf } from '../../src/feeds/tradovate/framing.ts'
import { requestText } from '../../src/feeds/tradovate/request.ts'
import { type EntryDraft, TapeReader, TapeWriter } from '../../src/tape/index.ts'
import { HEADER } from '../tape/tapes.ts'

const SECOND = 1_000_000
const FEEDS = ['tradovate-market-data', 'trade-manager', 'tradingview-socket'] as const

/** Synthetic conversations of three feeds about one market, one message a second. */
export class Conversations {
  readonly drafts: EntryDraft[] = FEEDS.map((feed, index) => {
    return { kind: 'open', at: 0, conn: index + 1, feed, url: 'wss://synthetic.example/' }
  })
  #asked = 0

  /** Tradovate speaks of contracts by their ids. */
  tradovate(contractId: number, bid: number, ask: number, time: string): this {
    const entries = { Bid: { price: bid, size: 1 }, Offer: { price: ask, size: 2 } }
    return this.#say(
      1,
      frameOf([JSON.stringify({ e: 'md', d: { quotes: [{ timestamp: time, contractId, entries }] } })]),
    )
  }

  /** What the recorder asks of a contract, and the answers. */
  lookUp(id: number, name: string, isFront: boolean): this {
    const [maturity, product] = [id + 1_000, 7]
    this.#ask('contract/item', `id=${id}`, { id, name, contractMaturityId: maturity })
    this.#ask('contractMaturity/item', `id=${maturity}`, { id: maturity, productId: product, isFront })
    return this.#ask('product/item', `id=${product}`, { id: product, name: 'NQ', tickSize: 0.25 })
  }

  maturity(id: number, isFront: boolean): this {
    return this.#ask('contractMaturity/item', `id=${id + 1_000}`, { id: id + 1_000, productId: 7, isFront })
  }

  tradeManager(ticker: string, bid: number, ask: number): this {
    const data = { ticker, prices: { bid, ask }, tickinfo: { step: 0.25, amnt: 5 } }
    return this.#say(2, JSON.stringify({ type: 'DATA', data }))
  }

  tradingview(n: string, v: object): this {
    return this.#say(3, frameMessage([JSON.stringify({ m: 'qsd', p: ['qs_a', { n, s: 'ok', v }] })]))
  }

  async tape(folder: string, name: string): Promise<TapeReader> {
    return TapeReader.open(await this.write(folder, name))
  }

  async write(folder: string, name: string): Promise<string> {
    const path = join(folder, `${name}.tape.jsonl`)
    const writer = await TapeWriter.create(path, { ...HEADER, feeds: [...FEEDS], synthetic: true })
    for (const draft of this.drafts) writer.append(draft)
    await writer.seal(this.drafts.length * SECOND)
    return path
  }

  #ask(endpoint: string, query: string, d: object): this {
    this.#asked += 1
    const text = requestText(endpoint, this.#asked, { query })
    this.drafts.push({ kind: 'frame', at: this.#at, conn: 1, dir: 'out', op: 'text', text })
    return this.#say(1, frameOf([JSON.stringify({ s: 200, i: this.#asked, d })]))
  }

  #say(conn: number, text: string): this {
    this.drafts.push({ kind: 'frame', at: this.#at, conn, dir: 'in', op: 'text', text })
    return this
  }

  get #at(): number {
    return this.drafts.length * SECOND
  }
}
