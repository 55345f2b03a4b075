import {
  type Credentials,
  exchangeDrafts,
  type Feed,
  type HttpFeed,
  type Market,
  type SessionStep,
  type SocketFeed,
  type TokenExchange,
} from '../src/feeds/index.ts'
import { FeedtapeError } from '../src/model/errors.ts'
import { seededRandom } from '../src/model/random.ts'
import type { Direction, EntryDraft } from '../src/tape/index.ts'

const LAST = { mantissa: 2565025, scale: 2 }
const NOW = 1_766_031_047_000_000
const MARKET: Market = {
  names: ['X:Y'],
  quote: name => (name === 'X:Y' ? { last: LAST, bid: LAST } : undefined),
  facts: name => (name === 'X:Y' ? { kind: 'instrument', session: '', name, type: 'futures' } : undefined),
}
const MOST_TURNS = 30

/** All that one feed's client, login and venue say to each other with these credentials, as entries of a tape. */
export function talkOf(feed: Feed, credentials: Credentials): readonly EntryDraft[] {
  const talk = feed.transport === 'websocket' ? socketTalk(feed, credentials) : httpTalk(feed, credentials)
  return [...loginsOf(feed, credentials), ...talk]
}

export function frameDraft(text: string, dir: Direction = 'in'): EntryDraft {
  return { kind: 'frame', at: 0, conn: 1, dir, op: 'text', text }
}

function startOf(
  feed: Pick<Feed, 'url'>,
  credentials: Credentials,
  options: Feed['session']['options'] = [],
) {
  return {
    ...{ symbols: ['X:Y'], credentials, random: seededRandom(1) },
    options: Object.fromEntries(options.map(({ name, value }) => [name, value])),
    url: feed.url === '' ? 'wss://127.0.0.1/' : feed.url,
  }
}

function socketTalk(feed: SocketFeed, credentials: Credentials): readonly EntryDraft[] {
  const client = feed.session.start(startOf(feed, credentials, feed.session.options))
  const venue = feed.conversation.start({ market: MARKET, random: seededRandom(2), now: () => NOW })
  const drafts: EntryDraft[] = [{ kind: 'open', at: 0, conn: 1, feed: feed.name, url: client.url }]
  const say = (steps: readonly SessionStep[]): readonly string[] =>
    steps.flatMap(step => {
      if (step.kind === 'note') drafts.push({ kind: 'mark', at: 0, conn: 1, note: step.text })
      if (step.kind === 'wait') return say(step.afterwards)
      return step.kind === 'send' ? [step.text] : []
    })
  let sent = say(client.opened())
  let heard = [...venue.opened()]
  for (let turn = 0; turn < MOST_TURNS && sent.length + heard.length > 0; turn += 1) {
    drafts.push(...heard.map(text => frameDraft(text)), ...sent.map(text => frameDraft(text, 'out')))
    const answers = sent.flatMap(text => venue.received(text))
    sent = heard.flatMap(text => say(client.received(text)))
    heard = answers
  }
  return drafts
}

function httpTalk(feed: HttpFeed, credentials: Credentials): readonly EntryDraft[] {
  const venue = feed.conversation.start({ market: MARKET, random: seededRandom(2), now: () => NOW })
  const drafts: EntryDraft[] = []
  for (const options of choicesOf(feed)) {
    const client = feed.session.start({ ...startOf(feed, credentials), options })
    for (let exchange = 1; exchange <= 3; exchange += 1) {
      const turn = client.next()
      if (turn === undefined) break
      const answer = venue.answer(turn.request)
      const place = { feed: feed.name, conn: 1, exchange, at: 0 }
      drafts.push(...exchangeDrafts({ request: turn.request, answer }, place))
      if (turn.isStream === undefined) client.answered(answer, turn)
    }
  }
  return drafts
}

/** As stated, and each option by itself in a word that its own meaning names. */
function choicesOf({ session }: HttpFeed): readonly Readonly<Record<string, string>>[] {
  const specs = session.options ?? []
  const stated = Object.fromEntries(specs.map(({ name, value }) => [name, value]))
  const others = specs.flatMap(({ meaning, name, refuse, value }) =>
    [...new Set(meaning.match(/\b[a-z]{3,20}\b/g) ?? [])]
      .filter(word => word !== value && refuse !== undefined && refuse(word) === undefined)
      .map(word => ({ ...stated, [name]: word })),
  )
  return [stated, ...others]
}

/** Every exchange that some of the credentials lead to, answered by the venue where it has one for that. */
function loginsOf(feed: Feed, credentials: Credentials): readonly EntryDraft[] {
  return exchangesOf(feed, credentials).flatMap(exchange => draftsOf(feed, exchange))
}

export interface Given {
  readonly drafts: readonly EntryDraft[]
  readonly credentials: Credentials
}

/** What the venue gives for these credentials, with the entries that would show it. */
export function givenBy(feed: Feed, credentials: Credentials): readonly Given[] {
  return exchangesOf(feed, credentials).flatMap(exchange => {
    const drafts = draftsOf(feed, exchange)
    return drafts.flatMap((draft): readonly Given[] => {
      if (draft.kind !== 'response' || !('text' in draft)) return []
      const result = exchange.read(draft.status, draft.text, NOW)
      return 'credentials' in result ? [{ drafts, credentials: result.credentials }] : []
    })
  })
}

function exchangesOf(feed: Feed, credentials: Credentials): readonly TokenExchange[] {
  const keys = Object.keys(credentials)
  const subsets = [keys, ...keys.map(key => [key]), ...keys.map(key => keys.filter(one => one !== key))]
  const withoutTokens = keys.filter(key => !/token/i.test(key))
  return [...subsets, withoutTokens].flatMap(subset => {
    const given = Object.fromEntries(subset.map(key => [key, credentials[key] ?? '']))
    const made = [
      exchangeOf(() => feed.session.exchange?.(given)),
      exchangeOf(() => feed.session.renew?.(given)),
    ]
    return made.filter(exchange => exchange !== undefined)
  })
}

function exchangeOf(make: () => TokenExchange | undefined): TokenExchange | undefined {
  try {
    return make()
  } catch (thrown) {
    if (thrown instanceof FeedtapeError) return undefined
    throw thrown
  }
}

/** With the bodies that the recorder leaves out, and a browser's HAR does not. */
function draftsOf(feed: Feed, { body, headers, method, url }: TokenExchange): readonly EntryDraft[] {
  const request = body === undefined ? { method, url, headers } : { method, url, headers, body }
  const http = feed.transport === 'websocket' ? feed.conversation.http : undefined
  const answer = http?.start({ market: MARKET, random: seededRandom(3), now: () => NOW }).answer(request)
  return exchangeDrafts(answer === undefined ? { request } : { request, answer }, {
    ...{ feed: feed.name, conn: 1, exchange: 1, at: 0 },
  })
}
