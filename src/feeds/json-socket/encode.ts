import { decimalText } from '../../model/decimal.ts'
import {
  type InstrumentFacts,
  type Observation,
  observationToJson,
  type QuoteUpdate,
} from '../../model/observation.ts'
import { QUOTE_FIELD_NAMES } from '../../model/quote.ts'
import type { Encode } from '../feed.ts'
import { createDecoder } from './decode.ts'
import { EXAMPLE } from './example.ts'
import { type Mapping, mappingsOf, type Place } from './mapping.ts'
import { timeJson } from './time-unit.ts'
import { type Draft, jsonOf, put } from './write-json.ts'

/**
 * The inverse of a mapping. Not every mapping has one (two fields at one path, a row without its name), so what was
 * written is read again: where that is not the same, the wire cannot say it.
 */
export function createEncode(settings: unknown): Encode {
  const mappings = mappingsOf(settings)
  const decoder = createDecoder({ settings })
  const isReadAs = (text: string, observations: readonly Observation[]): boolean => {
    const again: Observation[] = []
    const frame = { kind: 'frame', seq: 1, at: 0, conn: 1, dir: 'in', op: 'text', text } as const
    decoder.decode(frame, { observe: observation => again.push(observation), packet: () => {} })
    return shown(again) === shown(observations)
  }
  return {
    // One message is one packet: there is no framing.
    frame: payloads => payloads.join(''),
    message(observations) {
      if (observations.length === 0 || !observations.every(isMapped)) return undefined
      for (const mapping of mappings) {
        const text = write(mapping, observations)
        if (text !== undefined && isReadAs(text, observations)) return text
      }
      return undefined
    },
    cannot: cannotOf(mappings),
  }
}

/** Without a config a wire that nobody knows says nothing: the words are those of the venue of our own. */
export const encode: Encode = createEncode(EXAMPLE)

type Mapped = QuoteUpdate | InstrumentFacts

function isMapped(observation: Observation): observation is Mapped {
  return (observation.kind === 'quote' || observation.kind === 'instrument') && observation.session === ''
}

/** Fields are read in the order of the schema, whoever wrote them in another. */
function shown(observations: readonly Observation[]): string {
  const sorted = (_: string, value: unknown): unknown =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : value
  return JSON.stringify(observations.map(observationToJson), sorted)
}

/** Each row has one name: an instrument, its quote, or both. */
function rowsOf(observations: readonly Mapped[]): readonly (readonly Mapped[])[] {
  const rows: Mapped[][] = []
  for (const observation of observations) {
    const row = rows.at(-1)
    const isNext = row?.length === 1 && row[0]?.kind === 'instrument' && observation.kind === 'quote'
    if (row !== undefined && isNext && row[0]?.name === observation.name) row.push(observation)
    else rows.push([observation])
  }
  return rows
}

function write(
  { where, each, name, fields, facts }: Mapping,
  observations: readonly Mapped[],
): string | undefined {
  const root = new Map<string, Draft>()
  const rows = rowsOf(observations)
  if (each === undefined && rows.length > 1) return undefined
  for (const [path, value] of where) if (!put(root, path, [], JSON.stringify(value))) return undefined
  const stars = each === undefined ? 0 : each.steps.filter(step => step === undefined).length
  const isKeyed = 'steps' in name && name.isKey
  for (const [index, row] of rows.entries()) {
    const said = row[0]?.name ?? ''
    const places =
      each === undefined ? [] : [...Array.from({ length: stars }, () => '0'), isKeyed ? said : String(index)]
    // A contract's number is written as it is read: as text, which names the same.
    if ('steps' in name && !put(root, name, places, JSON.stringify(said))) return undefined
    if ('text' in name && !('steps' in name) && name.text !== said) return undefined
    for (const one of row) {
      const values: object = one.kind === 'quote' ? one.fields : factsOf(one)
      if (!putAll(root, one.kind === 'quote' ? fields : facts, values, places)) return undefined
    }
  }
  return jsonOf(root)
}

function factsOf({ kind: _, session: __, name: ___, ...facts }: InstrumentFacts): object {
  return facts
}

function putAll(
  root: Map<string, Draft>,
  asked: readonly Place<string>[],
  values: object,
  places: readonly string[],
): boolean {
  for (const [key, value] of Object.entries(values)) {
    if (value === undefined) continue
    const place = asked.find(one => one.key === key)
    const json = place === undefined ? undefined : jsonOfValue(value, place)
    if (place === undefined || json === undefined || !put(root, place.path, places, json)) return false
  }
  return true
}

function jsonOfValue(value: unknown, { value: type }: Place<string>): string | undefined {
  if (value === null) return 'null'
  if (type.type === 'time') return typeof value === 'number' ? timeJson(value, type.unit) : undefined
  if (typeof value === 'object' && 'mantissa' in value && 'scale' in value) {
    const { mantissa, scale } = value
    const isNumber = typeof mantissa === 'number' || typeof mantissa === 'bigint'
    return isNumber && typeof scale === 'number' ? decimalText({ mantissa, scale }) : undefined
  }
  return typeof value === 'string' || typeof value === 'number' ? JSON.stringify(value) : undefined
}

function cannotOf(mappings: readonly Mapping[]): Readonly<Record<string, string>> {
  const mapped = new Set(mappings.flatMap(({ fields }) => fields.map(({ key }) => key)))
  const missing = QUOTE_FIELD_NAMES.filter(field => !mapped.has(field))
  return {
    ...Object.fromEntries(missing.map(field => [`quote ${field}`, 'the mapping names no place for it'])),
    'quote and instrument decimals':
      'not 10^100 (“none”), and no non-integer of more than 15 significant digits (binary noise)',
    'times in seconds': 'not with more than 15 digits in all',
    'a session, several names without `each`': 'a message is one instrument’s, and there are no sessions',
    'trade, bar, depth, account, signal': 'a mapping gives quotes and facts',
  }
}
