/** One string of a JSON object, as it is spelled in the text. */
export interface NamedValue {
  readonly name: string
  readonly value: string
  /** Of the value, in UTF-16 units. */
  readonly offset: number
}

/** Longer than any credential: what reading on from a quote that nothing closes may cost. */
const MOST = 8192
/** `"name":"`, `'name': ['`, and `\"name\":\"` in JSON in a string; how often that is escaped counts. */
const NAMED = /["']([\w. -]{2,64})(\\{0,8})["']\s{0,8}:\s{0,8}(?:\[\s{0,8})?\\{0,8}(["'])/g

/** The values of those names in anything that looks like JSON: also cut, in single quotes or in a string. */
export function namedValues(text: string, isWanted: (name: string) => boolean): readonly NamedValue[] {
  const found: NamedValue[] = []
  for (const match of text.matchAll(NAMED)) {
    const [whole, name = '', escaping = '', quote = '"'] = match
    if (!isWanted(name)) continue
    const offset = match.index + whole.length
    found.push({
      name,
      offset,
      value: upToQuote(text.slice(offset, offset + MOST), quote, escaping.length + 1),
    })
  }
  return found
}

/** `step` backslashes spell one of this level; an even number of those is no escape of the quote behind them. */
function upToQuote(text: string, quote: string, step: number): string {
  for (let at = text.indexOf(quote); at >= 0; at = text.indexOf(quote, at + 1)) {
    let start = at
    while (text[start - 1] === '\\') start--
    const count = at - start
    if (Math.floor(count / step) % 2 === 0) return text.slice(0, at - (count % step))
  }
  return text.split(/[\s"'\\]/, 1)[0] ?? ''
}
