import { QUOTE_FIELDS, type QuoteField } from '../../model/quote.ts'
import { FACTS, type FactName } from './facts.ts'
import { type Path, pathOf } from './path.ts'
import { SETTINGS, type Settings } from './settings.ts'
import type { TimeUnit } from './time-unit.ts'

/** How one kind of message is read. */
export interface Mapping {
  readonly where: readonly (readonly [path: Path, value: string | number | boolean | null])[]
  readonly each: Path | undefined
  readonly name: Path | { readonly text: string }
  readonly fields: readonly Place<QuoteField>[]
  readonly facts: readonly Place<FactName>[]
}

export interface Place<Key extends string> {
  readonly key: Key
  readonly path: Path
  readonly value:
    | { readonly type: 'decimal' | 'text' | 'seconds' }
    | { readonly type: 'time'; readonly unit: TimeUnit }
}

/** `settings` as the schema has read it, or as it has still to be read. */
export function mappingsOf(settings: unknown): readonly Mapping[] {
  const { messages }: Settings = settings === undefined ? { messages: [] } : SETTINGS.parse(settings)
  return messages.map(({ where = {}, each, name, fields = {}, facts = {} }) => ({
    where: Object.entries(where).map(([path, value]) => [checked(path), value] as const),
    each: each === undefined ? undefined : checked(each),
    name: typeof name === 'string' ? checked(name) : name,
    fields: placesIn<QuoteField>(fields, key => QUOTE_FIELDS[key].type),
    facts: placesIn<FactName>(facts, key => FACTS[key]),
  }))
}

type Said = string | { readonly path: string; readonly unit: TimeUnit } | undefined

function placesIn<Key extends string>(
  said: Readonly<Record<string, unknown>>,
  typeOf: (key: Key) => 'decimal' | 'text' | 'seconds' | 'time',
): readonly Place<Key>[] {
  // The schema lets in no other keys, and these values only.
  return Object.entries(said as { readonly [K in Key]?: Said }).flatMap(
    ([name, one]): readonly Place<Key>[] => {
      const key = name as Key
      const value = one as Said
      if (value === undefined) return []
      const type = typeOf(key)
      if (typeof value === 'string')
        return type === 'time' ? [] : [{ key, path: checked(value), value: { type } }]
      return [{ key, path: checked(value.path), value: { type: 'time' as const, unit: value.unit } }]
    },
  )
}

function checked(text: string): Path {
  const path = pathOf(text)
  if (path === undefined) throw new Error(`a path that the schema has let in: ${text}`)
  return path
}
