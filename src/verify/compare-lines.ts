import { type Difference, differenceAt, type LinePair, missingTwin } from './difference.ts'
import type { LineBatches } from './twin-lines.ts'

export interface Comparison {
  readonly difference: Difference | undefined
  /** There was no golden line at all. */
  readonly isNew: boolean
  readonly golden: SideEnd
  readonly made: SideEnd
}

/** What the nearest cause is read from (case-cause.ts): what a tape's twin says of it behind its observations. */
export interface SideEnd {
  /** The first of them: what was wrong with the tape itself. */
  readonly problems: readonly PlacedLine[]
  /** A quotes twin's account of its packets. */
  readonly last: PlacedLine | undefined
}

export interface PlacedLine {
  /** From 1. */
  readonly line: number
  readonly text: string
}

const PROBLEM = '{"kind":"problem"'
const PROBLEMS = 100

/** Line by line, as both come. The golden lines are what is expected. */
export async function compareLines(
  file: string,
  golden: LineBatches,
  made: LineBatches,
): Promise<Comparison> {
  const [a, b] = [new Cursor(golden), new Cursor(made)]
  let first: LinePair | undefined
  let count = 0
  try {
    while ((await a.fill()) || (await b.fill())) {
      await b.fill()
      const rows = a.isAtEnd || b.isAtEnd ? Math.max(a.left, b.left) : Math.min(a.left, b.left)
      for (let row = 0; row < rows; row += 1) {
        const line = Math.max(a.line, b.line) + 1
        const [expected, found] = [a.take(), b.take()]
        if (first !== undefined && line === first.line + 1) {
          first = { ...first, goldenNext: expected, madeNext: found }
        }
        if (expected === found) continue
        first ??= { line, golden: expected, made: found }
        count += 1
      }
    }
  } finally {
    await golden.return()
    await made.return()
  }
  const isNew = a.line === 0
  const difference = (pair: LinePair): Difference =>
    isNew ? missingTwin(file, count) : differenceAt(file, pair, count)
  return {
    difference: first === undefined ? undefined : difference(first),
    isNew,
    golden: a.end(),
    made: b.end(),
  }
}

class Cursor {
  /** Lines that were taken. */
  line = 0
  isAtEnd = false
  readonly #batches: LineBatches
  readonly #problems: PlacedLine[] = []
  #batch: readonly string[] = []
  #next = 0
  #last: string | undefined

  constructor(batches: LineBatches) {
    this.#batches = batches
  }

  get left(): number {
    return this.#batch.length - this.#next
  }

  /** False where nothing is left. */
  async fill(): Promise<boolean> {
    while (this.left === 0 && !this.isAtEnd) {
      const { done, value } = await this.#batches.next()
      this.isAtEnd = done === true
      this.#batch = value ?? []
      this.#next = 0
    }
    return this.left > 0
  }

  take(): string | undefined {
    const text = this.#batch[this.#next]
    if (text === undefined) return undefined
    this.#next += 1
    this.line += 1
    this.#last = text
    if (this.#problems.length < PROBLEMS && text.startsWith(PROBLEM)) {
      this.#problems.push({ line: this.line, text })
    }
    return text
  }

  end(): SideEnd {
    const last = this.#last === undefined ? undefined : { line: this.line, text: this.#last }
    return { problems: this.#problems, last }
  }
}
