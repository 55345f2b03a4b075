import type { Feed } from '../../src/feeds/index.ts'
import type { Random } from '../../src/model/random.ts'
import type { Message } from '../../src/tape/index.ts'
import { decodeConnection, wrongWithAccount } from './fuzz-account.ts'
import { isJson, retoldJson } from './fuzz-hostile.ts'

/** A config with slips: it is refused by its schema, or a decoder works with it. */
export function retoldSettings(random: Random, feed: Feed, message: Message): string | undefined {
  if (feed.settings?.example === undefined) return undefined
  const retold = retoldJson(random, JSON.stringify(feed.settings.example))
  if (!isJson(retold)) return undefined
  const read = feed.settings.schema.safeParse(JSON.parse(retold))
  if (!read.success) return undefined
  const [decoded] = decodeConnection(feed, [message], { settings: read.data })
  return decoded === undefined ? 'not decoded' : wrongWithAccount(message, decoded)
}
