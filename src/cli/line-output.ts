import type { Io } from './io.ts'

const FLUSH_CHARACTERS = 64 * 1024

/** Many lines to stdout: gathered into few writes, and held back where the reader is slower than we are. */
export class LineOutput {
  readonly #io: Io
  #pending = ''
  #blocked: Promise<void> | undefined

  constructor(io: Io) {
    this.#io = io
  }

  put(line: string): void {
    this.#pending += `${line}\n`
    if (this.#pending.length >= FLUSH_CHARACTERS) this.flush()
  }

  flush(): void {
    if (this.#pending === '') return
    const text = this.#pending
    this.#pending = ''
    if (this.#io.stdout.write(text)) return
    this.#blocked ??= new Promise(resolve => {
      this.#io.stdout.once('drain', () => {
        this.#blocked = undefined
        resolve()
      })
    })
  }

  /** Resolves when there is room again. */
  async drained(): Promise<void> {
    if (this.#blocked !== undefined) await this.#blocked
  }
}
