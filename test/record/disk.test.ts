import { execFileSync } from 'node:child_process'
import {
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type Entry, QUEUE_BYTES } from '../../src/tape/index.ts'
import { numberedFrame } from '../../tools/soak/kill-venue.ts'
import { start } from '../../tools/soak/processes.ts'
import { runCli } from '../cli/run-cli.ts'
import { ofKind, readEntries } from './scene.ts'
import { sendSmall, stage } from './stage.ts'

const MIB = 1024 * 1024

function incoming(entries: readonly Entry[]): readonly string[] {
  const frames = ofKind(entries, 'frame').filter(frame => frame.dir === 'in')
  return frames.map(frame => ('text' in frame ? frame.text : frame.base64))
}

describe('a disk that cannot be written', () => {
  test.skipIf(!existsSync('/dev/full'))(
    'because it is full ends the recording: exit 4, said in words',
    async () => {
      const { record } = await stage()
      const child = record('-o', '/dev/full', '--overwrite')
      expect(await child.ended).toBe(4)
      expect(child.said()).toMatch(/\/dev\/full: the tape cannot be written[\s\S]*ENOSPC: the disk is full/)
      expect(child.said()).not.toMatch(/^\s+at /m)
    },
  )

  test('because it is a folder is said before anybody is called: exit 4', async () => {
    const { record, tape, venue } = await stage()
    mkdirSync(tape)
    const child = record('--overwrite')
    expect(await child.ended).toBe(4)
    expect(child.said()).toMatch(/this is a folder[\s\S]*name a file in it/)
    expect(venue.log).toHaveLength(0)
  })

  // Even root makes no file in sysfs.
  test.skipIf(!existsSync('/sys/kernel'))('because its folder takes no files is exit 4', async () => {
    const { record } = await stage()
    const child = record('-o', '/sys/kernel/a.tape.jsonl')
    expect(await child.ended).toBe(4)
    expect(child.said()).toMatch(/the tape cannot be written[\s\S]*(EACCES|EPERM|EROFS)/)
    expect(child.said()).not.toMatch(/^\s+at /m)
  })

  test('because its folder was deleted meanwhile is said when it happens, and is exit 4', async () => {
    const { cwd, record, venue } = await stage()
    const child = record('-o', join(cwd, 'sub', 'a.tape.jsonl'))
    await venue.connected
    await sendSmall(venue, 10)
    rmSync(join(cwd, 'sub'), { recursive: true })
    await child.says(/was deleted: what is recorded now will be gone at the end/)
    child.process.kill('SIGINT')
    expect(await child.ended).toBe(4)
    expect(child.said()).toMatch(/the tape was deleted while it was recorded[\s\S]*next/)
  })
})

