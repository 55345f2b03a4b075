import { Writable } from 'node:stream'
import { expect, test } from 'vitest'
import type { Io } from '../../src/cli/io.ts'
import { createWatchView } from '../../src/cli/watch-view.ts'

/** A terminal of 20 columns and 5 rows, and all that was written to it. */
function terminal(isTerminal = true): { readonly io: Io; readonly written: () => string } {
  let written = ''
  const stream = () =>
    Object.assign(
      new Writable({
        write(chunk, _, done) {
          written += String(chunk)
          done()
        },
      }),
      { isTTY: isTerminal, columns: 20, rows: 5 },
    )
  const io: Io = { stdout: stream(), stderr: stream(), env: {}, isTerminal, isColoured: false }
  return { io, written: () => written }
}

/** What a terminal shows of it: each erasing takes the lines above away. */
function shown(text: string): readonly string[] {
  const lines: string[] = []
  for (const part of text.split(/(\u001b\[\d+A\r\u001b\[J|\n)/)) {
    const erased = /^\u001b\[(\d+)A/.exec(part)?.[1]
    if (erased !== undefined) lines.splice(-Number(erased))
    else if (part !== '\n' && part !== '') lines.push(part)
  }
  return lines
}

test('elsewhere than on a terminal nothing is drawn', () => {
  const { io, written } = terminal(false)
  const view = createWatchView(io, false)
  view.draw(['a table'])
  view.end()
  expect([view.hasTable, written()]).toEqual([false, ''])
})

test('with --json on a terminal nothing is drawn among the lines', () => {
  const { io, written } = terminal()
  const view = createWatchView(io, true)
  view.draw(['a table'])
  view.show({ kind: 'status', at: 1_000_000, sources: [] })
  expect([view.hasTable, written()]).toEqual([false, ''])
})

test('a table takes the place of the one before, notes stay above it, and the end takes it away', () => {
  const { io, written } = terminal()
  const view = createWatchView(io, false)
  view.draw(['one', 'two'])
  view.draw(['one again'])
  expect(shown(written())).toEqual(['one again'])
  view.show({ kind: 'note', text: 'the connection broke', source: 'feed' })
  expect(shown(written())).toEqual(['feed: the connection broke', 'one again'])
  view.end()
  expect(shown(written())).toEqual(['feed: the connection broke'])
})

test('what is wider or longer than the terminal is cut and said, or it could not be taken away', () => {
  const { io, written } = terminal()
  const view = createWatchView(io, false)
  view.draw(['x'.repeat(40), 'b', 'c', 'd', 'e', 'f'])
  expect(shown(written())).toEqual([`${'x'.repeat(18)}…`, 'b', 'c', '… 3 more: make the…'])
  view.end()
  expect(shown(written())).toEqual([])
})
