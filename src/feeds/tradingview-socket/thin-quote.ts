import { BAR_WIRE, FACT_WIRE, QUOTE_WIRE } from './fields.ts'
import { endOf, itemPattern, itemsPattern, mayFit, STRING, valuePattern } from './json-pattern.ts'

/**
 * The short way for a long qsd: the same packet with those fields alone that are read. Of the 1,140 fundamentals of a
 * stock these are four (S01: trade and three bars); the others are proved to be JSON and left out. JSON.parse, which
 * would make an object of them all, sees what is left. `undefined`, for whatever the patterns do not take (white
 * space, keys spelt with escapes, deeper nesting), sends the whole packet the plain way, the oracle in the tests.
 */
export function thinQuote(message: string, start: number, end: number): string | undefined {
  const tail = end - TAIL.length
  if (!mayFit(message, start, end) || !message.startsWith(TAIL, tail)) return undefined
  const first = endOf(HEAD, message, start)
  if (first < 0) return undefined
  const kept: string[] = []
  let at = first
  for (;;) {
    at = endOf(SILENT, message, at)
    if (at === tail) return message.slice(start, first) + kept.join(',') + TAIL
    const field = at
    at = at < 0 ? -1 : endOf(READ, message, field)
    if (at < 0 || at > tail) return undefined
    kept.push(message.slice(field, at))
    at = endOf(SEPARATOR, message, at)
    if (at < 0) return undefined
  }
}

const TAIL = '}}]}'
const HEAD = new RegExp(String.raw`\{"m":"qsd","p":\[${STRING},\{"n":${STRING},"s":"ok","v":\{`, 'y')

/** S01 has four levels in a field. */
const VALUE = valuePattern(4)
const NAMES = [...QUOTE_WIRE, ...FACT_WIRE, ...BAR_WIRE, { wire: 'trade' }].map(({ wire }) => wire).join('|')
const READ = new RegExp(`"(?:${NAMES})":${VALUE}`, 'y')
const SILENT = new RegExp(itemsPattern(String.raw`"(?!(?:${NAMES})")[^"\\\x00-\x1f]*":${VALUE}`, '}'), 'y')
const SEPARATOR = new RegExp(itemPattern('', '}'), 'y')
