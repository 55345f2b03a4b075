import { spellingsOf } from '../tape/index.ts'

/** What a piece of a stream ends with may be the first part of a secret, whose other part comes with the next piece. */
export class HalfSecrets {
  readonly #unspelled = new Map<string, string>()
  readonly #known = new Set<string>()
  /** UTF-8 as latin1: one character a byte. */
  readonly #spellings = new Set<string>()
  #longest = 0

  learn(value: string, standIn: string): void {
    if (this.#known.has(value)) return
    this.#known.add(value)
    this.#unspelled.set(value, standIn)
  }

  /** How many bytes at the end begin a known secret that is not whole yet, in any of its spellings. */
  openIn(bytes: Buffer): number {
    this.#spell()
    const text = bytes.subarray(-this.#longest || bytes.length).toString('latin1')
    const last = text.charCodeAt(text.length - 1)
    let most = 0
    for (const spelling of this.#spellings) {
      for (let length = Math.min(spelling.length - 1, text.length); length > most; length -= 1) {
        if (spelling.charCodeAt(length - 1) !== last || !text.endsWith(spelling.slice(0, length))) continue
        most = length
      }
    }
    return most
  }

  /** When they are asked for: most recordings have no stream. */
  #spell(): void {
    for (const [value, standIn] of this.#unspelled) {
      for (const { secret } of spellingsOf(value, standIn)) {
        const spelling = Buffer.from(secret).toString('latin1')
        this.#spellings.add(spelling)
        this.#longest = Math.max(this.#longest, spelling.length)
      }
    }
    this.#unspelled.clear()
  }
}
