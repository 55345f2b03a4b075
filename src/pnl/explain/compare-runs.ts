import {
  add,
  type Decimal,
  decimalEquals,
  decimalSign,
  multiply,
  multiplyDivide,
  negate,
  subtract,
  ZERO,
} from '../../model/decimal.ts'
import type { EpochMicros } from '../../model/time.ts'
import type { RunEvent, RunLine, RunPosition, RunSummary } from './run-lines.ts'

/** What a difference can be made of. */
export const PARTS = ['realized', 'fees', 'point value', 'position', 'mark'] as const
export type Part = (typeof PARTS)[number]

/** One position in both runs. */
export interface RunDifference {
  readonly instrument: string
  readonly label: string
  readonly book: string | undefined
  /** The latest event of each side; none where a run never held it. */
  readonly a: RunEvent | undefined
  readonly b: RunEvent | undefined
  readonly currency: string | undefined
  /** net of B less net of A; `undefined` where one of them is not known. */
  readonly difference: Decimal | undefined
  /** They add up to the difference. Only those that differ. */
  readonly parts: readonly DifferencePart[]
}

export interface DifferencePart {
  readonly part: Part
  /** Of the difference; `undefined` where a side is not priced. */
  readonly amount: Decimal | undefined
  /** Since when they have differed without a break, and what each side had last been told by then. */
  readonly since: PartSince | undefined
}

export interface PartSince {
  readonly at: EpochMicros
  readonly a: RunEvent | undefined
  readonly b: RunEvent | undefined
}

export interface RunsCompared {
  readonly differences: readonly RunDifference[]
  /** Positions that are the same in both. */
  readonly equal: number
  readonly rules: readonly { readonly rule: string; readonly a: string; readonly b: string }[]
}

/** The lines of two runs, each in its order, to what makes them differ at `at`, or at their ends. */
export async function compareRuns(
  a: AsyncIterable<RunLine>,
  b: AsyncIterable<RunLine>,
  at: EpochMicros = Number.POSITIVE_INFINITY,
): Promise<RunsCompared> {
  const sides = [new Side(a, at), new Side(b, at)] as const
  const pairs = new Map<string, Pair>()
  for (const side of sides) await side.step()
  for (;;) {
    const now = Math.min(...sides.map(side => side.pendingAt))
    if (now === Number.POSITIVE_INFINITY) break
    const touched = new Set<string>()
    for (const [index, side] of sides.entries()) {
      while (side.pending !== undefined && side.pending.at === now) {
        const { pending } = side
        const pair = pairs.get(pending.key) ?? new Pair()
        pairs.set(pending.key, pair.take(index, pending))
        touched.add(pending.key)
        await side.step()
      }
    }
    for (const key of touched) pairs.get(key)?.compare(now)
  }
  const isAtEnd = at === Number.POSITIVE_INFINITY
  const all = [...pairs].flatMap(([key, pair]) => {
    const [inA, inB] = [sides[0].positions.get(key), sides[1].positions.get(key)]
    if (isAtEnd) pair.leaveOut(sides[0].hasGone(key), sides[1].hasGone(key))
    return pair.isEmpty ? [] : [pair.difference(inA, inB)]
  })
  const differences = all.filter(({ parts }) => parts.length > 0)
  return {
    differences,
    equal: all.length - differences.length,
    rules: differingRules(sides[0].summary, sides[1].summary),
  }
}

/** One run's events, up to the moment, and what its summary says. */
class Side {
  pending: RunEvent | undefined
  summary: RunSummary | undefined
  readonly positions = new Map<string, RunPosition>()
  readonly #lines: AsyncIterator<RunLine>
  readonly #until: EpochMicros

  constructor(lines: AsyncIterable<RunLine>, until: EpochMicros) {
    this.#lines = lines[Symbol.asyncIterator]()
    this.#until = until
  }

  get pendingAt(): EpochMicros {
    return this.pending?.at ?? Number.POSITIVE_INFINITY
  }

  /** It had been a bare name's, and its instrument came to be known by another. */
  hasGone(key: string): boolean {
    return this.summary !== undefined && !this.positions.has(key)
  }

  async step(): Promise<void> {
    for (;;) {
      const { done, value } = await this.#lines.next()
      this.pending = undefined
      if (done === true) return
      if (value.kind === 'position') this.positions.set(value.key, value)
      else if (value.kind === 'summary') this.summary = value
      else if (value.at <= this.#until) {
        this.pending = value
        return
      }
    }
  }
}

/** One position's latest events in both runs, and since when which part of them has differed. */
class Pair {
  readonly #latest: [RunEvent | undefined, RunEvent | undefined] = [undefined, undefined]
  readonly #since = new Map<Part, PartSince>()

  take(side: number, event: RunEvent): this {
    this.#latest[side === 0 ? 0 : 1] = event
    return this
  }

  get isEmpty(): boolean {
    return this.#latest.every(event => event === undefined)
  }

  leaveOut(a: boolean, b: boolean): void {
    if (a) this.#latest[0] = undefined
    if (b) this.#latest[1] = undefined
  }

