import {
  type FieldFacts,
  type KindFacts,
  SchemaBuilder,
  type SchemaFacts,
} from '../../../src/inspect/schema/index.ts'
import type { Entry, Header } from '../../../src/tape/entry.ts'
import { SESSION_HEADER } from '../drift/sessions.ts'

export interface Said {
  readonly text: string
  readonly at?: number
  readonly dir?: 'in' | 'out'
}

export const SECOND = 1_000_000

/** One packet of TradingView's socket as a message. */
export function packet(payload: object | string, at?: number): Said {
  const text = typeof payload === 'string' ? payload : JSON.stringify(payload)
  return { text: `~m~${text.length}~m~${text}`, ...(at === undefined ? {} : { at }) }
}

export function qsd(fields: object, name = 'NSE:X', at?: number): Said {
  return packet({ m: 'qsd', p: ['qs_1', { n: name, s: 'ok', v: fields }] }, at)
}

/** Without a time of its own each message comes a second after the one before. */
export function entriesOf(said: readonly Said[], feed = 'tradingview-socket', conn = 1): readonly Entry[] {
  const open: Entry = { kind: 'open', seq: 1, at: 0, conn, feed, url: 'ws://127.0.0.1/' }
  const frames = said.map(({ text, at, dir = 'in' }, index): Entry => {
    return { kind: 'frame', seq: index + 2, at: at ?? (index + 1) * SECOND, conn, dir, op: 'text', text }
  })
  return [open, ...frames]
}

export function schemaOf(entries: readonly Entry[], header: Header = SESSION_HEADER): SchemaFacts {
  const builder = new SchemaBuilder()
  builder.beginTape(header, 'synthetic')
  for (const entry of entries) builder.apply(entry)
  return builder.result()
}

export function kindOf({ feeds }: SchemaFacts, kind: string, dir = 'in'): KindFacts {
  const found = [...feeds.values()]
    .map(({ kinds }) => kinds.get(`${dir} ${kind}`))
    .find(one => one !== undefined)
  if (found === undefined) throw new Error(`no ${dir} ${kind}`)
  return found
}

export function fieldOf(facts: SchemaFacts, kind: string, path: string): FieldFacts {
  const found = kindOf(facts, kind).fields.get(path)
  if (found === undefined)
    throw new Error(`no ${path} in ${[...kindOf(facts, kind).fields.keys()].join(' ')}`)
  return found
}
