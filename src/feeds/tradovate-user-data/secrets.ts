import { Buffer } from 'node:buffer'
import type { EntryDraft } from '../../tape/entry.ts'
import type { FeedSecrets, Secret } from '../feed.ts'
import { secrets as ofBoth } from '../tradovate/secrets.ts'
import { exportAccounts } from './export-rows.ts'
import { personalNames } from './personal-names.ts'

/** What both sockets have, and the names that an account's data is full of. */
export const secrets: FeedSecrets = {
  find(draft) {
    const places = new Map<string, Secret>()
    const texts = textsOf(draft)
    const exported = texts.flatMap(exportAccounts).filter(value => value !== 'synthetic')
    const names = [...texts.flatMap(personalNames), ...exported.map(value => ({ value, place: 'Account' }))]
    for (const one of [...ofBoth.find(draft), ...names]) {
      if (!places.has(one.value)) places.set(one.value, one)
    }
    return [...places.values()]
  },
  harmless: [
    ...ofBoth.harmless,
    {
      pattern: /"(?:[a-zA-Z]{1,40}I|i)d":\d{1,16}\b/,
      why: 'ids of entities are counters of the venue: without a token they open nothing, and orders, fills and positions are joined by them',
    },
    {
      pattern: /"(?:name|externalClOrdId|clOrdId)":"\d\.\d{6,20}"/,
      why: 'an execution report’s name and client order id are random numbers for one order (2026-06-14)',
    },
    {
      pattern: /"uuid":"[0-9a-f-]{36}"/,
      why: 'an order strategy’s uuid is drawn by the client to tell its own orders apart',
    },
  ],
}

function textsOf(draft: EntryDraft): readonly string[] {
  switch (draft.kind) {
    case 'frame':
      return bodyOf(draft)
    case 'request':
      return [draft.url, ...bodyOf(draft)]
    case 'response':
      return bodyOf(draft)
    case 'open':
      return [draft.url]
    case 'fail':
      return [draft.url, draft.reason]
    case 'mark':
      return [draft.note]
    case 'close':
      return [draft.reason ?? '']
    case 'pause':
    case 'resume':
    case 'clock':
    case 'lost':
      return []
    default:
      return draft satisfies never
  }
}

function bodyOf(body: object): readonly string[] {
  if ('text' in body && typeof body.text === 'string') return [body.text]
  if ('base64' in body && typeof body.base64 === 'string') {
    return [Buffer.from(body.base64, 'base64').toString('utf8')]
  }
  return []
}
