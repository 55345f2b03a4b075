import type { QuoteUpdate } from '../../model/observation.ts'
import { QUOTE_FIELD_NAMES, type QuoteField } from '../../model/quote.ts'
import { type EpochMicros, epochMicrosFromIso } from '../../model/time.ts'
import { ConnectionFeeds, Normalizer } from '../../normalize/index.ts'
import type { Entry, Header, Message } from '../../tape/entry.ts'
import type { TapeReader } from '../../tape/index.ts'
import type { ParserValue } from './parser-line.ts'

/** The quote updates of one entry, as feedtape reads it. */
export interface OwnEntry {
  readonly seq: number
  readonly at: EpochMicros
  readonly feed: string
  readonly conn: number
  /** What was read: the frame's text, or the body's. */
  readonly text: string
  readonly updates: readonly OwnUpdate[]
}

export interface OwnUpdate {
  readonly name: string
  readonly session: string
  readonly fields: ReadonlyMap<QuoteField, ParserValue>
}

/** In the order of the tape; entries without a quote are left out. */
export async function* ownUpdates(
  tape: TapeReader,
  settings?: ReadonlyMap<string, unknown>,
): AsyncGenerator<OwnEntry> {
  const { header } = tape
  const start = epochMicrosFromIso(header.start) ?? 0
  const feeds = new ConnectionFeeds(header.id)
  const updates: OwnUpdate[] = []
  const normalizer = new Normalizer(
    {
      observation: observation => {
        if (observation.kind === 'quote') updates.push(updateOf(observation))
      },
    },
    optionsOf(header, settings),
  )
  for await (const entry of tape) {
    feeds.apply(entry)
    normalizer.apply(entry)
    if (updates.length === 0 || !isMessage(entry)) continue
    const { seq, conn } = entry
    const { feed } = feeds.place(entry)
    yield { seq, at: start + entry.at, feed, conn, text: textOf(entry), updates: updates.splice(0) }
  }
}

function optionsOf({ start }: Header, settings: ReadonlyMap<string, unknown> | undefined) {
  const at = epochMicrosFromIso(start)
  return { ...(settings === undefined ? {} : { settings }), ...(at === undefined ? {} : { start: at }) }
}

function updateOf({ name, session, fields }: QuoteUpdate): OwnUpdate {
  const said = QUOTE_FIELD_NAMES.flatMap(field => {
    const value = fields[field]
    return value === undefined ? [] : [[field, value] as const]
  })
  return { name, session, fields: new Map<QuoteField, ParserValue>(said) }
}

function isMessage(entry: Entry): entry is Message {
  return entry.kind === 'frame' || entry.kind === 'request' || entry.kind === 'response'
}

function textOf(entry: Message): string {
  if ('text' in entry) return entry.text
  return 'base64' in entry ? `base64 ${entry.base64}` : ''
}
