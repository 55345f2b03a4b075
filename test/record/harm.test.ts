import {
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { runCli } from '../cli/run-cli.ts'
import { readEntries } from './scene.ts'
import { sendSmall, stage } from './stage.ts'

/** Far below any test's own limit. */
const SOON = { timeout: 10_000, interval: 20 }

/** A tape that is being written, with ten frames on it. */
async function recorded(...args: readonly string[]) {
  const scene = await stage()
  const child = scene.record(...args)
  await scene.venue.connected
  await sendSmall(scene.venue, 10)
  await child.says(/signing in/)
  await vi.waitFor(() => expect(readFileSync(scene.tape, 'utf8')).toContain('[9,'), SOON)
  return { ...scene, child }
}

describe('somebody else does something to the tape while it is recorded: exit 4, in words', () => {
  test('cuts it, as logrotate’s copytruncate does', async () => {
    const { child, tape, venue } = await recorded()
    truncateSync(tape, 0)
    await sendSmall(venue, 10)
    await child.says(/was cut by somebody else: it has \d+ of the \d+ bytes written/)
    child.process.kill('SIGINT')
    expect(await child.ended).toBe(4)
    expect(child.said()).toMatch(
      /the tape was cut by somebody else while it was recorded\n {2}expected {2}[\d,]+ bytes, as many as were written\n {2}found {5}[\d,]+ bytes\n {2}next .*copytruncate/,
    )
    expect(readFileSync(tape).includes(0)).toBe(false)
  })

  test('moves it away and puts another file there', async () => {
    const { child, tape } = await recorded()
    renameSync(tape, `${tape}.1`)
    writeFileSync(tape, 'another')
    await child.says(/another file stands at .*: the tape goes on where that one was moved to/)
    child.process.kill('SIGINT')
    expect(await child.ended).toBe(4)
    expect(child.said()).toMatch(
      /another file was put in the place of the tape[\s\S]*look for it where it was/,
    )
    expect(readFileSync(tape, 'utf8')).toBe('another')
    expect((await readEntries(`${tape}.1`)).length).toBeGreaterThan(10)
  })

  test('and ends it at once', async () => {
    const { child, tape } = await recorded()
    truncateSync(tape, 0)
    child.process.kill('SIGINT')
    expect(await child.ended).toBe(4)
    expect(child.said()).toContain('the tape was cut by somebody else')
  })

  test('as a second recorder of the same --overwrite: the second has its tape, the first says that it has none', async () => {
    const { child, tape } = await recorded('--overwrite')
    const other = await stage()
    const second = other.record('--overwrite', '-o', tape)
    await other.venue.connected
    await sendSmall(other.venue, 5)
    await child.says(/another file stands at .*, and ours is deleted/)
    child.process.kill('SIGINT')
    expect(await child.ended).toBe(4)
    expect(child.said()).toMatch(/another file was put in the place of the tape[\s\S]*an -o of its own/)
    await second.says(/signing in/)
    second.process.kill('SIGINT')
    expect(await second.ended).toBe(0)
    expect(await readEntries(tape)).not.toEqual([])
  })
})

test('a tape that is only moved is recorded to its end: exit 0', async () => {
  const { child, tape } = await recorded()
  renameSync(tape, `${tape}.1`)
  child.process.kill('SIGINT')
  expect(await child.ended).toBe(0)
  expect((await readEntries(`${tape}.1`)).length).toBeGreaterThan(10)
})

describe('a rotated tape', () => {
  const part = (tape: string, number: number) => tape.replace('.tape', `.part${number}.tape`)

  async function inParts() {
    const scene = await recorded('--rotate-size', '20KB', '--json')
    // Some 500 bytes a line: the second part is half full.
    await sendSmall(scene.venue, 45)
    await vi.waitFor(() => expect(existsSync(part(scene.tape, 2))).toBe(true), SOON)
    return scene
  }

  test('whose current part is deleted names it, and says that the others can be read: exit 4', async () => {
    const { child, tape, venue } = await inParts()
    rmSync(part(tape, 2))
    await sendSmall(venue, 70)
    await vi.waitFor(() => expect(existsSync(part(tape, 3))).toBe(true), SOON)
    child.process.kill('SIGINT')
    expect(await child.ended).toBe(4)
    expect(child.said()).toContain(
      `${part(tape, 2)}: this part of the tape was deleted while it was recorded`,
    )
    expect(child.said()).toMatch(
      /what stood in it is lost; the other parts can be read where nobody touched them/,
    )
    for (const path of [tape, part(tape, 3)]) {
      expect((await runCli(['check', path])).code, path).toBe(0)
    }
  })

  test('leaves no part behind for the next of its name: refused without --overwrite, removed with it', async () => {
    const { child, cwd, tape, venue } = await inParts()
    child.process.kill('SIGINT')
    expect(await child.ended).toBe(0)
    const before = readdirSync(cwd).length
    expect(before).toBeGreaterThan(1)
    const alone = join(cwd, 'kept')
    renameSync(tape, alone)
    const fixed = ['record', 'tradingview-socket', '--symbol', 'A:B', '--url', venue.url, '-o', tape]
    const refused = await runCli([...fixed, '--for', '100ms'])
    expect(refused.code).toBe(4)
    expect(refused.stderr).toMatch(/part 2 of a tape of this name is there already[\s\S]*--overwrite/)
    renameSync(alone, tape)
    const again = await runCli([...fixed, '--for', '100ms', '--overwrite'])
    expect(again.code).toBe(0)
    expect(again.stderr).toMatch(/^removed (a part|\d+ parts) of an older recording: .*part2\.tape\.jsonl/m)
    expect(readdirSync(cwd)).toStrictEqual(['a.tape.jsonl'])
  })
})
