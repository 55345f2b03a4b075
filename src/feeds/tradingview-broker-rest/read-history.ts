import type { Observation } from '../../model/observation.ts'
import type { NumberReader } from '../numbers.ts'
import type { JsonRecord } from '../tradingview/json.ts'
import { MemberReader } from './numbers.ts'
import { readBar } from './read-line.ts'
import { type HistoryRequest, intervalOf } from './request.ts'

export interface ReadRows {
  readonly observations: readonly Observation[]
  readonly problems: readonly string[]
}

const COLUMNS = ['t', 'o', 'h', 'l', 'c'] as const

/** Columns as long as each other; or why they are no history. */
export function readHistory(
  answer: JsonRecord,
  { name, resolution }: HistoryRequest,
  numbers: NumberReader,
): ReadRows {
  const columns = new Map<string, readonly unknown[]>()
  const volume = answer['v'] == null ? [] : ['v']
  for (const key of [...COLUMNS, ...volume]) {
    const column = answer[key]
    if (!Array.isArray(column)) return nothing(`${key} is no array`)
    columns.set(key, column)
  }
  const count = columns.get('t')?.length ?? 0
  const uneven = [...columns].find(([, column]) => column.length !== count)
  if (uneven !== undefined) return nothing(`${uneven[0]} has ${uneven[1].length} values, t has ${count}`)
  const interval = intervalOf(resolution)
  const observations: Observation[] = []
  const problems: string[] = []
  for (let row = 0; row < count; row += 1) {
    const members = new MemberReader(numbers, `bar ${row}: `)
    const record = Object.fromEntries([...columns].map(([key, column]) => [key, column[row]]))
    const bar = readBar(record, members)
    problems.push(...members.problems)
    if (typeof bar === 'string') {
      if (members.problems.length === 0) problems.push(bar)
      continue
    }
    const length = interval === undefined ? {} : { interval }
    observations.push({ kind: 'bar', session: '', name, ...length, which: 'history', ...bar })
  }
  return { observations, problems }
}

function nothing(problem: string): ReadRows {
  return { observations: [], problems: [problem] }
}
