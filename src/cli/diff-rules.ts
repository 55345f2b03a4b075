import {
  type ComparedField,
  type DiffOptions,
  FIELD_SPECS,
  isComparedField,
  readTolerance,
  toleranceFromText,
} from '../diff/index.ts'
import { excerpt, FeedtapeError } from '../model/errors.ts'
import type { DiffConfig } from './cli-config.ts'
import { durationOption } from './tapes.ts'

/** The rules of a comparison as they stand on the command line. */
export interface DiffRuleOptions {
  readonly map?: readonly string[]
  readonly field?: readonly string[]
  readonly tolerance?: readonly string[]
  readonly maxLag?: string
  readonly minCoverage?: string
  readonly by?: string
}

type DiffRules = Pick<DiffOptions, 'map' | 'tolerances' | 'fields' | 'maxLag' | 'minCoverage' | 'axis'>

/** The command line's own words win over the config's. Throws `usage`. */
export function diffRulesOf(options: DiffRuleOptions, config: DiffConfig = {}): DiffRules {
  const { by, field, map = [], tolerance = [] } = options
  const maxLag = options.maxLag ?? config.maxLag
  const minCoverage = options.minCoverage ?? config.minCoverage
  const written = Object.entries(config.tolerances ?? {}).map(([name, amount]) => `${name}=${amount}`)
  return {
    // Of b, since its names are what is looked up.
    map: new Map(map.map(readMapping)),
    tolerances: new Map([...written, ...tolerance].map(readTolerance)),
    ...(field === undefined ? {} : { fields: new Set(field.map(readField)) }),
    ...(maxLag === undefined ? {} : { maxLag: durationOption('--max-lag', maxLag) }),
    ...(minCoverage === undefined ? {} : { minCoverage: readShare(minCoverage) }),
    ...(by === undefined ? {} : { axis: readAxis(by) }),
  }
}

/** At the first = behind which no JSON of a long name stands. */
function readMapping(text: string): readonly [nameB: string, nameA: string] {
  const mark = text.indexOf('=', text.startsWith('={') ? text.indexOf('}') : 0)
  const [nameA, nameB] = [text.slice(0, Math.max(mark, 0)), text.slice(mark + 1)]
  if (mark > 0 && nameB !== '') return [nameB, nameA]
  throw new FeedtapeError('usage', 'not a pair of names', {
    where: '--map',
    expected: 'NAME_OF_A=NAME_OF_B',
    found: excerpt(text),
    next: 'write it like --map CME_MINI:NQ1!=NQZ6',
  })
}

function readField(text: string): ComparedField {
  if (isComparedField(text)) return text
  throw new FeedtapeError('usage', 'not a field that can be compared', {
    where: '--field',
    expected: `one of ${FIELD_SPECS.map(({ field }) => field).join(', ')}`,
    found: excerpt(text),
    next: 'correct it, or leave it out: all that both sides have is compared',
  })
}

function readAxis(text: string): 'wire' | 'receipt' {
  if (text === 'wire' || text === 'receipt') return text
  throw new FeedtapeError('usage', 'not a time to go by', {
    where: '--by',
    expected: 'wire or receipt',
    found: excerpt(text),
    next: 'leave it out: it is decided for each field, and printed',
  })
}

/** `99%` or `99`. */
function readShare(text: string): number {
  const percent = toleranceFromText(text)
  const share =
    percent === undefined || percent.unit === 'tick' ? Number.NaN : Number(text.replace('%', '')) / 100
  if (share >= 0 && share <= 1) return share
  throw new FeedtapeError('usage', 'not a percentage', {
    where: '--min-coverage',
    expected: 'a number from 0 to 100',
    found: excerpt(text),
    next: 'write it like --min-coverage 99%',
  })
}
