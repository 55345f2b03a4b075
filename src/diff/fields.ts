import { QUOTE_FIELD_NAMES, QUOTE_FIELDS, type QuoteField, type QuoteFields } from '../model/quote.ts'

/** What can be compared: numbers of a quote. Words and times differ by wire and explain, they are not held equal. */
export type ComparedField = {
  [F in QuoteField]: (typeof QUOTE_FIELDS)[F]['type'] extends 'decimal' ? F : never
}[QuoteField]

/** Which time of the wire a field goes by. */
type TimeField = 'lastTime' | 'bidTime' | 'askTime' | 'extendedTime'

export interface FieldSpec {
  readonly field: ComparedField
  /** Its place among the compared fields. */
  readonly index: number
  /** Prices and their differences step in ticks; sizes, volumes and percentages do not. */
  readonly isPrice: boolean
  readonly time: TimeField
}

const IN_TICKS: ReadonlySet<string> = new Set([
  'last',
  'bid',
  'ask',
  'open',
  'high',
  'low',
  'previousClose',
  'change',
  'extended',
  'extendedChange',
])

export function isComparedField(field: string): field is ComparedField {
  return QUOTE_FIELD_NAMES.some(name => name === field && QUOTE_FIELDS[name].type === 'decimal')
}

export const FIELD_SPECS: readonly FieldSpec[] = QUOTE_FIELD_NAMES.filter(isComparedField).map(
  (field, index) => ({ field, index, isPrice: IN_TICKS.has(field), time: timeFieldOf(field) }),
)

export const SPEC_BY_FIELD: ReadonlyMap<string, FieldSpec> = new Map(
  FIELD_SPECS.map(spec => [spec.field, spec]),
)

function timeFieldOf(field: ComparedField): TimeField {
  if (field.startsWith('bid')) return 'bidTime'
  if (field.startsWith('ask')) return 'askTime'
  if (field.startsWith('extended')) return 'extendedTime'
  // What belongs to the day is as old as the last price beside it.
  return 'lastTime'
}

export function wireTimeOf(fields: QuoteFields, { time }: FieldSpec): number | undefined {
  return fields[time] ?? undefined
}
