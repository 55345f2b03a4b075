import { parseKeepingText } from '../../../src/feeds/numbers.ts'
import type { Change } from '../../../src/inspect/drift/drift-report.ts'
import { stepsOf, withoutFields } from '../../../src/inspect/schema/field-paths.ts'
import { isEnum, type KindFacts } from '../../../src/inspect/schema/schema-facts.ts'
import type { Random } from '../../../src/model/random.ts'
import {
  type Expected,
  isPlaceOfArray,
  isRead,
  pick,
  places,
  planted,
  rawText,
  renamed,
} from './plant-places.ts'
import type { Plant, Planted } from './plants.ts'
import type { Session } from './session.ts'
import { withField } from './with-field.ts'

const GONE: readonly Change[] = ['field gone', 'kind gone', 'unreadable']

/** Of one packet in ten, but on a wire of few packets so many. */
const NEW_WORDS = 40

/** At one of the places that are right for it. */
function at(
  isRight: Parameters<typeof places>[1],
  change: (value: unknown, path: string, random: Random, packets: number) => unknown,
  expected: Expected,
): Plant {
  return (session: Session, kinds: readonly KindFacts[], random: Random): Planted | undefined => {
    const place = pick(places(kinds, isRight), random)
    return (
      place &&
      planted(session, place, value => change(value, place.path, random, place.kind.packets), expected)
    )
  }
}

function without(value: unknown, path: string): unknown {
  return withoutFields(value, new Set([path]))
}

export const PLANTS_IN_FIELDS: Readonly<Record<string, Plant>> = {
  'a field that we read is gone': at(field => isRead(field) && !isPlaceOfArray(field), without, {
    severities: ['critical'],
    changes: GONE,
  }),
  'a field that nobody reads is gone': at(
    field => !isRead(field) && !isPlaceOfArray(field) && field.path !== '' && field.seen >= 50,
    without,
    { severities: ['warning'], changes: GONE },
  ),
  'a place that we read holds nothing': at(field => isRead(field) && isPlaceOfArray(field), without, {
    severities: ['critical', 'warning'],
    changes: [...GONE, 'type'],
  }),
  'a field has another name': at(field => isRead(field) && /(?:^|\.)[a-z_A-Z]+$/.test(field.path), renamed, {
    severities: ['critical'],
    changes: GONE,
  }),
  'a field has another type': at(
    isRead,
    (value, path) =>
      withField(value, stepsOf(path), one => (typeof one === 'string' ? [one] : `${rawText(one)}`)),
    { severities: ['critical'], changes: [...GONE, 'type'] },
  ),
  'a word is new': at(
    field => isEnum(field) && field.texts?.words?.[0]?.value !== undefined,
    (value, path, random, packets) => {
      const change = (one: unknown): unknown => (typeof one === 'string' ? 'unheard_of' : one)
      return random.next() < Math.max(0.1, NEW_WORDS / packets)
        ? withField(value, stepsOf(path), change)
        : value
    },
    { severities: ['warning', 'critical'], changes: ['value new', 'unreadable', 'kind new'] },
  ),
  'a rate has halved': at(
    field =>
      !isPlaceOfArray(field) && field.of !== undefined && field.seen >= 300 && field.seen / field.of > 0.15,
    (value, path, random) => (random.next() < 0.5 ? without(value, path) : value),
    {
      severities: ['warning', 'critical'],
      changes: ['rate', 'unreadable', 'kind gone', 'kind new'],
    },
  ),
  'decimals are long': at(
    ({ numbers }) => numbers !== undefined && numbers.count - numbers.integers >= 50,
    (value, path) =>
      withField(value, stepsOf(path), one =>
        rawText(one).includes('.') ? parseKeepingText(`${rawText(one).padEnd(16, '0')}00000001`) : one,
      ),
    { severities: ['info'], changes: ['decimals'] },
  ),
  'an optional field is new': at(
    ({ records, seen, types }) => records > 0 && seen >= 50 && types.object !== undefined,
    (value, path, random) =>
      withField(value, stepsOf(path), one =>
        random.next() < 0.3 && typeof one === 'object' && one !== null && !Array.isArray(one)
          ? { ...one, brandNew: 1.5 }
          : one,
      ),
    { severities: ['info'], changes: ['field new'] },
  ),
}
