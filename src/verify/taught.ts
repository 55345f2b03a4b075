import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { FEEDS } from '../feeds/index.ts'
import { refusalOf, writtenObject } from '../instruments/hand-written.ts'
import { FeedtapeError, reasonOf } from '../model/errors.ts'

/** By the feed's name: what a config teaches it (`Feed.settings`). */
export type Taught = ReadonlyMap<string, unknown>

/**
 * What a case's own `<case>.config.json` teaches feeds: `{"feeds":{"json-socket":{…}}}`, as in `--config`. Throws
 * `bad-config`, which names the key.
 */
export async function readTaught(file: string | undefined): Promise<Taught> {
  if (file === undefined) return new Map()
  const where = basename(file)
  const json = parsed(await readFile(file, 'utf8'), where)
  const schemas = FEEDS.flatMap(({ name, settings }) =>
    settings === undefined ? [] : [[name, settings.schema.optional()] as const],
  )
  const schema = writtenObject({ feeds: writtenObject(Object.fromEntries(schemas)) })
  const result = schema.safeParse(json)
  if (!result.success) {
    const { path, ...detail } = refusalOf(result.error, json)
    const place = path === '' ? where : `${where} ${path}`
    throw new FeedtapeError('bad-config', 'the config does not say what it should', {
      where: place,
      ...detail,
    })
  }
  return new Map(Object.entries(result.data.feeds).filter(([, settings]) => settings !== undefined))
}

function parsed(text: string, where: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new FeedtapeError('bad-config', 'the config is not JSON', {
      where,
      expected: 'one JSON object, such as {"feeds":{"json-socket":{"messages":[]}}}',
      found: reasonOf(cause),
      next: 'correct the JSON',
      cause,
    })
  }
}
