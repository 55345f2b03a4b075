import type { FieldFacts, KindFacts } from '../schema/schema-facts.ts'

/** One place on both sides, or on one. */
export interface FieldPlace {
  readonly feed: string
  readonly one: KindFacts
  readonly other: KindFacts
}

export function meaningOf({ meaning }: FieldFacts): { readonly meaning?: readonly string[] } {
  return meaning === undefined ? {} : { meaning }
}

export function typesText({ types, numbers, texts }: FieldFacts): string {
  const words = Object.keys(types).map(type => {
    if (type === 'number' && numbers?.time !== undefined) return `number (time in ${numbers.time})`
    if (type === 'string' && texts?.looks.length === 1 && texts.looks[0] !== 'text')
      return `string (${texts.looks[0]})`
    return type
  })
  return words.join(' or ')
}

export function shareText({ seen, of = seen }: FieldFacts): string {
  return `in ${seen} of ${of} (${((100 * seen) / Math.max(of, 1)).toFixed(1)} %)`
}
