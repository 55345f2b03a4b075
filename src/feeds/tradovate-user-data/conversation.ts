import type { Conversation, ConversationOptions, ConversationPlan, Market } from '../feed.ts'
import { createContractDesk } from '../tradovate/contract-desk.ts'
import { ENTITY_TYPES } from '../tradovate/entity-types.ts'
import { bodyOf, type ClientRequest, endpointKey } from '../tradovate/request.ts'
import { idsOf, meaningsOf, replyText, rewritten, startVenue } from '../tradovate/venue.ts'
import { loginVenue } from '../tradovate/venue-http.ts'
import { SYNC } from './items.ts'
import { ACCOUNT, createAccount, type Lists, type Push } from './venue-account.ts'

export const conversation: ConversationPlan = {
  path: '/v1/websocket',
  beatEvery: 2_500_000,
  // Several clients' word for it; how many missed beats it takes is not known.
  silence: 15_000_000,
  http: loginVenue,
  start,
  meanings: meaningsOf,
  idsOf,
  rewrite: rewritten,
}

/** Whose account it is where the client does not say: account/list tells it. */
const USER = 1_000_001

/** This socket has no quotes: every so many moves of a price somebody trades, so that something is pushed. */
const MOVES_PER_TRADE = 20

function start({ market, now }: ConversationOptions): Conversation {
  const traded = withContracts(market)
  const desk = createContractDesk(traded)
  const account = createAccount(traded, desk, now)
  let isSynced = false
  let moves = 0

  function sync(request: ClientRequest): readonly string[] {
    const { users, splitResponses, accounts, entityTypes } = bodyOf(request)
    isSynced = true
    if (splitResponses === true) {
      const isOurs = Array.isArray(accounts) && accounts.includes(ACCOUNT)
      return isOurs
        ? splitReplies(request.id, account.lists(USER), entityTypes)
        : [replyText(request.id, 200, {})]
    }
    const userId: unknown = Array.isArray(users) ? users[0] : undefined
    if (typeof userId !== 'number') return [replyText(request.id, 400, 'No usable value for users')]
    return [replyText(request.id, 200, account.lists(userId))]
  }

  return startVenue({
    answer(request) {
      const key = endpointKey(request.endpoint)
      if (key === SYNC) return sync(request)
      if (key === 'account/list') return [replyText(request.id, 200, account.accounts(USER))]
      return desk.answer(request)
    },
    moved(name, { last }) {
      if (!isSynced || !last || !account.names.includes(name)) return []
      moves += 1
      return moves % MOVES_PER_TRADE === 0 ? account.trade(name, last).map(propsText) : []
    },
  })
}

function propsText(push: Push): string {
  return JSON.stringify({ e: 'props', d: push })
}

/** How the venue divides them is not public: made here, one answer for each list that is asked for. */
function splitReplies(id: string, lists: Lists, entityTypes: unknown): readonly string[] {
  const wanted: readonly unknown[] = Array.isArray(entityTypes) ? entityTypes : []
  return ENTITY_TYPES.flatMap(({ name, list }) => {
    if (list === undefined || !wanted.includes(name)) return []
    return [replyText(id, 200, { [list]: lists[list] ?? [] })]
  })
}

/** A market that does not say what there is to trade has one contract, under a real one's name. */
function withContracts(market: Market): Market {
  return (market.names ?? []).length > 0 ? market : ONE_CONTRACT
}

const NAME = 'NQZ6'

const ONE_CONTRACT: Market = {
  names: [NAME],
  quote: name => (name === NAME ? { last: { mantissa: 3023175, scale: 2 } } : undefined),
  facts: name =>
    name === NAME
      ? {
          kind: 'instrument',
          session: '',
          name,
          symbol: name,
          currency: 'USD',
          root: 'NQ',
          pointValue: { mantissa: 20, scale: 0 },
          tickSize: { mantissa: 25, scale: 2 },
          expires: 1_797_604_200_000_000,
          isFront: true,
        }
      : undefined,
}
