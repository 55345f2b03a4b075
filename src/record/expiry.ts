import { durationText, type EpochMicros, isoFromEpochMicros, type Micros } from '../model/time.ts'
import { QUIET } from './watch.ts'

/** A credential that ends so soon is said, and is exchanged anew before a connection where that is possible. */
export const NEAR: Micros = 300_000_000

export interface CredentialEnd {
  readonly text: string
  /** It ended, and the quotes with it. */
  readonly isOver: boolean
}

/** A credential's end: the venue says nothing when it comes, it only stops sending quotes. */
export class ExpiryWatch {
  #hasSaid: 'nothing' | 'near' | 'over' = 'nothing'

  /** What has to be said now; each once. `quietFor` is how long no price came. */
  look(expires: EpochMicros | undefined, now: EpochMicros, quietFor: Micros): CredentialEnd | undefined {
    if (expires === undefined) return undefined
    const left = expires - now
    if (left > NEAR) {
      this.#hasSaid = 'nothing'
      return undefined
    }
    const at = isoFromEpochMicros(expires)
    if (left <= 0 && quietFor >= QUIET && this.#hasSaid !== 'over') {
      this.#hasSaid = 'over'
      const text = `the credential ended at ${at} and no price has come for ${durationText(quietFor)}`
      return { text: `${text}: it takes a fresh one`, isOver: true }
    }
    if (this.#hasSaid !== 'nothing') return undefined
    this.#hasSaid = 'near'
    const when = left > 0 ? `ends in ${durationText(left)}, at ${at}` : `ended at ${at}`
    return { text: `the credential ${when}; quotes may then stop or be delayed`, isOver: false }
  }
}
