import { Buffer } from 'node:buffer'
import { eachOnce, partsOf } from '../entry-secrets.ts'
import type { FeedSecrets } from '../feed.ts'
import { secrets as ofBoth } from '../tradovate/secrets.ts'
import { exportAccounts } from './export-rows.ts'
import { personalNames } from './personal-names.ts'

/** What both sockets have, and the names that an account's data is full of. */
export const secrets: FeedSecrets = {
  find(draft) {
    const { url = '', text = '' } = partsOf(draft, utf8Of)
    const texts = [url, text]
    const exported = texts.flatMap(exportAccounts).filter(value => value !== 'synthetic')
    const names = [...texts.flatMap(personalNames), ...exported.map(value => ({ value, place: 'Account' }))]
    return eachOnce([...ofBoth.find(draft), ...names])
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

/** Names are not ASCII only. */
function utf8Of(base64: string): string {
  return Buffer.from(base64, 'base64').toString('utf8')
}
