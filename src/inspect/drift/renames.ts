import type { FieldFacts } from '../schema/schema-facts.ts'
import type { FieldPlace } from './field-words.ts'

/** A field beside it that is new, comes as often and looks alike: a guess, and said as one. */
export function renamedTo({ one, other }: FieldPlace, field: FieldFacts): string | undefined {
  const found = [...other.fields.values()].filter(
    candidate =>
      candidate.parent === field.parent && !one.fields.has(candidate.path) && isAlike(field, candidate),
  )
  return found.length === 1 ? found[0]?.path : undefined
}

function isAlike(before: FieldFacts, after: FieldFacts): boolean {
  const isSameType = Object.keys(before.types).join() === Object.keys(after.types).join()
  const share = ({ seen, of = seen }: FieldFacts): number => seen / Math.max(of, 1)
  return isSameType && Math.abs(share(before) - share(after)) < 0.2 && isSameRange(before, after)
}

function isSameRange(
  { numbers: before, texts }: FieldFacts,
  { numbers: after, texts: others }: FieldFacts,
): boolean {
  if (before !== undefined && after !== undefined) {
    const [low, high] = [Math.max(before.min ?? 0, after.min ?? 0), Math.min(before.max ?? 0, after.max ?? 0)]
    return low <= high && before.decimals === after.decimals
  }
  return texts?.looks.join() === others?.looks.join()
}
