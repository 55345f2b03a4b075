import type { HttpStep } from '../http-plan.ts'

/** How a venue takes a client in, over many answers. */
export interface Reception {
  /** An answer that can be used: the venue takes us in, said once until something else comes between. */
  good(): readonly HttpStep[]
  /** One that cannot. The third in a row is an answer of its own: final, with what to do. */
  bad(reason: string, next: string): readonly HttpStep[]
}

const MOST_IN_A_ROW = 3

export function createReception(): Reception {
  let bad = 0
  let isAccepted = false
  return {
    good() {
      bad = 0
      const steps: readonly HttpStep[] = isAccepted ? [] : [{ kind: 'accepted' }]
      isAccepted = true
      return steps
    },
    bad(reason, next) {
      bad += 1
      isAccepted = false
      if (bad < MOST_IN_A_ROW) return notes([`${reason}; ${next}`])
      return [{ kind: 'refused', final: true, reason: `${reason} (${bad} times in a row)`, next }]
    },
  }
}

export function notes(texts: readonly string[]): readonly HttpStep[] {
  return texts.map(text => ({ kind: 'note', text }))
}
