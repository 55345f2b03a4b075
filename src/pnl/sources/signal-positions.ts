import { ZERO } from '../../model/decimal.ts'
import type { EpochMicros } from '../../model/time.ts'
import { labelOf, positionKey } from '../label.ts'
import { NO_NEWS, type PositionNews, type SourceRoom } from './position-source.ts'
import { reach, set } from './signal-after.ts'
import { ExactPositions } from './signal-exact.ts'
import { SignalCounts, type SignalRemark, type SignalsReport } from './signal-report.ts'
import { addTo, close, open, trade } from './signal-rules.ts'
import { NOTHING, type Outcome, remarked, type SignalRoom, type Turn } from './signal-turn.ts'
import type { SignalOrigin, SignalWord } from './signal-word.ts'

/**
 * A position for each strategy, ticker and timeframe, as signals open it, add to it and close it
 * (docs/decisions/0022-signals.md). What a signal leaves open is not guessed: it is left out, and counted.
 */
export class SignalPositions {
  readonly counts = new SignalCounts()
  /** As written. */
  readonly names = new Set<string>()
  readonly #canonical: (name: string) => string
  readonly #room: SignalRoom

  constructor({ ledger, canonical }: SourceRoom) {
    this.#canonical = canonical
    this.#room = { ledger, exact: new ExactPositions(), counts: this.counts }
  }

  take(word: SignalWord, origin: SignalOrigin, at: EpochMicros): readonly PositionNews[] {
    if (word.action === 'unknown') return this.#remark('unknown', origin)
    if (word.name === '') {
      return this.#remark(word.action === 'close' ? 'closesWithoutTicker' : 'incomplete', origin)
    }
    this.names.add(word.name)
    const turn = this.#turn(word, origin, at)
    return this.#newsOf(turn, apply(this.#room, turn))
  }

  move(from: string, to: string): void {
    this.#room.exact.move(from, to)
  }

  report(): SignalsReport {
    return this.counts.report()
  }

  #turn(word: SignalWord, origin: SignalOrigin, at: EpochMicros): Turn {
    const instrument = this.#canonical(word.name)
    const label = labelOf({ strategy: word.strategy, timeframe: word.timeframe })
    const key = positionKey(instrument, label)
    const held = this.#room.ledger.position(key)?.quantity ?? ZERO
    return { word, origin, at, instrument, label, key, held }
  }

  #newsOf(
    { key, at, origin: { line } }: Turn,
    { isChanged, certainty, deal }: Outcome,
  ): readonly PositionNews[] {
    const { ledger } = this.#room
    const kinds: PositionNews['kind'][] = isChanged ? ['signal'] : []
    if (certainty === 'sure' && ledger.confirm(key, at)) kinds.push('confirmed')
    if (certainty === 'doubtful' && ledger.doubt(at, key).length > 0) kinds.push('uncertain')
    const said = { ...(line === undefined ? {} : { line }), ...(deal === undefined ? {} : { deal }) }
    return kinds.map(kind => (kind === 'signal' ? { kind, key, ...said } : { kind, key }))
  }

  #remark(remark: SignalRemark, origin: SignalOrigin): readonly PositionNews[] {
    this.counts.remark(remark, origin)
    return NO_NEWS
  }
}

function apply(room: SignalRoom, turn: Turn): Outcome {
  const { action, position } = turn.word
  if (position?.averagePrice !== undefined) return set(room, turn, position, position.averagePrice)
  if (position !== undefined) return reach(room, turn, position.quantity)
  switch (action) {
    case 'open':
      return open(room, turn)
    case 'add':
      return addTo(room, turn)
    case 'close':
      return close(room, turn)
    case 'trade':
      return trade(room, turn)
    case 'unknown':
      remarked(room, turn, 'unknown')
      return NOTHING
    default:
      return action satisfies never
  }
}
