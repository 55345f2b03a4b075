import type { QuoteFields } from '../../model/quote.ts'
import type { Conversation, ConversationOptions, ConversationPlan } from '../feed.ts'
import { marketText } from './market-text.ts'
import { meanings } from './meaning.ts'
import { objectIn } from './message.ts'
import { objectText, stringText } from './python-json.ts'
import { GREETING_TEXT } from './wire.ts'

export const PATH = '/ws'

export const conversation: ConversationPlan = {
  path: PATH,
  // The client's: no heartbeat of the venue is known, and `beat` says nothing.
  beatEvery: 25_000_000,
  start,
  meanings,
  // A client chooses no ids here: an account's and a trade's are the venue's own.
  idsOf: () => [],
  rewrite: text => text,
}

/** Python's words for a string, as the greeting stands in all four sessions. */
const GREETING = objectText([['data', stringText(GREETING_TEXT)]])
const UNAUTHORIZED = 'Unauthorized access'

const ANSWERS: Readonly<Record<string, readonly string[]>> = {
  PING: [],
  ACCSETUP: ['{"type": "ACCSETUP_COMPLETE", "status": "Success"}'],
  SYMCHECK: ['{"type": "SYMCHECK_COMPLETE"}'],
  // The venue closes the trade and tells so in TRADES and LOGS; there is no trade here.
  CLOSE_TRADE: [],
}

function start({ market }: ConversationOptions): Conversation {
  /** Names of which this client has had a first DATA. */
  const told = new Set<string>()
  let isIn = false
  let isOver = false

  function hangUp(): readonly string[] {
    isOver = true
    return [UNAUTHORIZED]
  }

  return {
    // The greeting comes behind AUTH, not behind the connection (README.md).
    opened: () => [],
    received(text) {
      const message = objectIn(text)
      const type: unknown = message?.['type']
      if (isOver) return []
      if (type === 'AUTH') {
        if (!isPlausible(message?.['user']) || !isPlausible(message?.['token'])) return hangUp()
        isIn = true
        return [GREETING]
      }
      if (!isIn && type !== 'PING') return hangUp()
      // What it does with words that it cannot read is not known: nothing.
      return typeof type === 'string' && Object.hasOwn(ANSWERS, type) ? (ANSWERS[type] ?? []) : []
    },
    beat: () => [],
    moved(name, fields) {
      if (!isIn || isOver || (told.has(name) && !isOfBook(fields))) return []
      told.add(name)
      return [marketText(name, market)]
    },
    isOver: () => isOver,
  }
}

/** An empty word or one with blanks stands for nobody. */
function isPlausible(word: unknown): boolean {
  return typeof word === 'string' && /^\S+$/.test(word)
}

function isOfBook({ bid, ask }: QuoteFields): boolean {
  return bid !== undefined || ask !== undefined
}
