import type { Standing } from '../tape/index.ts'
import type { Progress } from './progress.ts'
import type { Recording } from './recording.ts'

/** In UTF-16 units. */
const LONGEST = 500

/** What is worth a word: for the tape and for whoever watches, never with a secret in it. */
export class Notebook {
  readonly #recording: Recording
  readonly #onProgress: (progress: Progress) => void
  /** Whose it is, where there are several. */
  readonly #source: string | undefined
  readonly #told = new Set<string>()

  constructor(recording: Recording, onProgress: (progress: Progress) => void, source?: string) {
    this.#recording = recording
    this.#onProgress = onProgress
    this.#source = source
  }

  /** For the tape each time, for the person once: a reconnect brings the same words again. */
  note(text: string, about: { readonly conn?: number; readonly standing?: Standing } = {}): void {
    this.keep(text, about)
    if (!this.#told.has(text)) this.tell(text)
    this.#told.add(text)
  }

  /** For the tape only. */
  keep(text: string, about: { readonly conn?: number; readonly standing?: Standing } = {}): void {
    // A short one goes as it is, so that the tape can say what it took out.
    const kept = text.length > LONGEST ? this.safe(text) : text
    // A connection says whose it is.
    const isClear = about.conn !== undefined || this.#source === undefined
    this.#recording.append({ kind: 'mark', ...about, note: isClear ? kept : `${this.#source}: ${kept}` })
  }

  /** For the person only: the tape has an entry of its own for it. */
  tell(text: string): void {
    const source = this.#source === undefined ? {} : { source: this.#source }
    this.#onProgress({ kind: 'note', text: this.safe(text), ...source })
  }

  /** Without secrets, then cut: half a secret would not be found. */
  safe(text: string): string {
    const whole = this.#recording.redactor.redactText(text).text
    return whole.length > LONGEST ? `${whole.slice(0, LONGEST)}… (${whole.length} characters)` : whole
  }
}
