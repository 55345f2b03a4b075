import type { Feed } from '../../../src/feeds/index.ts'
import { SchemaBuilder } from '../../../src/inspect/schema/schema-builder.ts'
import type { SchemaFacts } from '../../../src/inspect/schema/schema-facts.ts'
import type { Entry, Header } from '../../../src/tape/entry.ts'

/** One recording of one wire. */
export interface Session {
  readonly feed: Feed
  readonly header: Header
  /** What a config has to teach its feed. */
  readonly settings?: ReadonlyMap<string, unknown>
  readonly entries: readonly Entry[]
}

export function schemaOfSession({ entries, feed, header, settings }: Session): SchemaFacts {
  const builder = new SchemaBuilder(settings === undefined ? {} : { settings })
  builder.beginTape(header, feed.name)
  for (const entry of entries) builder.apply(entry)
  return builder.result()
}
