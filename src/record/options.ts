import type { ChosenOptions, Feed } from '../feeds/index.ts'
import { excerpt, FeedtapeError } from '../model/errors.ts'

/** With the stated values of those that nobody chose. */
export function completeOptions(feed: Feed, chosen: ChosenOptions = {}): ChosenOptions {
  const stated = (feed.session.options ?? []).map(({ name, value }) => [name, value] as const)
  return { ...Object.fromEntries(stated), ...chosen }
}

/** A word or a short list of them. Anything else may be a message, and hold a credential. */
function shown(value: string): { readonly found?: string } {
  return /^[\w.,:|-]{0,20}$/.test(value) ? { found: excerpt(value) } : {}
}

/** Checked against what the feed knows. Throws `usage`, which names `where` it was said. */
export function checkedOptions(feed: Feed, chosen: ChosenOptions, where: string): ChosenOptions {
  const specs = feed.session.options ?? []
  for (const [name, value] of Object.entries(chosen)) {
    const spec = specs.find(known => known.name === name)
    if (spec === undefined) {
      const names = specs.map(known => known.name).join(', ')
      throw new FeedtapeError('usage', `${feed.name} has no such option`, {
        where,
        expected: names === '' ? 'none: it has no options' : `one of: ${names}`,
        found: excerpt(name),
      })
    }
    const refusal = spec.refuse?.(value)
    if (refusal === undefined) continue
    throw new FeedtapeError('usage', `${feed.name} cannot use this ${name}: ${refusal}`, {
      where,
      expected: spec.value === '' ? spec.meaning : `${spec.meaning} (${spec.value} if nothing is chosen)`,
      ...shown(value),
    })
  }
  return completeOptions(feed, chosen)
}
