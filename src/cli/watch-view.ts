import type { Progress } from '../record/index.ts'
import { plain } from '../report/table.ts'
import { type Io, tell } from './io.ts'
import { createRecordView } from './record-view.ts'

export interface WatchView {
  /** Whether a table is drawn: then stdout has nothing else until the end. */
  readonly hasTable: boolean
  note(text: string): void
  show(progress: Progress): void
  /** In place of what was drawn before. */
  draw(lines: readonly string[]): void
  /** Takes away what is drawn. */
  end(): void
}

const WIDTH = 100
const HEIGHT = 30

/** On a terminal a table in place, with notes above it; elsewhere what `record` shows, and lines on stdout. */
export function createWatchView(io: Io, isJson: boolean): WatchView {
  const { columns, isTerminal, rows } = terminalOf(io.stdout)
  if (isTerminal && !isJson) return tableView(io, columns, rows)
  // The live line would stand among the lines of stdout.
  const view = createRecordView(isTerminal ? { ...io, isTerminal: false } : io)
  return { ...view, hasTable: false, draw() {} }
}

function tableView(io: Io, columns: () => number, rows: () => number): WatchView {
  let drawn: readonly string[] = []
  const erase = (): void => {
    if (drawn.length > 0) io.stdout.write(`\u001b[${drawn.length}A\r\u001b[J`)
  }
  const draw = (lines: readonly string[]): void => {
    erase()
    drawn = fitting(lines, columns() - 1, rows() - 1)
    io.stdout.write(drawn.map(line => `${line}\n`).join(''))
  }
  const note = (text: string): void => {
    const before = drawn
    erase()
    drawn = []
    tell(io, plain(text, 1_000))
    draw(before)
  }
  return {
    hasTable: true,
    note,
    show(progress) {
      if (progress.kind !== 'note') return
      note(progress.source === undefined ? progress.text : `${progress.source}: ${progress.text}`)
    },
    draw,
    end() {
      erase()
      drawn = []
    },
  }
}

/** What is longer would be wrapped, and could not be taken away again. */
function fitting(lines: readonly string[], width: number, height: number): readonly string[] {
  const shown = Math.max(1, height - 1)
  const fits =
    lines.length <= height
      ? lines
      : [...lines.slice(0, shown), `… ${lines.length - shown} more: make the window larger`]
  return fits.map(line => (line.length > width ? `${line.slice(0, Math.max(0, width - 1))}…` : line))
}

function terminalOf(stdout: NodeJS.WritableStream) {
  const isTerminal = 'isTTY' in stdout && stdout.isTTY === true
  const sizeOf = (key: 'columns' | 'rows', otherwise: number): number => {
    const size: unknown = Reflect.get(stdout, key)
    return typeof size === 'number' && size > 0 ? size : otherwise
  }
  return { isTerminal, columns: () => sizeOf('columns', WIDTH), rows: () => sizeOf('rows', HEIGHT) }
}
