import { createTruth, renderWire, WIRES, type Wire, wireNamed } from '../../../src/synth/index.ts'
import { randomFor } from '../../../src/synth/seeds.ts'
import type { Entry } from '../../../src/tape/entry.ts'
import { withAsides } from './asides.ts'
import type { Session } from './session.ts'

/** Every wire that synth has words for. */
export const RENDERED_FEEDS: readonly string[] = WIRES.map(({ feed }) => feed.name)

const SECOND = 1_000_000
/** Of the morning, and of the evening. */
const TIMES = ['2026-01-05T14:30:00Z', '2026-01-07T21:10:00Z'].map(text => Date.parse(text) * 1_000)

/** Wires on which little happens are recorded for longer, and again and again. */
const RECORDINGS: Readonly<Record<string, { readonly times: number; readonly seconds: number }>> = {
  'tradingview-symbol-search': { times: 24, seconds: 15 },
  'tradovate-user-data': { times: 4, seconds: 240 },
}

/** A session as synth renders it, 300 to 420 s; `evening`: at another time of another day. */
export function renderedSession(name: string, seed: number, evening = false): Session {
  const wire = wireNamed(name)
  if (wire === undefined) throw new Error(`synth has no such wire: ${name}`)
  const { times, seconds } = RECORDINGS[name] ?? { times: 1, seconds: 300 + ((seed * 37) % 120) }
  const parts = Array.from({ length: times }, (_, part) => {
    const start = TIMES[evening ? 1 : 0] ?? 0
    const own = alikeSeed(wire, seed * 64 + part)
    return renderWire(
      wire,
      createTruth({ seed: own, start, length: seconds * SECOND, instruments: INSTRUMENTS }),
    )
  })
  const [first] = parts
  if (first === undefined) throw new Error('no recording')
  const { settings } = first.declares
  const session: Session = {
    feed: wire.feed,
    header: { ...first.header, clock: 'monotonic' },
    ...(settings === undefined ? {} : { settings: new Map([[name, settings]]) }),
    entries: oneBehindTheOther(
      parts.map(({ drafts }) => drafts.map((draft, index): Entry => ({ ...draft, seq: index + 1 }))),
    ),
  }
  return withAsides(session, seed)
}

const INSTRUMENTS = 6
/** Beyond all others, so that no session is a copy of another. */
const FURTHER = 1_000_000_007

/** Synth draws each session its habits (a delay, the unit of its times): only alike ones are the same wire. */
function alikeSeed(wire: Wire, seed: number): number {
  const habits = habitsOf(wire, 1)
  for (let own = seed; ; own += FURTHER) if (habitsOf(wire, own) === habits) return own
}

function habitsOf(wire: Wire, seed: number): string {
  const truth = createTruth({ seed, start: TIMES[0] ?? 0, length: SECOND, instruments: INSTRUMENTS })
  const { carried, settings } = wire.declare(truth, randomFor(seed, `${wire.feed.name} habits`))
  return JSON.stringify([settings, carried.map(({ delay, mode, name }) => [name, delay, mode])])
}

/** Recordings as one: their connections and exchanges have numbers of their own. */
function oneBehindTheOther(recordings: readonly (readonly Entry[])[]): readonly Entry[] {
  const all: Entry[] = []
  let [from, conns, exchanges] = [0, 0, 0]
  for (const entries of recordings) {
    const [at, conn, exchange] = [from, conns, exchanges]
    for (const entry of entries) {
      const moved: Entry = {
        ...entry,
        seq: all.length + 1,
        at: at + entry.at,
        ...('conn' in entry && entry.conn !== undefined ? { conn: conn + entry.conn } : {}),
        ...('exchange' in entry ? { exchange: exchange + entry.exchange } : {}),
      }
      all.push(moved)
      from = Math.max(from, moved.at)
      if ('conn' in moved) conns = Math.max(conns, moved.conn ?? 0)
      if ('exchange' in moved) exchanges = Math.max(exchanges, moved.exchange)
    }
    from += SECOND
  }
  return all
}

/** Its halves, each with what the client had said before it: openings, and requests that are answered later. */
export function halvesOf(session: Session): readonly [Session, Session] {
  const { entries } = session
  const middle = ((entries[0]?.at ?? 0) + (entries.at(-1)?.at ?? 0)) / 2
  const [first, second] = [entries.filter(({ at }) => at < middle), entries.filter(({ at }) => at >= middle)]
  const answered = new Set(second.flatMap(entry => (entry.kind === 'response' ? [entry.exchange] : [])))
  const heard = new Set(second.flatMap(entry => (entry.kind === 'frame' ? [entry.conn] : [])))
  const opening = first.filter(entry => {
    if (entry.kind === 'request') return answered.has(entry.exchange) || heard.has(entry.conn)
    return entry.kind === 'open' && heard.has(entry.conn)
  })
  return [
    { ...session, entries: first },
    { ...session, entries: [...opening, ...second] },
  ]
}
