import type { Feed, Secret } from '../../src/feeds/index.ts'
import { type Random, randomInteger } from '../../src/model/random.ts'
import type { EntryDraft, Message } from '../../src/tape/index.ts'
import { NAMES, pick, woundedUrl } from './fuzz-hostile.ts'
import { hostileHeaders } from './fuzz-hostile-http.ts'
import { retoldSettings } from './fuzz-settings.ts'

/** Whoever else reads a message, or what stands around it: secrets, looks, addresses, settings. */
export function wrongWithListeners(random: Random, feed: Feed, message: Message): string | undefined {
  const { seq: _, ...draft } = message
  const text = 'text' in message ? message.text : pick(random, NAMES)
  for (const one of [draft, ...draftsAround(random, feed, text)]) {
    const wrong = feed.secrets
      .find(one)
      .map(wrongWithSecret)
      .find(found => found !== undefined)
    if (wrong !== undefined) return wrong
  }
  const looks = feed.recognise(text)
  if (looks !== undefined && !['certain', 'likely', 'possible'].includes(looks.confidence))
    return 'no confidence'
  if (typeof feed.matches(woundedUrl(random, feed.url)) !== 'boolean')
    return 'matches says neither yes nor no'
  feed.isTrading?.(pick(random, NAMES))
  return randomInteger(random, 0, 9) === 0 ? retoldSettings(random, feed, message) : undefined
}

function wrongWithSecret({ value, place }: Secret): string | undefined {
  if (typeof value !== 'string') return `a secret that is no text, in ${place}`
  return typeof place === 'string' && place !== '' ? undefined : 'a secret without a place'
}

/** The same words where other entries have room for them. */
function draftsAround(random: Random, { name, url }: Feed, text: string): readonly EntryDraft[] {
  const on = { at: 0, conn: 1 } as const
  const address = woundedUrl(random, url)
  return [
    { kind: 'open', ...on, feed: name, url: address },
    { kind: 'fail', ...on, feed: name, url: address, cause: 'other', reason: text },
    { kind: 'close', ...on, by: 'them', reason: text },
    { kind: 'mark', at: 0, note: text },
    {
      kind: 'request',
      ...on,
      feed: name,
      exchange: 1,
      method: 'GET',
      url: address,
      headers: hostileHeaders(random),
    },
    { kind: 'response', ...on, exchange: 1, status: 200, headers: hostileHeaders(random), text },
  ]
}
