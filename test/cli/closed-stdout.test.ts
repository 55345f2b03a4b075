import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { goldenFolder, plant } from '../verify/golden-folder.ts'

const LAUNCHER = fileURLToPath(new URL('../../bin/feedtape.js', import.meta.url))
const CASE = 'tradingview-socket/reconnect'
const TAPE = `fixtures/${CASE}.tape.jsonl`
let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'feedtape-closed-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

interface Ended {
  readonly code: number | null
  readonly said: string
}

/** With a reader of stdout that has gone before the first word. */
async function runUnread(args: readonly string[]): Promise<Ended> {
  const child = spawn(process.execPath, [LAUNCHER, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  child.stdout.destroy()
  return ended(child)
}

async function ended(child: ReturnType<typeof spawn>): Promise<Ended> {
  let said = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, said }
}

test('a verdict is the same where nobody reads it', async () => {
  const golden = await goldenFolder(CASE)
  expect(await runUnread(['verify', golden])).toMatchObject({ code: 0 })
  await plant(golden, `${CASE}.quotes.jsonl`, '"last":', '"lost":')
  expect(await runUnread(['verify', golden])).toMatchObject({ code: 1 })
  expect(await runUnread(['check', 'package.json'])).toMatchObject({ code: 4 })
})

test('what a command writes is written where nobody reads what it says', async () => {
  const golden = await goldenFolder(CASE)
  await rm(join(golden, `${CASE}.quotes.jsonl`))
  expect(await runUnread(['verify', golden, '--update'])).toMatchObject({ code: 0, said: '' })
  expect(await readdir(join(golden, 'tradingview-socket'))).toContain('reconnect.quotes.jsonl')
})

test('a filter ends with its reader, as by a closed pipe, and never with 0', async () => {
  expect(await runUnread(['quotes', TAPE, '--updates'])).toEqual({ code: 141, said: '' })
})

test.runIf(process.platform === 'linux')('a full disk behind stdout is said, and is 4', async () => {
  const full = openSync('/dev/full', 'w')
  try {
    const child = spawn(process.execPath, [LAUNCHER, 'check', TAPE], { stdio: ['ignore', full, 'pipe'] })
    const { code, said } = await ended(child)
    expect(code).toBe(4)
    expect(said).toMatch(/^feedtape: stdout cannot be written: .*ENOSPC/)
  } finally {
    closeSync(full)
  }
})
