import type { JsonObject, JsonValue } from '../model/observation.ts'
import { QUOTE_FIELDS, type QuoteField } from '../model/quote.ts'
import type { FieldGuess, ShapeGuess } from './structure-report.ts'

/** What tells a shape's messages from others: `{"type":"DATA"}`. */
export interface MappableShape extends ShapeGuess {
  readonly by: { readonly key: string; readonly value: string } | undefined
}

export interface MappingGuess {
  readonly mapping?: JsonObject
  readonly remarks: readonly string[]
}

const RANK = { high: 3, medium: 2, low: 1 } as const

/** A mapping for json-socket with what is at least medium; where nothing is, with the low ones, and that is said. */
export function mappingOf(shapes: readonly MappableShape[]): MappingGuess {
  const sure = merged(shapes.flatMap(shape => mappingsOfShape(shape, RANK.medium)))
  if (sure.length > 0) {
    return {
      mapping: { messages: sure },
      remarks: ['guesses, from what came: look at each before you use it'],
    }
  }
  const low = merged(shapes.flatMap(shape => mappingsOfShape(shape, RANK.low)))
  if (low.length === 0) return { remarks: ['nothing looks like the quotes of an instrument'] }
  return {
    mapping: { messages: low },
    remarks: [
      'guesses of LOW confidence: the keys say nothing, only the values look like it. Check each of them',
    ],
  }
}

/** A raw message that has one key more is another shape, and yet the same message: two mappings would read it twice. */
function merged(mappings: readonly ShapeMapping[]): readonly JsonObject[] {
  const all: ShapeMapping[] = []
  for (const mapping of mappings) {
    const index = all.findIndex(other => isSameMessage(mapping, other))
    const other = all[index]
    if (other === undefined) all.push(mapping)
    else all[index] = { ...other, fields: { ...mapping.fields, ...other.fields } }
  }
  return all
}

function isSameMessage(one: ShapeMapping, other: ShapeMapping): boolean {
  const { fields, facts: _, ...rest } = one
  const { fields: others, facts: __, ...otherRest } = other
  if (JSON.stringify(rest) !== JSON.stringify(otherRest)) return false
  return Object.entries(fields).every(
    ([field, place]) =>
      !Object.hasOwn(others, field) || JSON.stringify(others[field]) === JSON.stringify(place),
  )
}

interface ShapeMapping extends JsonObject {
  readonly fields: JsonObject
}

function mappingsOfShape({ by, fields }: MappableShape, least: number): readonly ShapeMapping[] {
  const usable = asQuotes(fields).filter(({ confidence }) => RANK[confidence] >= least)
  const names = usable.filter(({ role }) => role === 'symbol' || role === 'contract id')
  const lists = new Map<string, FieldGuess[]>()
  for (const guess of usable) {
    if (fieldOf(guess) === undefined) continue
    const list = listOf(guess.path)
    lists.set(list, [...(lists.get(list) ?? []), guess])
  }
  return [...lists].flatMap(([list, guesses]): readonly ShapeMapping[] => {
    const name = bestName(names.filter(({ path }) => list.startsWith(listOf(path))))
    const tick = usable.find(({ role, path }) => role === 'tick size' && listOf(path) === list)
    const values = new Map<QuoteField, FieldGuess>()
    for (const guess of guesses) {
      const field = fieldOf(guess)
      const known = field === undefined ? undefined : values.get(field)
      if (field !== undefined && (known === undefined || pointsOf(guess) > pointsOf(known)))
        values.set(field, guess)
    }
    if (name === undefined || !(['bid', 'ask', 'last'] as const).some(field => values.has(field))) return []
    return [
      {
        ...(by === undefined ? {} : { where: { [by.key]: by.value } }),
        ...(list === '' ? {} : { each: list.replace(/\.\*$/, '') }),
        name: name.path,
        fields: Object.fromEntries([...values].map(([field, guess]) => [field, placeOf(field, guess)])),
        ...(tick === undefined ? {} : { facts: { tickSize: tick.path } }),
      },
    ]
  })
}

/** A price beside no other is the last one, unless it is a fill's or a position's. */
function asQuotes(fields: readonly FieldGuess[]): readonly FieldGuess[] {
  const isOf = (...roles: readonly string[]): boolean => fields.some(({ role }) => roles.includes(role))
  if (isOf('side', 'position')) return fields.filter(({ role }) => role !== 'price' && role !== 'last')
  if (isOf('bid', 'ask', 'last')) return fields
  return fields.map(field => (field.role === 'price' ? { ...field, role: 'last' } : field))
}

/** Up to its last star: the rows that it stands in. */
function listOf(path: string): string {
  const steps = path.replace(/~$/, '').split('.')
  return steps.slice(0, steps.lastIndexOf('*') + 1).join('.')
}

/** The surest, then what came more often, then what is called by fewer words. */
function pointsOf({ confidence, count, path }: FieldGuess): number {
  return RANK[confidence] * 1e9 + count * 1e3 - path.length
}

/** A name must stand wherever a price does: what came most often, then a symbol before a number, then the surest. */
function bestName(names: readonly FieldGuess[]): FieldGuess | undefined {
  const points = (guess: FieldGuess): number =>
    guess.count * 1e6 +
    listOf(guess.path).length * 1e4 +
    (guess.role === 'symbol' ? 5e3 : 0) +
    RANK[guess.confidence] * 1e3 -
    guess.path.length
  return names.toSorted((a, b) => points(b) - points(a))[0]
}

function fieldOf({ role }: FieldGuess): QuoteField | undefined {
  return Object.hasOwn(QUOTE_FIELDS, role) ? QUOTE_KEYS.find(field => field === role) : undefined
}

const QUOTE_KEYS = Object.keys(QUOTE_FIELDS) as readonly QuoteField[]

function placeOf(field: QuoteField, { path, unit }: FieldGuess): JsonValue {
  return QUOTE_FIELDS[field].type === 'time' ? { path, unit: unit ?? 'ms' } : path
}
