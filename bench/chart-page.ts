import { type Random, randomAlphanumeric, randomInteger } from '../src/model/random.ts'
import * as filler from './filler.ts'
import { type Message, messageOf, quotePacket } from './message.ts'
import { Walk } from './walk.ts'

/** A chart's instrument under two names, the one that it is compared with, and a watch list. */
const CHART = [
  'NSE:CHARTED',
  '={"adjustment":"splits","currency-id":"INR","session":"regular","symbol":"NSE:CHARTED"}',
  'NSE:COMPARED',
]
const WATCHED = Array.from({ length: 7 }, (_, index) => `NSE:WATCHED${index + 1}`)
const FULL = 'qs_multiplexer_full_synthetic001'
const SIMPLE = 'qs_snapshoter_basic-symbol-quotes_synthetic02'
const SERIES = 'cs_synthetic003'

/** Messages of the stream between two loads of the page. */
const STREAMED = 400

/**
 * What a page with a busy chart gets. Its load is a session's 32 messages in the proportions of the real capture
 * S01 (tradingview.md): full quotes of ~100 fields, fundamentals of 1,140, bars, studies, snapshots of 23 fields.
 * Behind it come the shapes of its stream, with trades more often than in that quiet quarter of an hour. All
 * content is synthetic.
 */
export function* chartPage(random: Random, count: number): Generator<Message, void, undefined> {
  const page = new Page(random)
  let made = 0
  for (;;) {
    for (const message of page.load()) {
      yield message
      if (++made === count) return
    }
    for (let streamed = 0; streamed < STREAMED; streamed += 1) {
      yield page.stream()
      if (++made === count) return
    }
  }
}

class Page {
  readonly #random: Random
  readonly #chart: readonly Walk[]
  readonly #watched: readonly Walk[]
  /** The same for every load: making 75 KB of fundamentals anew each time would take longer than the measuring. */
  readonly #fundamentals: string
  readonly #static: string
  readonly #snapshot: string
  #beat = 0

  constructor(random: Random) {
    this.#random = random
    this.#chart = CHART.map(name => new Walk(name, true, random))
    this.#watched = WATCHED.map(name => new Walk(name, false, random))
    this.#fundamentals = filler.fundamentals(random, 1_140)
    this.#static = filler.staticFields(random, 75)
    this.#snapshot = filler.staticFields(random, 20)
  }

  *load(): Generator<Message, void, undefined> {
    const random = this.#random
    for (const name of [...CHART, ...WATCHED]) {
      yield messageOf('out', [`{"m":"quote_add_symbols","p":["${FULL}",${JSON.stringify(name)}]}`])
    }
    for (const size of [60, 2_000, 2_700, 18_000, 2_600])
      yield messageOf('out', [filler.createStudy(random, size)])
    for (const [index, walk] of this.#chart.entries()) yield this.#loadChart(walk, index)
    yield messageOf(
      'in',
      this.#watched.flatMap(walk => this.#snapshotOf(walk)),
    )
    for (const bytes of [50_000, 40_000, 31_000, 31_000, 32_000]) {
      yield messageOf('in', [
        filler.studyNote(random, 'study_loading'),
        filler.studyUpdate(random, bytes),
        filler.studyNote(random, 'study_completed'),
      ])
    }
    for (let index = 0; index < 7; index += 1) yield this.#studies()
  }

  #loadChart(walk: Walk, index: number): Message {
    const session = index === 0 ? SIMPLE : FULL
    const packet = (values: string) => quotePacket(session, walk.name, values)
    return messageOf('in', [
      filler.bars(this.#random, 'timescale_update', [300, 232, 60][index] ?? 60),
      packet('{"metrics_loaded":false}'),
      packet(walk.book()),
      packet(joined(walk.trade(), this.#static, DAY)),
      packet(this.#fundamentals),
      `{"m":"quote_completed","p":["${session}",${JSON.stringify(walk.name)}]}`,
    ])
  }

  #snapshotOf(walk: Walk): readonly string[] {
    return [
      quotePacket(SIMPLE, walk.name, joined(`{"lp":${walk.last},"volume":1e+100}`, this.#snapshot)),
      `{"m":"quote_completed","p":["${SIMPLE}",${JSON.stringify(walk.name)}]}`,
    ]
  }

  /** One message of the stream. */
  stream(): Message {
    const chance = this.#random.next()
    if (chance < 0.45) return this.#trades()
    if (chance < 0.7)
      return messageOf(
        'in',
        this.#chart.map(walk => this.#delta(walk, walk.book())),
      )
    if (chance < 0.9) return messageOf('in', [filler.bars(this.#random, 'du', 1)])
    if (chance < 0.95) return this.#studies()
    if (chance < 0.97)
      return messageOf(
        'in',
        this.#chart.map(walk => this.#delta(walk, '{"market_cap_calc":81234567890.5}')),
      )
    if (chance < 0.98) return this.#broadcast()
    return this.#heartbeat()
  }

  /** One to three trades, now with all five fields and now with one. */
  #trades(): Message {
    const packets: string[] = []
    const count = randomInteger(this.#random, 1, 3)
    while (packets.length < count) {
      const walks = this.#random.next() < 0.6 ? this.#chart : this.#watched
      const walk = walks[randomInteger(this.#random, 0, walks.length - 1)]
      if (walk === undefined) throw new Error('an index outside the list')
      walk.step()
      const chance = this.#random.next()
      if (chance < 0.6) packets.push(this.#delta(walk, walk.trade()))
      else if (chance < 0.8) packets.push(this.#delta(walk, `{"lp":${walk.last}}`))
      else if (chance < 0.9) packets.push(this.#delta(walk, `{"volume":${walk.volume}}`))
      else packets.push(this.#delta(walk, walk.lastTime()))
    }
    return messageOf('in', packets)
  }

  #delta(walk: Walk, values: string): string {
    return quotePacket(walk.hasBook && walk !== this.#chart[0] ? FULL : SIMPLE, walk.name, values)
  }

  /** What is static again, without a price (S07, S01 message 58). */
  #broadcast(): Message {
    const walk = this.#chart[randomInteger(this.#random, 0, this.#chart.length - 1)]
    if (walk === undefined) throw new Error('an index outside the list')
    return messageOf('in', [this.#delta(walk, this.#static)])
  }

  #studies(): Message {
    const id = randomAlphanumeric(this.#random, 6)
    return messageOf('in', [
      filler.studyNote(this.#random, 'study_loading'),
      `{"m":"du","p":["${SERIES}",{"${id}":{"st":[],"ns":{"d":"","indexes":[]},"t":"s1_st1"}}]}`,
      filler.studyNote(this.#random, 'study_completed'),
    ])
  }

  #heartbeat(): Message {
    this.#beat += 1
    return messageOf(this.#beat % 2 === 1 ? 'in' : 'out', [`~h~${Math.ceil(this.#beat / 2)}`])
  }
}

const DAY =
  '{"open_price":100.25,"high_price":120.5,"low_price":90.75,"prev_close_price":101.1,"open_time":1789990000,"rtc":null,"rtc_time":null,"rch":null,"rchp":null,"current_session":"market","update_mode":"streaming","is_tradable":true}'

/** Objects as texts, in one. */
function joined(...objects: readonly string[]): string {
  return `{${objects.map(object => object.slice(1, -1)).join(',')}}`
}
