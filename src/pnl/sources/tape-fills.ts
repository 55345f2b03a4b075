import type { FeeObservation, FillObservation } from '../../model/account.ts'
import { type Decimal, decimalEquals, decimalSign } from '../../model/decimal.ts'
import { FeedtapeError } from '../../model/errors.ts'
import type { EpochMicros } from '../../model/time.ts'
import type { MatchedFill, TapePlace } from '../matching.ts'
import { OneAccount } from './tape-account.ts'
import { TapeFees } from './tape-fees.ts'

/** What the source does to a ledger. */
export interface FillLedger {
  fill(fill: MatchedFill & { readonly instrument: string }, at: EpochMicros): string
  /** False where fees that the fills bring do not count. */
  charge(instrument: string, fee: Decimal, at: EpochMicros, fill?: MatchedFill): boolean
  restate(instrument: string, fills: readonly MatchedFill[], at: EpochMicros): string
}

/** What an observation did to a position; `correction`: a fill was changed or taken back, and all were matched anew. */
export interface FillNews {
  readonly kind: 'fill' | 'fee' | 'correction'
  readonly instrument: string
}

/** What the tapes' fills came to. */
export interface FillsReport {
  /** That was asked for, or the only one. */
  readonly account: string | undefined
  /** That count. */
  readonly fills: number
  /** Told again, with nothing new: after a reconnect, say. */
  readonly repeated: number
  readonly corrected: number
  readonly takenBack: number
  /** Left out, because another account was asked for. */
  readonly otherAccounts: readonly string[]
  /** Left out, because nobody has said whose they are. */
  readonly withoutAccount: number
  /** Left out: they stand in the lead of a cut tape, which has some of what was before and not all of it. */
  readonly beforeTheCut: number
  /** Left out, because they are in another currency than the fill's first one. */
  readonly foreignFees: number
  /** Told again, with nothing new; none where it is absent, like the next. */
  readonly repeatedFees?: number
  /** Told with another amount, or taken back. */
  readonly correctedFees?: number
}

interface KnownFill {
  readonly id: string
  instrument: string
  fill: MatchedFill
  isCounted: boolean
}

/**
 * Positions from the fills that are on the tapes, of one account, in the order of their receipt. The same id is the
 * same fill: told again it changes nothing, told otherwise it takes the place that it had, and one that the venue has
 * taken back is out. Positions begin flat: what was held before the first fill no tape tells.
 */
export class TapeFills {
  readonly #ledger: FillLedger
  readonly #canonical: (name: string) => string
  readonly #fills = new Map<string, KnownFill>()
  readonly #byInstrument = new Map<string, KnownFill[]>()
  readonly #fees = new TapeFees()
  readonly #account: OneAccount
  readonly #ofTheLead = new Set<string>()
  readonly #names = new Set<string>()
  #repeated = 0
  #corrected = 0

  constructor(ledger: FillLedger, canonical: (name: string) => string, account?: string) {
    this.#ledger = ledger
    this.#canonical = canonical
    this.#account = new OneAccount({ what: 'fill', option: '--positions fills' }, account)
  }

  get account(): string | undefined {
    return this.#account.account
  }

  /** The instruments as the wire names them. */
  get names(): ReadonlySet<string> {
    return this.#names
  }

