import { holm } from './chance.ts'
import type { DriftFinding, Severity } from './drift-report.ts'

/** Tests of one sort stand together: their number is what a small chance is measured against. */
export type Family = 'absence' | 'rate' | 'cadence' | 'word' | 'kind'

/** Together at most 1 in 100 comparisons of one wire with itself is alarmed by chance. */
const LEVELS: Readonly<Record<Family, number>> = {
  absence: 0.002,
  rate: 0.002,
  word: 0.002,
  kind: 0.002,
  cadence: 0.002,
}

interface Suspicion {
  readonly family: Family
  readonly chance: number
  /** `undefined`: tested, and too small to matter whatever the chance. */
  readonly finding: DriftFinding | undefined
  /** What it is where chance may have done it. */
  readonly otherwise: Severity | undefined
}

/** What may be drift and may be chance: judged together, once all is known that was looked at. */
export class Suspicions {
  readonly #all: Suspicion[] = []
  readonly #sure: DriftFinding[] = []

  /** No chance makes this. */
  sure(finding: DriftFinding): void {
    this.#sure.push(finding)
  }

  test(family: Family, chance: number, finding: DriftFinding | undefined, otherwise?: Severity): void {
    this.#all.push({ family, chance, finding, otherwise })
  }

  get tests(): number {
    return this.#all.length
  }

  findings(): readonly DriftFinding[] {
    const families = new Set(this.#all.map(({ family }) => family))
    const tested = [...families].flatMap(family =>
      judged(
        family,
        this.#all.filter(one => one.family === family),
      ),
    )
    return [...this.#sure, ...tested]
  }
}

function judged(family: Family, suspicions: readonly Suspicion[]): readonly DriftFinding[] {
  const isSmall = holm(
    suspicions.map(({ chance }) => chance),
    LEVELS[family],
  )
  return suspicions.flatMap(({ finding, chance, otherwise }, index): readonly DriftFinding[] => {
    if (finding === undefined) return []
    if (isSmall[index] === true) return [{ ...finding, chance }]
    return otherwise === undefined ? [] : [{ ...finding, severity: otherwise, chance }]
  })
}
