import { excerpt, jsonText } from '../../model/errors.ts'
import type { Observation } from '../../model/observation.ts'
import type { QuoteFields } from '../../model/quote.ts'
import type { NumberReader } from '../numbers.ts'
import { isRecord, type JsonRecord } from '../tradingview/json.ts'
import { MemberReader } from './numbers.ts'
import type { ReadRows } from './read-history.ts'

export interface ReadQuotes extends ReadRows {
  /** Symbols that the broker refuses, each with its words. */
  readonly refused: readonly string[]
}

/** `{"s":"ok","d":[{"s":"ok","n":"EURUSD","v":{"ask":1.13836,"bid":1.13834}}]}`: no time and no size. */
export function readQuotes(answer: JsonRecord, numbers: NumberReader): ReadQuotes {
  const rows = answer['d']
  if (!Array.isArray(rows)) return { observations: [], problems: ['d is no array'], refused: [] }
  const observations: Observation[] = []
  const problems: string[] = []
  const refused: string[] = []
  for (const [place, row] of rows.entries()) {
    const name = isRecord(row) ? row['n'] : undefined
    if (!isRecord(row) || typeof name !== 'string' || name === '') {
      problems.push(`row ${place}: n is no name`)
      continue
    }
    const values = row['v']
    if (row['s'] !== 'ok') {
      refused.push(`${excerpt(name)}: ${excerpt(wordsOf(row))}`)
    } else if (isRecord(values)) {
      const members = new MemberReader(numbers, `${name}: `)
      const bid = members.decimal(values, 'bid')
      const ask = members.decimal(values, 'ask')
      problems.push(...members.problems)
      const fields: QuoteFields = {
        ...(bid === undefined ? {} : { bid }),
        ...(ask === undefined ? {} : { ask }),
      }
      observations.push({ kind: 'quote', session: '', name, fields })
    } else problems.push(`${name}: v is no object`)
  }
  return { observations, problems, refused }
}

/** The broker's own. */
export function wordsOf({ s, errmsg }: JsonRecord): string {
  return typeof errmsg === 'string' ? errmsg : `s is ${jsonText(s)}`
}