  /** Throws `ambiguous` at a fill of a second account, and `bad-positions` where one fill is of two instruments. */
  fill(observation: FillObservation, at: EpochMicros, place?: TapePlace): FillNews | undefined {
    if (!this.#account.takes(observation.id, observation.account, this.#fills.has(observation.id)))
      return undefined
    const { id, name, side, quantity, price, time, tradeDate, isActive, change } = observation
    this.#names.add(name)
    const instrument = this.#canonical(name)
    const isCounted = change !== 'deleted' && isActive !== false
    const known = this.#fills.get(id)
    const told = {
      id,
      side,
      quantity,
      price,
      at: time ?? at,
      ...(tradeDate === undefined ? {} : { tradeDate }),
      ...(place === undefined ? {} : { place }),
    }
    if (known === undefined) return this.#first({ id, instrument, fill: told, isCounted }, at)
    if (known.instrument !== instrument) throw ofTwoInstruments(id, known.instrument, instrument)
    if (known.isCounted === isCounted && (!isCounted || isSameDeal(known.fill, told))) {
      this.#repeated += 1
      return undefined
    }
    if (known.isCounted && isCounted) this.#corrected += 1
    known.fill = { ...told, at: known.fill.at ?? told.at }
    known.isCounted = isCounted
    return this.#restate(instrument, at)
  }

  /** The venue has taken a fill back, and says no more than which. One that nobody has told is none. */
  takeBack(id: string, at: EpochMicros): FillNews | undefined {
    const known = this.#fills.get(id)
    if (known === undefined || !known.isCounted) return undefined
    known.isCounted = false
    return this.#restate(known.instrument, at)
  }

  /** A fee may come before its fill, with it or later, and be put right. */
  fee(fee: FeeObservation, at: EpochMicros): FillNews | undefined {
    return this.#charge(fee.id, this.#fees.take(fee), at)
  }

  /** What the fill cost is taken back. */
  takeFeeBack(id: string, at: EpochMicros): FillNews | undefined {
    return this.#charge(id, this.#fees.takeBack(id), at)
  }

  #charge(id: string, difference: Decimal, at: EpochMicros): FillNews | undefined {
    const known = this.#fills.get(id)
    if (known === undefined || !known.isCounted || decimalSign(difference) === 0) return undefined
    const { instrument } = known
    return this.#ledger.charge(instrument, difference, at, known.fill)
      ? { kind: 'fee', instrument }
      : undefined
  }

  /** A fill that stands in a cut tape's lead, for the sake of what else its entry says. */
  leaveOut({ id }: FillObservation): void {
    this.#ofTheLead.add(id)
  }

  /** What was held under a name is of this instrument. */
  move(from: string, to: string): void {
    const moved = this.#byInstrument.get(from)
    if (moved === undefined) return
    for (const known of moved) known.instrument = to
    this.#byInstrument.delete(from)
    this.#byInstrument.set(to, moved)
  }

  /** Throws `bad-positions` where the account that was asked for has no fill, and others have. */
  report(): FillsReport {
    const known = [...this.#fills.values()]
    this.#account.refuseStranger(known.length === 0)
    const { repeated: repeatedFees, corrected: correctedFees } = this.#fees
    return {
      account: this.#account.account,
      fills: known.filter(({ isCounted }) => isCounted).length,
      repeated: this.#repeated,
      corrected: this.#corrected,
      takenBack: known.filter(({ isCounted }) => !isCounted).length,
      otherAccounts: this.#account.others,
      withoutAccount: this.#account.withoutAccount,
      beforeTheCut: this.#ofTheLead.size,
      foreignFees: known.reduce((sum, { id }) => sum + this.#fees.foreign(id), 0),
      ...(repeatedFees === 0 ? {} : { repeatedFees }),
      ...(correctedFees === 0 ? {} : { correctedFees }),
    }
  }

  #first(known: KnownFill, at: EpochMicros): FillNews | undefined {
    const { id, instrument } = known
    this.#fills.set(id, known)
    const others = this.#byInstrument.get(instrument)
    if (others === undefined) this.#byInstrument.set(instrument, [known])
    else others.push(known)
    if (!known.isCounted) return undefined
    return { kind: 'fill', instrument: this.#ledger.fill({ ...this.#withFee(known), instrument }, at) }
  }

  #restate(instrument: string, at: EpochMicros): FillNews {
    const counted = (this.#byInstrument.get(instrument) ?? []).filter(({ isCounted }) => isCounted)
    const fills = counted.map(known => this.#withFee(known))
    this.#ledger.restate(instrument, fills, at)
    return { kind: 'correction', instrument }
  }

  #withFee({ id, fill }: KnownFill): MatchedFill {
    const fee = this.#fees.of(id)
    return fee === undefined ? fill : { ...fill, fee }
  }
}

function isSameDeal(one: MatchedFill, other: MatchedFill): boolean {
  return (
    one.side === other.side &&
    decimalEquals(one.quantity, other.quantity) &&
    decimalEquals(one.price, other.price)
  )
}

const SOURCE = '--positions fills'

function ofTwoInstruments(id: string, one: string, other: string): FeedtapeError {
  return new FeedtapeError('bad-positions', `the fill ${id} is of two instruments`, {
    where: SOURCE,
    expected: `what was said first: ${one}`,
    found: other,
    next: 'replay the tapes of one venue at a time',
  })
}
