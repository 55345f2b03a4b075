import { Writable } from 'node:stream'
import { expect, test } from 'vitest'
import type { Io } from '../../src/cli/io.ts'
import { WatchStdout } from '../../src/cli/watch-stdout.ts'

interface Watched {
  readonly stdout: WatchStdout
  readonly notes: string[]
  readonly told: () => string
  readonly hasLeft: () => boolean
  readonly written: () => string
  /** The reader takes what it was given so far. */
  readonly take: () => void
}

/** Lines to a reader who takes nothing before `take`, and then breaks where an `error` is given. */
function watched(error?: string): Watched {
  let told = ''
  let written = ''
  let hasLeft = false
  let taken: (() => void) | undefined
  const stderr = new Writable({
    write(chunk, _, done) {
      told += String(chunk)
      done()
    },
  })
  const reader = new Writable({
    write(chunk, _, done) {
      written += String(chunk)
      taken = () => done(error === undefined ? null : Object.assign(new Error(error), { code: error }))
    },
  })
  const io: Io = { stdout: reader, stderr, env: {}, isTerminal: false, isColoured: false }
  const notes: string[] = []
  const stdout = new WatchStdout(io, {
    note: text => notes.push(text),
    left: () => {
      hasLeft = true
    },
    mostWaiting: 100,
  })
  const take = () => {
    const then = taken
    taken = undefined
    then?.()
  }
  return { stdout, notes, told: () => told, hasLeft: () => hasLeft, written: () => written, take }
}

test('a disk that takes no line is no reader that leaves: it is said once, nothing more is printed, exit 4', async () => {
  const { hasLeft, notes, stdout, take, told, written } = watched('ENOSPC')
  stdout.lines.put('first')
  const ended = stdout.end()
  take()
  await ended
  stdout.lines.put('second')
  stdout.flush()
  expect(written()).toBe('first\n')
  expect(hasLeft()).toBe(false)
  expect(notes).toEqual(['stdout cannot be written: ENOSPC; no more is printed, the recording goes on'])
  expect(stdout.verdict('a.tape.jsonl')).toBe(4)
  expect(told()).toMatch(/stdout: the lines could not be written[\s\S]*ENOSPC[\s\S]*replay a\.tape\.jsonl/)
})

test('a reader that leaves has had enough: exit 0', async () => {
  const { hasLeft, notes, stdout, take } = watched('EPIPE')
  stdout.lines.put('first')
  const ended = stdout.end()
  take()
  await ended
  expect([hasLeft(), notes, stdout.verdict('a.tape.jsonl')]).toEqual([true, [], 0])
})

test('for a reader that hangs no more is kept than the bound, it is said, and exit 3', async () => {
  const { notes, stdout, take, told, written } = watched()
  for (let n = 0; n < 1_000; n += 1) {
    stdout.lines.put('twenty characters, or')
    stdout.flush()
  }
  expect(stdout.lines.waiting).toBeLessThan(130)
  expect(notes).toEqual([expect.stringMatching(/wait for whoever reads them: no more are printed/)])
  let isOver = false
  const ended = stdout.end().then(() => {
    isOver = true
  })
  while (!isOver) {
    take()
    await new Promise(resolve => setImmediate(resolve))
  }
  await ended
  // Whole lines.
  expect(written()).toMatch(/^(twenty characters, or\n){5}$/)
  expect(stdout.verdict('a.tape.jsonl')).toBe(3)
  expect(told()).toMatch(/stdout has not all lines[\s\S]*feedtape replay a\.tape\.jsonl/)
})

test('for a reader that is slow and comes along all is printed: exit 0', async () => {
  const { notes, stdout, take, written } = watched()
  for (let n = 0; n < 20; n += 1) {
    stdout.lines.put('twenty characters, or')
    stdout.flush()
    take()
    await new Promise(resolve => setImmediate(resolve))
  }
  await stdout.end()
  expect(written().split('\n')).toHaveLength(21)
  expect([notes, stdout.verdict('a.tape.jsonl')]).toEqual([[], 0])
})
