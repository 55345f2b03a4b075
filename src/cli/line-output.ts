import type { Io } from './io.ts'

const FLUSH_CHARACTERS = 64 * 1024

/** Many lines to stdout: gathered into few writes, and held back where the reader is slower than we are. */
export class LineOutput {
  readonly #io: Io
  #pending = ''
  #waiting = 0
  #isOver = false
  #blocked: Promise<void> | undefined
  #tookSome = (): void => {}

  constructor(io: Io) {
    this.#io = io
  }

  /** Characters that were written and that no reader has taken. */
  get waiting(): number {
    return this.#waiting
  }

  put(line: string): void {
    if (this.#isOver) return
    this.#pending += `${line}\n`
    if (this.#pending.length >= FLUSH_CHARACTERS) this.flush()
  }

  flush(): void {
    if (this.#pending === '') return
    const text = this.#pending
    this.#pending = ''
    this.#waiting += text.length
    const hasRoom = this.#io.stdout.write(text, error => {
      if (error) return
      this.#waiting -= text.length
      this.#tookSome()
    })
    if (hasRoom) return
    this.#blocked ??= new Promise(resolve => {
      this.#io.stdout.once('drain', () => {
        this.#blocked = undefined
        resolve()
      })
    })
  }

  /** Nothing is printed any longer: lines behind a hole would not be what was asked for. */
  stop(): void {
    this.#pending = ''
    this.#isOver = true
  }

  /** Resolves when all of it is with its reader; never, where it cannot be. */
  async taken(): Promise<void> {
    this.flush()
    while (this.#waiting > 0) {
      await new Promise<void>(resolve => {
        this.#tookSome = resolve
      })
    }
  }

  /** Resolves when there is room again. */
  async drained(): Promise<void> {
    if (this.#blocked !== undefined) await this.#blocked
  }
}
