import { excerpt, FeedtapeError } from '../model/errors.ts'
import type { InstrumentConfig } from './config.ts'
import { identityOf } from './name.ts'
import { readSymbol } from './symbol.ts'

/** Refuses an `is` that leads back to itself, and one contract month that is said to be another. */
export function refuseBadWords(instruments: ReadonlyMap<string, InstrumentConfig>, file: string): void {
  for (const [word, { is }] of instruments) {
    if (is === undefined) continue
    const where = `${file} instruments.${word}.is`
    const circle = circleFrom(word, instruments)
    if (circle !== undefined) {
      throw new FeedtapeError('bad-config', 'the names go round in a circle', {
        where,
        expected: 'words that end at the name of one instrument',
        found: excerpt(circle.join(' is '), 200),
        next: 'remove one of them',
      })
    }
    if (isOtherMonth(word, identityOf(is))) {
      throw new FeedtapeError('bad-config', 'one contract month is not another', {
        where,
        expected: `a name of the month of ${word}`,
        found: excerpt(is),
        next: 'correct the name; a position moves by fills, not by names',
      })
    }
  }
}

function circleFrom(
  word: string,
  instruments: ReadonlyMap<string, InstrumentConfig>,
): readonly string[] | undefined {
  const way = [word]
  for (let is = instruments.get(word)?.is; is !== undefined; is = instruments.get(way.at(-1) ?? '')?.is) {
    const next = identityOf(is)
    if (way.includes(next)) return [...way, next]
    way.push(next)
  }
  return undefined
}

/** By month, and by the digits of the year as far as both have them. Roots may differ: EC is 6E at some brokers. */
function isOtherMonth(one: string, other: string): boolean {
  const [first, second] = [readSymbol(one), readSymbol(other)]
  if (first.kind !== 'dated' || second.kind !== 'dated') return false
  if (first.month !== second.month) return true
  return !first.year.endsWith(second.year) && !second.year.endsWith(first.year)
}
