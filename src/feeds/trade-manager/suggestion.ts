import { costOf, isAffordable, LONGEST_PATTERN } from './pattern-cost.ts'
import { signalOf } from './signal-forms.ts'

interface Guess {
  readonly group?: string
  readonly looksLike: string
  readonly pattern: (found: string) => string
}

const ANY_NUMBER = String.raw`[-+]?\$?[-+]?[\d.,]+`
const SIDES = 'BUY|SELL|LONG|SHORT'

/** What a part of a line looks like, the surest first; each group is guessed once. */
const GUESSES: readonly Guess[] = [
  { group: 'strategy', looksLike: '(?<=Strategy: )[^,—]+?(?=, | — |$)', pattern: () => '.+?' },
  { group: 'ticker', looksLike: '(?<=Ticker: )[^\\s,]+', pattern: () => '[^\\s,]+' },
  { group: 'timeframe', looksLike: '(?<=Timeframe: )[^\\s,]+', pattern: () => '[^\\s,]+' },
  {
    group: 'ticker',
    looksLike: '(?<![\\w!])(?:[A-Z0-9_]{1,20}:)?[A-Z0-9]{1,10}1!(?![\\w!])|(?<!\\w)[A-Z]{2,10}USDT?(?!\\w)',
    pattern: () => '[^\\s,]+',
  },
  {
    group: 'side',
    looksLike: `(?<!\\w)(?:${SIDES})(?!\\w)`,
    pattern: found => (/^[BS][UE]/.test(found) ? 'BUY|SELL' : 'LONG|SHORT'),
  },
  {
    group: 'quantity',
    looksLike: `(?<![\\w.,])\\d+(?:\\.\\d+)?(?= (?:${SIDES})(?!\\w))`,
    pattern: () => '[\\d.]+',
  },
  {
    group: 'price',
    looksLike: '(?<=(?: at |@ ?))-?\\d+(?:,\\d{3})*(?:\\.\\d+)?(?![\\w.,]*\\w)',
    pattern: () => '-?[\\d.,]+',
  },
  // Another number is another one in the next line, and may have another sign.
  {
    looksLike: '(?<![\\w.,$+-])[-+]?\\$?[-+]?\\d[\\d.,]*(?![\\w!])',
    pattern: () => ANY_NUMBER,
  },
]

const ANY_GUESS = new RegExp(GUESSES.map(({ looksLike }) => `(${looksLike})`).join('|'), 'gu')

/**
 * A pattern that would read this line and its like, for a person to check: what looks like a ticker, a side, a
 * price … becomes a named group, other numbers become any number, all else stands as it is. `undefined` where
 * nothing looks like anything.
 */
export function suggestionFor(plain: string): string | undefined {
  const named = new Set<string>()
  let pattern = '^'
  let end = 0
  for (const match of plain.matchAll(ANY_GUESS)) {
    const [found, ...parts] = match
    const guess = GUESSES[parts.findIndex(part => part !== undefined)]
    if (guess === undefined) continue
    pattern += escaped(plain.slice(end, match.index)) + written(guess, found, named)
    end = match.index + found.length
  }
  pattern += `${escaped(plain.slice(end))}$`
  return named.size > 0 && isUseful(pattern, plain) ? pattern : undefined
}

function written({ group, pattern }: Guess, found: string, named: Set<string>): string {
  if (group === undefined) return pattern(found)
  if (named.has(group)) return /\d$/.test(found) && group !== 'ticker' ? ANY_NUMBER : escaped(found)
  named.add(group)
  return `(?<${group}>${pattern(found)})`
}

/** Taught as it stands, it would read the line that it was made for. */
function isUseful(pattern: string, plain: string): boolean {
  if (pattern.length > LONGEST_PATTERN || !isAffordable(costOf(pattern), plain)) return false
  const match = new RegExp(pattern, 'u').exec(plain)
  return match?.groups !== undefined && signalOf('close', match.groups, false) !== undefined
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`)
}
