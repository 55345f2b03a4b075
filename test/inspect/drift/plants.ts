import { parseKeepingText } from '../../../src/feeds/numbers.ts'
import type { Change, DriftFinding, Severity } from '../../../src/inspect/drift/drift-report.ts'
import { stepsOf, valuesAt, withoutFields } from '../../../src/inspect/schema/field-paths.ts'
import { PacketReading } from '../../../src/inspect/schema/packet-reading.ts'
import type { FieldFacts, KindFacts } from '../../../src/inspect/schema/schema-facts.ts'
import { isEnum } from '../../../src/inspect/schema/schema-facts.ts'
import { type Random, randomInteger } from '../../../src/model/random.ts'
import type { Entry } from '../../../src/tape/entry.ts'
import { SESSION_HEADER, type Session } from './sessions.ts'
import { withField } from './with-field.ts'

/** A change of the wire that somebody planted, and what must be said of it. */
export interface Planted {
  readonly what: string
  readonly session: Session
  isFound(finding: DriftFinding): boolean
}

type Plant = (session: Session, kinds: readonly KindFacts[], random: Random) => Planted | undefined

/** Each class of change once; `undefined` where the wire has no place for it. */
export const PLANTS: Readonly<Record<string, Plant>> = {
  'a field that we read is gone': (session, kinds, random) => {
    const place = pick(places(kinds, isRead), random)
    return (
      place &&
      planted(session, place, value => withoutFields(value, new Set([place.path])), ['critical'], GONE)
    )
  },
  'a field that nobody reads is gone': (session, kinds, random) => {
    const place = pick(
      places(kinds, field => !isRead(field) && field.path !== '' && field.seen >= 50),
      random,
    )
    return (
      place &&
      planted(session, place, value => withoutFields(value, new Set([place.path])), ['warning'], GONE)
    )
  },
  'a field has another name': (session, kinds, random) => {
    const place = pick(
      places(kinds, field => isRead(field) && /(?:^|\.)[a-z_A-Z]+$/.test(field.path)),
      random,
    )
    return place && planted(session, place, value => renamed(value, place.path), ['critical'], GONE)
  },
  'a field has another type': (session, kinds, random) => {
    const place = pick(places(kinds, isRead), random)
    const other = (value: unknown): unknown => (typeof value === 'string' ? [value] : `${rawText(value)}`)
    return (
      place &&
      planted(
        session,
        place,
        value => withField(value, stepsOf(place.path), other),
        ['critical'],
        [...GONE, 'type'],
      )
    )
  },
  'a kind is new': (session, kinds, random) => {
    const kind = pick(
      kinds.filter(({ dispositions }) => dispositions.read !== undefined),
      random,
    )
    const path = ['m', 'type', 'e'].find(word => kind?.fields.has(word))
    if (kind === undefined || path === undefined) return undefined
    const change = (value: unknown): unknown => withField(value, stepsOf(path), () => 'brandnew')
    return planted(
      session,
      { kind, path },
      value => (random.next() < 0.05 ? change(value) : value),
      ['warning'],
      ['kind new'],
    )
  },
  'a word is new': (session, kinds, random) => {
    const place = pick(
      places(kinds, field => isEnum(field) && field.texts?.words?.[0]?.value !== undefined),
      random,
    )
    const change = (value: unknown): unknown => (typeof value === 'string' ? 'unheard_of' : value)
    return (
      place &&
      planted(
        session,
        place,
        value => (random.next() < 0.1 ? withField(value, stepsOf(place.path), change) : value),
        ['warning', 'critical'],
        ['value new', 'unreadable', 'kind new'],
      )
    )
  },
  'a rate has halved': (session, kinds, random) => {
    const place = pick(
      places(kinds, ({ seen, of }) => of !== undefined && seen >= 300 && seen / of > 0.15),
      random,
    )
    return (
      place &&
      planted(
        session,
        place,
        value => (random.next() < 0.5 ? withoutFields(value, new Set([place.path])) : value),
        ['warning', 'critical'],
        ['rate', 'unreadable', 'kind gone', 'kind new'],
      )
    )
  },
  'a cadence has halved': (session, kinds, random) => {
    const kind = pick(
      kinds.filter(({ packets }) => packets >= 300),
      random,
    )
    if (kind === undefined) return undefined
    let count = 0
    const entries = changed(session, kind.kind, payload => ((count++ & 1) === 0 ? payload : undefined))
    return {
      what: kind.kind,
      session: { ...session, entries },
      isFound: finding => finding.change === 'cadence' && finding.kind === kind.kind,
    }
  },
  'frames are broken': (session, _, random) => {
    const broken = new Set(
      Array.from({ length: 3 }, () => randomInteger(random, 5, session.entries.length - 1)),
    )
    const entries = session.entries.map((entry, index) =>
      broken.has(index) && 'text' in entry && typeof entry.text === 'string' && entry.kind === 'frame'
        ? { ...entry, text: entry.text.slice(0, Math.max(2, Math.floor(entry.text.length * 0.7))) }
        : entry,
    )
    return {
      what: 'three frames',
      session: { ...session, entries },
      isFound: ({ severity, change }) => severity === 'critical' && change === 'unreadable',
    }
  },
  'decimals are long': (session, kinds, random) => {
    const place = pick(
      places(kinds, ({ numbers }) => numbers !== undefined && numbers.count - numbers.integers >= 50),
      random,
    )
    const long = (value: unknown): unknown =>
      rawText(value).includes('.') ? parseKeepingText(`${rawText(value).padEnd(16, '0')}00000001`) : value
    return (
      place &&
      planted(session, place, value => withField(value, stepsOf(place.path), long), ['info'], ['decimals'])
    )
  },
  'a field is new': (session, kinds, random) => {
    const place = pick(
      places(kinds, ({ seen, records, types }) => records > 0 && seen >= 50 && types.object !== undefined),
      random,
    )
    const more = (value: unknown): unknown =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? { ...value, brandNew: 1.5 }
        : value
    return (
      place &&
      planted(session, place, value => withField(value, stepsOf(place.path), more), ['info'], ['field new'])
    )
  },
}

