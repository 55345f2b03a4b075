import { parseKeepingText } from '../../../src/feeds/numbers.ts'
import { stepsOf } from '../../../src/inspect/schema/field-paths.ts'
import type { KindFacts } from '../../../src/inspect/schema/schema-facts.ts'
import { type Random, randomInteger } from '../../../src/model/random.ts'
import type { Entry } from '../../../src/tape/entry.ts'
import { changePackets } from './change-packets.ts'
import { changeKind, pick, planted } from './plant-places.ts'
import type { Plant, Planted } from './plants.ts'
import type { Session } from './session.ts'
import { withField } from './with-field.ts'

/** Where wires say which kind a message is. */
const KIND_PATHS = ['m', 'type', 'e', 'f']

export const PLANTS_IN_MESSAGES: Readonly<Record<string, Plant>> = {
  'a kind is new': (session, kinds, random) => {
    const kind = pick(often(kinds, 50), random)
    if (kind === undefined) return undefined
    const path = KIND_PATHS.find(word => kind.fields.has(word))
    if (path === undefined && session.feed.transport === 'websocket') return undefined
    const change = (value: unknown): unknown =>
      path === undefined ? { brandNew: value } : withField(value, stepsOf(path), () => 'brandnew')
    return planted(
      session,
      { kind, path: path ?? '' },
      value => (random.next() < 0.05 ? change(value) : value),
      { severities: ['warning'], changes: ['kind new'] },
    )
  },
  'a cadence has halved': (session, kinds, random) => {
    const kind = pick(often(kinds, 100), random)
    if (kind === undefined) return undefined
    let messages = 0
    let latest = -1
    const thin = changePackets(session, (payload, { packet }, { seq }) => {
      if (packet.kind !== kind.kind || packet.dir !== 'in') return payload
      if (seq !== latest) messages += 1
      latest = seq
      return messages % 2 === 0 ? payload : undefined
    })
    return cadence(kind, thin)
  },
  'everything is half as fast': (session, kinds, random) => {
    // What is asked for comes at our own pace.
    const kind = pick(often(kinds, 100), random)
    if (kind === undefined || kind.heads !== undefined) return undefined
    return cadence(kind, { ...session, entries: session.entries.map(one => ({ ...one, at: one.at * 2 })) })
  },
  'messages are broken': (session, _, random) => ({
    what: 'three messages',
    session: broken(session, random),
    isFound: ({ severity, change }) => severity === 'critical' && change === 'unreadable',
  }),
  'messages are larger': (session, kinds, random) => {
    const kind = pick(often(kinds, 60), random)
    if (kind === undefined) return undefined
    const larger = changeKind(session, kind.kind, payload => {
      const value = parseKeepingText(payload)
      const isOpen = typeof value === 'object' && value !== null && !Array.isArray(value)
      return isOpen ? JSON.stringify({ ...value, more: 'x'.repeat(payload.length * 2) }) : payload
    })
    return {
      what: kind.kind,
      session: larger,
      isFound: finding => finding.change === 'size' && finding.kind === kind.kind,
    }
  },
}

/** Kinds that are read and came often. */
function often(kinds: readonly KindFacts[], least: number): readonly KindFacts[] {
  return kinds.filter(({ dispositions }) => (dispositions.read ?? 0) >= least)
}

function cadence({ kind }: KindFacts, session: Session): Planted {
  return {
    what: kind,
    session,
    isFound: finding => finding.change === 'cadence' && finding.kind === kind,
  }
}

/** Cut short; a stream's line ends as a line all the same. */
function broken(session: Session, random: Random): Session {
  const long = session.entries.filter(entry => isLong(entry))
  const chosen = new Set(Array.from({ length: 3 }, () => long[randomInteger(random, 5, long.length - 1)]))
  const entries = session.entries.map((entry): Entry => {
    if (!chosen.has(entry) || !('text' in entry) || entry.text === undefined) return entry
    const end = entry.kind === 'frame' && entry.op === 'chunk' && entry.text.endsWith('\n') ? '\n' : ''
    return { ...entry, text: `${entry.text.slice(0, Math.floor(entry.text.length * 0.7))}${end}` }
  })
  return { ...session, entries }
}

function isLong(entry: Entry): boolean {
  const isIn = entry.kind === 'response' || (entry.kind === 'frame' && entry.dir === 'in')
  return isIn && 'text' in entry && (entry.text?.length ?? 0) > 30
}
