import type { Direction } from '../../tape/entry.ts'
import type { JsonType } from '../schema/schema-facts.ts'

export type Severity = 'critical' | 'warning' | 'info'

/** The worst first. */
export const SEVERITIES: readonly Severity[] = ['critical', 'warning', 'info']

export type Change =
  | 'unreadable'
  | 'field gone'
  | 'field new'
  | 'type'
  | 'kind new'
  | 'kind gone'
  | 'value new'
  | 'rate'
  | 'cadence'
  | 'form'
  | 'decimals'
  | 'range'
  | 'size'
  | 'status'
  | 'content type'

export interface DriftFinding {
  readonly severity: Severity
  readonly change: Change
  readonly feed: string
  readonly dir: Direction
  readonly kind: string
  /** Absent where it is about the kind as a whole. */
  readonly path?: string
  /** In words, without the place. */
  readonly said: string
  readonly baseline: string
  readonly now: string
  /** What the decoder makes of the field. */
  readonly meaning?: readonly string[]
  /** That it came about though nothing changed. */
  readonly chance?: number
  /** By what a new frame shows it; absent where no single frame does. */
  readonly sign?: Sign
}

/** What a packet has that shows a finding. */
export type Sign =
  | { readonly kind: 'is there' }
  | { readonly kind: 'malformed'; readonly reason: string }
  | { readonly kind: 'has'; readonly path: string }
  | { readonly kind: 'lacks'; readonly path: string; readonly parent: string }
  | { readonly kind: 'type'; readonly path: string; readonly type: JsonType }
  | { readonly kind: 'word'; readonly path: string; readonly word: string }
  | { readonly kind: 'form'; readonly path: string; readonly form: string }
  | { readonly kind: 'short number'; readonly path: string }
  | { readonly kind: 'long number'; readonly path: string }
  | { readonly kind: 'status'; readonly status: number }
  | { readonly kind: 'content type'; readonly type: string }

export interface DriftReport {
  readonly baseline: readonly string[]
  readonly now: readonly string[]
  /** What was compared: feeds that stand on one side only are named, and nothing is said about them. */
  readonly feeds: readonly { readonly feed: string; readonly baseline: number; readonly now: number }[]
  readonly findings: readonly DriftFinding[]
  /** Tests of rates, cadences, absences and new words that were made: 1 in 100 comparisons of equal wires finds anything. */
  readonly tests: number
}

export function worstOf({ findings }: Pick<DriftReport, 'findings'>): Severity | undefined {
  return SEVERITIES.find(severity => findings.some(finding => finding.severity === severity))
}
