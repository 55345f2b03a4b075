import type {
  BarObservation,
  InstrumentFacts,
  Observation,
  QuoteUpdate,
  TradeObservation,
} from '../../model/observation.ts'
import type { Encode } from '../feed.ts'
import { frameMessage } from './framing.ts'
import {
  qsdPayload,
  type WireMember,
  type Written,
  writeBar,
  writeFacts,
  writeQuote,
  writeTrade,
} from './write-quote.ts'

/** The inverse of decode for everything that a qsd can say: decode(encode(x)) is x. */
export const encode: Encode = {
  frame: frameMessage,
  message(observations) {
    const drafts: Draft[] = []
    for (const observation of observations) {
      if (!isOfQsd(observation)) return undefined
      const { members, unsaid } = write(observation)
      if (members.length === 0 || unsaid.length > 0) return undefined
      const draft = drafts.at(-1)
      if (draft !== undefined && fits(draft, observation, members)) {
        draft.members.push(...members)
        draft.rank = rankOf(observation)
      } else {
        const { session, name } = observation
        drafts.push({ session, name, rank: rankOf(observation), members: [...members] })
      }
    }
    if (drafts.length === 0) return undefined
    return frameMessage(drafts.map(draft => qsdPayload(draft.session, draft.name, draft.members)))
  },
  cannot: {
    'quote lastSize': 'a size stands only in `trade`, beside its own price',
    'quote bidTime': 'bid and ask have no time on this wire',
    'quote askTime': 'bid and ask have no time on this wire',
    'quote lastTime, openTime, extendedTime': 'not with a fraction: whole seconds',
    'quote delay': 'only as the word of update_mode declares it, and only together with it',
    'quote and instrument decimals':
      'not 10^100 (“none”), and no non-integer of more than 15 significant digits (binary noise)',
    'quote or instrument without a field': 'an empty `v` says nothing',
    'bar 1m previous': 'prev-daily-bar is the only bar of the past',
    'bar history, other intervals': 'a qsd has the current minute and day, and the day before',
    'depth, account, signal': 'not on this socket',
  },
}

/** What a qsd can carry at all. */
type OfQsd = QuoteUpdate | TradeObservation | BarObservation | InstrumentFacts

const OF_QSD: ReadonlySet<string> = new Set(['quote', 'trade', 'bar', 'instrument'])

function isOfQsd(observation: Observation): observation is OfQsd {
  return OF_QSD.has(observation.kind)
}

interface Draft {
  readonly session: string
  readonly name: string
  rank: number
  readonly members: WireMember[]
}

/** A packet is read as facts, then the quote, then trades and bars, each key once: what fits that is one packet. */
function fits(draft: Draft, observation: OfQsd, members: readonly WireMember[]): boolean {
  return (
    draft.session === observation.session &&
    draft.name === observation.name &&
    (draft.rank < rankOf(observation) || rankOf(observation) === LAST_RANK) &&
    members.every(([key]) => draft.members.every(member => member[0] !== key))
  )
}

const LAST_RANK = 2

function rankOf(observation: OfQsd): number {
  switch (observation.kind) {
    case 'instrument':
      return 0
    case 'quote':
      return 1
    case 'trade':
    case 'bar':
      return LAST_RANK
    default:
      return observation satisfies never
  }
}

function write(observation: OfQsd): Written {
  switch (observation.kind) {
    case 'instrument':
      return writeFacts(observation)
    case 'quote':
      return writeQuote(observation.fields)
    case 'trade':
      return writeTrade(observation)
    case 'bar':
      return writeBar(observation)
    default:
      return observation satisfies never
  }
}