const GONE: readonly Change[] = ['field gone', 'kind gone', 'unreadable']

interface Place {
  readonly kind: KindFacts
  readonly path: string
}

function isRead({ meaning, path, seen }: FieldFacts): boolean {
  return meaning !== undefined && seen >= 50 && path !== ''
}

function places(kinds: readonly KindFacts[], isRight: (field: FieldFacts) => boolean): readonly Place[] {
  return kinds.flatMap(kind => [...kind.fields.values()].filter(isRight).map(({ path }) => ({ kind, path })))
}

function pick<T>(all: readonly T[], random: Random): T | undefined {
  return all[Math.floor(random.next() * all.length)]
}

/** Found: where it was planted (what stands below or above it may be named instead), as bad as it is. */
function planted(
  session: Session,
  { kind, path }: Place,
  change: (value: unknown) => unknown,
  severities: readonly Severity[],
  changes: readonly Change[],
): Planted {
  return {
    what: `${kind.kind} ${path}`,
    session: {
      ...session,
      entries: changed(session, kind.kind, text => JSON.stringify(change(parseKeepingText(text)))),
    },
    isFound: finding => {
      const isHere =
        finding.path === undefined || finding.path.startsWith(path) || path.startsWith(finding.path)
      return isHere && severities.includes(finding.severity) && changes.includes(finding.change)
    },
  }
}

/** The session with each payload of a kind changed, or left out, and framed again. */
function changed(
  session: Session,
  kind: string,
  change: (payload: string) => string | undefined,
): readonly Entry[] {
  const reading = new PacketReading(SESSION_HEADER)
  return session.entries.flatMap((entry): readonly Entry[] => {
    const read = reading.apply(entry)
    if (read === undefined || entry.kind !== 'frame') return [entry]
    if (read.packets.every(({ packet }) => packet.kind !== kind)) return [entry]
    const payloads = read.packets.flatMap(({ packet, body }) => {
      const payload = packet.kind === kind && body.value !== undefined ? change(body.text) : body.text
      return payload === undefined ? [] : [payload]
    })
    return payloads.length === 0 ? [] : [{ ...entry, text: session.feed.encode.frame(payloads) }]
  })
}

function renamed(value: unknown, path: string): unknown {
  const [moved] = valuesAt(value, stepsOf(path))
  if (moved === undefined) return value
  const steps = stepsOf(path)
  const last = steps.at(-1) ?? ''
  return withField(withoutFields(value, new Set([path])), steps.slice(0, -1), parent =>
    typeof parent === 'object' && parent !== null ? { ...parent, [`${last}New`]: moved } : parent,
  )
}

function rawText(value: unknown): string {
  return JSON.stringify(value) ?? ''
}
