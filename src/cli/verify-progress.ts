import type { Io } from './io.ts'

const ERASE_LINE = '\r\u001b[2K'

export interface VerifyProgress {
  show(done: number, of: number, notEqual: number): void
  end(): void
}

/** On a terminal one line that changes; elsewhere nothing. */
export function createVerifyProgress(io: Io): VerifyProgress {
  let isShown = false
  return {
    show(done, of, notEqual) {
      if (!io.isTerminal) return
      isShown = true
      const found = notEqual === 0 ? '' : `, ${notEqual} not equal`
      io.stderr.write(`${ERASE_LINE}${done} of ${of} cases${found}`)
    },
    end() {
      if (isShown) io.stderr.write(ERASE_LINE)
      isShown = false
    },
  }
}
