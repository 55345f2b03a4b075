import { expect, test } from 'vitest'
import { manualTime } from './manual-time.ts'
import { ofKind, startScene } from './scene.ts'

const MS = 1_000

async function recordedThrough(happening: (time: ReturnType<typeof manualTime>) => void) {
  const time = manualTime()
  const scene = await startScene(time)
  await (await scene.venue.client()).hears('quote_fast_symbols')
  time.advance(1_000 * MS)
  happening(time)
  time.advance(1_000 * MS)
  await scene.stop()
  const entries = await scene.entries()
  const marks = ofKind(entries, 'mark').map(({ note }) => note)
  return {
    notes: marks.filter(note => /nothing ran|wall clock/.test(note)),
    steps: ofKind(entries, 'clock').map(({ step }) => step),
    told: scene.notes,
  }
}

test('a timer that is a quarter of a second late is no stall', async () => {
  const { notes, steps } = await recordedThrough(time => time.stall(350 * MS))
  expect([notes, steps]).toStrictEqual([[], []])
})

test('a later one is a stall, with its length on the tape and said', async () => {
  const { notes, steps, told } = await recordedThrough(time => time.stall(450 * MS))
  expect(notes).toStrictEqual(['stalled: nothing ran for 350 ms; arrival times behind it are late'])
  expect(steps).toStrictEqual([])
  expect(told).toContain(notes[0])
})

test('a process that was stopped for minutes was suspended', async () => {
  const { notes, steps } = await recordedThrough(time => time.stall(180_000 * MS))
  expect(notes).toStrictEqual(['suspended: nothing ran for 3 m 00 s; arrival times behind it are late'])
  expect(steps).toStrictEqual([])
})

test('a machine that sleeps while its monotonic clock stands shows by the wall clock', async () => {
  const { notes, steps } = await recordedThrough(time => time.step(3_600_000 * MS))
  expect(notes).toStrictEqual([
    'the wall clock went 1 h 00 m ahead at once: the machine slept, or its clock was set',
  ])
  expect(steps).toStrictEqual([3_600_000 * MS])
})

test('a wall clock that is set back is a step and nothing else', async () => {
  const { notes, steps } = await recordedThrough(time => time.step(-60_000 * MS))
  expect([notes, steps]).toStrictEqual([[], [-60_000 * MS]])
})
