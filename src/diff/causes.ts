import type { Micros } from '../model/time.ts'

/** Why two values differed for a while. */
export type Cause =
  | 'late a'
  | 'late b'
  | 'rounding'
  | 'away a'
  | 'away b'
  | 'silent a'
  | 'silent b'
  | 'session'
  | 'offset'
  | 'unexplained'

export interface CauseShare {
  readonly cause: Cause
  readonly times: number
  readonly lasted: Micros
}

/** That which explains most first. */
export type Causes = readonly CauseShare[]

export class CausesCount {
  readonly #shares = new Map<Cause, { times: number; lasted: Micros }>()

  add(cause: Cause, lasted: Micros): void {
    const share = this.#shares.get(cause)
    if (share === undefined) this.#shares.set(cause, { times: 1, lasted })
    else {
      share.times += 1
      share.lasted += lasted
    }
  }

  result(): Causes {
    return [...this.#shares]
      .map(([cause, share]) => ({ cause, ...share }))
      .sort((one, other) => other.lasted - one.lasted)
  }
}
