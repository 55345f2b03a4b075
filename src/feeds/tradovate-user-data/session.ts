import type { ClientSession, OptionSpec, SessionOptions, SessionPlan, SessionStep } from '../feed.ts'
import { type Ask, startClient } from '../tradovate/client.ts'
import { batchOfProps } from '../tradovate/entity-batch.ts'
import { ENTITY_TYPES } from '../tradovate/entity-types.ts'
import { ENVIRONMENT, environmentOf } from '../tradovate/environment.ts'
import { dataOf, errorOfReply, isRecord, type Reply, shownWords } from '../tradovate/reply.ts'
import type { ClientRequest } from '../tradovate/request.ts'
import { SYNC } from './items.ts'
import { createLookUps, lookedUp } from './look-ups.ts'
import { exchange, renew, USER_CREDENTIALS } from './sign-in.ts'

const ACCOUNTS = 'account/list'

const OPTIONS: readonly OptionSpec[] = [
  ENVIRONMENT,
  {
    name: 'sync',
    meaning: 'classic: everything of the user; split: chosen accounts, in several answers (a vendor’s form)',
    value: 'classic',
    refuse: value => (value === 'classic' || value === 'split' ? undefined : 'sync is classic or split'),
  },
  {
    name: 'accounts',
    meaning: 'for a split sync: ids of accounts, with commas; all of the login where none is given',
    value: '',
    refuse: value =>
      value === '' || idsIn(value) !== undefined ? undefined : 'accounts are ids, with commas between them',
  },
]

export const session: SessionPlan = {
  credentials: USER_CREDENTIALS,
  options: OPTIONS,
  needsSymbols: false,
  exchange,
  renew,
  start: startSession,
}

function startSession(options: SessionOptions): ClientSession {
  const chosen = options.options ?? {}
  const isSplit = chosen['sync'] === 'split'
  const user = integerOf(options.credentials['userId'])
  const accounts = idsIn(chosen['accounts'] ?? '')
  const lookUps = createLookUps()

  /** Once a socket, and it cannot be taken back. */
  function sync(ask: Ask, userId: number | undefined, ids: readonly number[]): readonly SessionStep[] {
    if (isSplit) return [ask(SYNC, { body: JSON.stringify(splitBody(ids)) })]
    return userId === undefined ? [NO_ACCOUNT] : [ask(SYNC, { body: JSON.stringify({ users: [userId] }) })]
  }

  function accepted(ask: Ask): readonly SessionStep[] {
    const isTold = isSplit ? accounts !== undefined : user !== undefined
    if (isTold) return sync(ask, user, accounts ?? [])
    const text = `asking ${ACCOUNTS} for the ${isSplit ? 'accounts' : 'user’s id'}, which nobody has given`
    return [{ kind: 'note', text }, ask(ACCOUNTS)]
  }

  function replied(reply: Reply, request: ClientRequest, ask: Ask): readonly SessionStep[] {
    const error = errorOfReply(reply)
    const data = dataOf(reply.data)
    const type = lookedUp(request.endpoint)
    if (type !== undefined) {
      if (error !== undefined) return [unnamed(request, error)]
      return lookUps.met(type, [data], ask)
    }
    if (error !== undefined) return [refused(request, error)]
    if (request.endpoint === ACCOUNTS) {
      const listed = Array.isArray(data) ? data.filter(isRecord) : []
      const ids = listed.flatMap(({ id }) => (isId(id) ? [id] : []))
      const [userId] = listed.flatMap(account => (isId(account['userId']) ? [account['userId']] : []))
      return ids.length === 0 ? [NO_ACCOUNT] : sync(ask, userId, ids)
    }
    return request.endpoint === SYNC ? lookUpLists(data, ask) : []
  }

  /** Contracts first: what the reply itself names needs no look-up. */
  function lookUpLists(data: unknown, ask: Ask): readonly SessionStep[] {
    if (!isRecord(data)) return []
    return ENTITY_TYPES.flatMap(({ name, list = '' }) => {
      const entities = data[list]
      return Array.isArray(entities) ? lookUps.met(name, entities, ask) : []
    })
  }

  return startClient({
    options,
    url: `wss://${environmentOf(options.options)}.tradovateapi.com/v1/websocket`,
    token: 'token',
    variable: 'FEEDTAPE_TRADOVATE_TOKEN',
    accepted,
    replied,
    comesInParts: request => isSplit && request.endpoint === SYNC,
    happened({ event, data }, ask) {
      if (event !== 'props') return []
      return batchOfProps(dataOf(data)).news.flatMap(({ type, entity }) =>
        lookUps.met(type.name, [entity], ask),
      )
    },
  })
}

/** `entityTypes` is an empty list where it is left out, and then nothing comes (PARTNER). */
function splitBody(accounts: readonly number[]): object {
  const entityTypes = ENTITY_TYPES.flatMap(type => (type.disposition === 'read' ? [type.name] : []))
  return { splitResponses: true, accounts, entityTypes }
}

function idsIn(text: string): readonly number[] | undefined {
  const ids = text.split(',').map(part => integerOf(part.trim()))
  return ids.every(id => id !== undefined) ? ids : undefined
}

function integerOf(text: string | undefined): number | undefined {
  if (text === undefined || !/^[1-9]\d{0,15}$/.test(text)) return undefined
  const value = Number(text)
  return isId(value) ? value : undefined
}

function isId(value: unknown): value is number {
  return Number.isSafeInteger(value)
}

const NO_ACCOUNT: SessionStep = {
  kind: 'refused',
  final: true,
  reason: 'the login has no account in this environment',
  next: 'choose the other one with --option environment=live (or demo), or give FEEDTAPE_TRADOVATE_USER_ID',
}

function refused({ endpoint }: ClientRequest, words: string): SessionStep {
  return {
    kind: 'refused',
    final: false,
    reason: `Tradovate answers ${endpoint} with ${shownWords(words)}`,
    next: 'is the user’s id right, and the environment the token’s own? with 429 wait some minutes',
  }
}

/** One contract without a name is no reason to stop. */
function unnamed({ endpoint, query }: ClientRequest, words: string): SessionStep {
  return {
    kind: 'note',
    text: `${endpoint} ${query} is answered with ${shownWords(words)}: it stays without a name`,
  }
}