  /** Behind all that happened at one time. */
  compare(at: EpochMicros): void {
    const [a, b] = this.#latest
    for (const part of PARTS) {
      if (part === 'point value') continue
      if (isSamePart(part, a, b)) this.#since.delete(part)
      else if (!this.#since.has(part)) this.#since.set(part, { at, a, b })
    }
  }

  difference(endA: RunPosition | undefined, endB: RunPosition | undefined): RunDifference {
    const [a, b] = this.#latest
    const one = b ?? a
    const pointValues = { a: endA?.pointValue ?? endB?.pointValue, b: endB?.pointValue ?? endA?.pointValue }
    const amounts = amountsOf(a, b, pointValues)
    const parts = PARTS.flatMap((part): DifferencePart[] => {
      const amount = amounts?.[part]
      const since = this.#since.get(part)
      const isNothing =
        amount === undefined ? since === undefined : decimalSign(amount) === 0 && since === undefined
      return isNothing ? [] : [{ part, amount, since }]
    })
    return {
      instrument: one?.instrument ?? '',
      label: one?.label ?? '',
      book: one?.book,
      a,
      b,
      currency: b?.currency ?? a?.currency,
      difference: amounts === undefined ? undefined : subtract(netOf(b) ?? ZERO, netOf(a) ?? ZERO),
      parts,
    }
  }
}

type Amounts = Readonly<Record<Part, Decimal>>

/**
 * Step by step from A to B: what was realized, the fees, then of what is open first the point value, then the position,
 * and last the mark. Nothing where a side is not priced.
 */
function amountsOf(
  a: RunEvent | undefined,
  b: RunEvent | undefined,
  pointValues: { readonly a: Decimal | undefined; readonly b: Decimal | undefined },
): Amounts | undefined {
  if (netOf(a) === undefined || netOf(b) === undefined) return undefined
  const realized = subtract(b?.realized ?? ZERO, a?.realized ?? ZERO)
  const fees = negate(subtract(b?.fees ?? ZERO, a?.fees ?? ZERO))
  const [before, after] = [a?.unrealized ?? ZERO, b?.unrealized ?? ZERO]
  const pointValue = rescaled(before, pointValues)
  const mark = markPart(a, b, pointValues.b)
  const position = subtract(subtract(subtract(after, before), pointValue), mark)
  return { realized, fees, 'point value': pointValue, position, mark }
}

/** What A's open P&L becomes by B's point value, at 12 digits after the point. */
function rescaled(
  unrealized: Decimal,
  { a, b }: { readonly a: Decimal | undefined; readonly b: Decimal | undefined },
) {
  if (a === undefined || b === undefined || decimalEquals(a, b)) return ZERO
  return multiplyDivide(unrealized, subtract(b, a), a, 12)
}

/** What B's position gains by B's mark over A's. Where one of them has none, there is nothing to compare. */
function markPart(
  a: RunEvent | undefined,
  b: RunEvent | undefined,
  pointValue: Decimal | undefined,
): Decimal {
  if (a?.mark === undefined || b?.mark === undefined || pointValue === undefined) return ZERO
  return multiply(multiply(b.quantity ?? ZERO, subtract(b.mark, a.mark)), pointValue)
}

/** Of a run that never held it: nothing, which is known. */
function netOf(event: RunEvent | undefined): Decimal | undefined {
  return event === undefined ? ZERO : event.net
}

function isSamePart(
  part: Exclude<Part, 'point value'>,
  a: RunEvent | undefined,
  b: RunEvent | undefined,
): boolean {
  switch (part) {
    case 'realized':
      return isSame(a?.realized ?? ZERO, b?.realized ?? ZERO)
    case 'fees':
      return isSame(a?.fees ?? ZERO, b?.fees ?? ZERO)
    case 'position':
      return isSame(a?.quantity ?? ZERO, b?.quantity ?? ZERO) && isSame(a?.average, b?.average)
    case 'mark':
      return isSame(a?.mark, b?.mark) && a?.unpriced === b?.unpriced
    default:
      return part satisfies never
  }
}

function isSame(a: Decimal | undefined, b: Decimal | undefined): boolean {
  return a === undefined || b === undefined ? a === b : decimalEquals(a, b)
}

function differingRules(a: RunSummary | undefined, b: RunSummary | undefined): RunsCompared['rules'] {
  const names = new Set([...Object.keys(a?.rules ?? {}), ...Object.keys(b?.rules ?? {})])
  return [...names].flatMap(rule => {
    const [inA, inB] = [a?.rules[rule] ?? 'as by default', b?.rules[rule] ?? 'as by default']
    return inA === inB ? [] : [{ rule, a: inA, b: inB }]
  })
}

/** What the parts add up to. */
export function sumOfParts({ parts }: RunDifference): Decimal | undefined {
  let sum = ZERO
  for (const { amount } of parts) {
    if (amount === undefined) return undefined
    sum = add(sum, amount)
  }
  return sum
}