describe.skipIf(process.platform === 'win32')('a disk that stands still', () => {
  /** A pipe is a disk that can be stalled: `cat` behind it is stopped and goes on. */
  async function stalled() {
    const scene = await stage('pipe')
    execFileSync('mkfifo', [scene.tape])
    const holder = openSync(scene.tape, constants.O_RDWR | constants.O_NONBLOCK)
    const file = join(scene.cwd, 'on-disk.tape.jsonl')
    const cat = start('sh', ['-c', 'exec cat "$0" > "$1"', scene.tape, file], scene.cwd)
    onTestFinished(() => cat.kill())
    const child = scene.record('--overwrite')
    await scene.venue.connected
    closeSync(holder)
    await sendSmall(scene.venue, 50)
    cat.process.kill('SIGSTOP')
    const flood = Array.from({ length: 90 }, () =>
      scene.venue.send(numberedFrame(scene.venue.log.length, MIB)),
    )
    await child.says(/the disk does not keep up: 64 MiB wait for the disk; the socket is held/)
    return { ...scene, cat, child, file, flooded: Promise.all(flood) }
  }

  test('holds the socket and says so; when it goes on nothing is missing', async () => {
    const { cat, child, file, flooded, venue } = await stalled()
    cat.process.kill('SIGCONT')
    await child.says(/the disk goes on: the socket is read again/)
    await flooded
    child.process.kill('SIGINT')
    expect(await child.ended).toBe(0)
    await cat.ended
    const entries = await readEntries(file)
    expect(incoming(entries)).toStrictEqual(venue.log.map((_, n) => numberedFrame(n, n < 50 ? 300 : MIB)))
    const held = entries.filter(({ kind }) => kind === 'pause' || kind === 'resume')
    expect(held.slice(0, 2)).toMatchObject([
      { kind: 'pause', conn: 1, reason: '64 MiB wait for the disk' },
      { kind: 'resume', conn: 1 },
    ])
    expect(held.length % 2).toBe(0)
  })

  test('and a recorder that is killed meanwhile: what was written is there, and the queue is missing', async () => {
    const { cat, child, file, venue } = await stalled()
    await child.kill()
    const sentBytes = venue.log.reduce(
      (sum, { at, bytes }) => sum + (at < Number.POSITIVE_INFINITY ? bytes : 0),
      0,
    )
    cat.process.kill('SIGCONT')
    await cat.ended
    const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1)
    const texts = lines.flatMap(line => {
      const entry = JSON.parse(line)
      return entry.kind === 'frame' && entry.dir === 'in' ? [String(entry.text)] : []
    })
    expect(texts.length).toBeGreaterThanOrEqual(50)
    expect(texts).toStrictEqual(
      venue.log.slice(0, texts.length).map((_, n) => numberedFrame(n, n < 50 ? 300 : MIB)),
    )
    const written = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0)
    // Besides the queue, what the two sockets' own buffers hold (tcp_rmem and tcp_wmem: at most 6 and 4 MiB).
    expect(sentBytes - written).toBeLessThanOrEqual(QUEUE_BYTES + 10 * MIB)
  })

  test('is not waited for by whoever says stop twice: exit 3', async () => {
    const { child } = await stalled()
    child.process.kill('SIGINT')
    await child.says(/MiB still wait for the disk/)
    // Within half a second it would be the same wish.
    await wait(500)
    child.process.kill('SIGINT')
    expect(await child.ended).toBe(3)
  })
})

test.skipIf(process.platform === 'win32')('a process that was stopped has that on its tape', async () => {
  const { record, tape, venue } = await stage()
  const child = record()
  await venue.connected
  await sendSmall(venue, 5)
  await child.says(/signing in/)
  child.process.kill('SIGSTOP')
  // The length is what is under test: nothing else tells that the time is over.
  await wait(600)
  child.process.kill('SIGCONT')
  await child.says(/stalled: nothing ran for/)
  child.process.kill('SIGINT')
  expect(await child.ended).toBe(0)
  const notes = ofKind(await readEntries(tape), 'mark').map(({ note }) => note)
  expect(notes.filter(note => /^stalled: nothing ran for (5|6|7|8|9)\d\d ms/.test(note))).toHaveLength(1)
})

test.each([
  [['--rotate-size', '5'], /--rotate-size: this is no size[\s\S]*from 10kB: 100MB, 64MiB/],
  [['--rotate-size', '9kB'], /--rotate-size: this is no size/],
  [['--rotate-every', '1 hour'], /--rotate-every: this is no duration[\s\S]*1h30m/],
  [['--rotate-every', '0s'], /--rotate-every: this is no duration/],
])('%j is wrong usage: exit 2', async (args, explained) => {
  const { cwd, record } = await stage()
  const child = record(...args)
  expect(await child.ended).toBe(2)
  expect(child.said()).toMatch(explained)
  expect(readdirSync(cwd)).toStrictEqual([])
})

test.each(['night.tape.jsonl', 'night.tape.jsonl.gz'])(
  '%s is recorded in parts that are sealed, and that quotes reads as one tape',
  async name => {
    const { cwd, record, venue } = await stage(name)
    const child = record('--rotate-size', '20kB', '--json')
    await venue.connected
    await sendSmall(venue, 200)
    await child.says(/signing in/)
    child.process.kill('SIGINT')
    expect(await child.ended).toBe(0)
    const parts = readdirSync(cwd).toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    const files = [name, ...parts.filter(part => part.startsWith('night.part'))]
    expect(files.length).toBeGreaterThan(3)
    expect(child.said()).toContain(`"parts":${files.length}`)
    const quotes = (names: readonly string[]) => runCli(['quotes', '--updates', '--json', ...names], { cwd })
    const all = await quotes(files)
    expect([all.code, all.stderr]).toMatchObject([0, /200 unknown/])
    expect(all.stdout).toMatch(/"messages":20\d/)
    const torn = await quotes(files.filter((_, index) => index !== 1))
    expect(torn.code).toBe(3)
    expect(torn.stderr).toContain('parts do not follow')
  },
)
