import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { importCapture } from '../../src/import/index.ts'
import { seededRandom } from '../../src/model/random.ts'
import { scrub } from '../edit/scrub/scrub-command.ts'
import { START, temporaryFolder } from './hars.ts'

/** Synthetic; each has another one. */
const TOKEN = (number: number) => `canary${number}Token9abc${number}`
const BASIC = Buffer.from('canary.trader:canary-pass-8').toString('base64')
const MESSAGES: readonly unknown[] = [
  { Authorization: `Bearer ${TOKEN(1)}` },
  { auth: `Basic ${BASIC}` },
  { headers: { cookie: `sid=${TOKEN(2)}; theme=dark`, 'Set-Cookie': `uid=${TOKEN(3)}; Path=/` } },
  { url: `https://x.example/a?b=1&access_token=${TOKEN(4)}` },
  { apiSecret: TOKEN(5), clientSecret: TOKEN(6), api_secret: TOKEN(7), 'api-key': TOKEN(8) },
  { username: 'canary.trader', user_name: 'canary_other', phone: '+1 555 010 0199' },
  { session_id: TOKEN(9), sessionId: TOKEN(10), refreshToken: TOKEN(11), passwd: 'canary words' },
  { inner: JSON.stringify({ clientSecret: TOKEN(12), inner: JSON.stringify({ 'api-secret': TOKEN(13) }) }) },
  { login: 'canary.mail@trader-mail.io', text: `Token is: Bearer ${TOKEN(14)}` },
]
const SINGLE = `{'password': '${TOKEN(15)}'}`
const MARKET =
  '{"type":"token","symbol":"TOKEN","price":"6723.25","size":"123456","side":"login","theme":"dark"}'

test.each([
  ['as records', (data: string, index: number) => JSON.stringify({ dir: 'in', time: START + index, data })],
  ['as they are', (data: string) => data],
])('of messages %s, nothing about the user gets onto the tape, and the market does', async (_, recorded) => {
  const folder = await temporaryFolder()
  const path = join(folder, 'capture.jsonl')
  const output = join(folder, 'x.tape.jsonl')
  const texts = [...MESSAGES.map(message => JSON.stringify(message)), SINGLE, MARKET]
  await writeFile(path, texts.map(recorded).join('\n'))

  const before = await scrub(['--check', path])
  expect(before.code).toBe(1)
  await importCapture({ path, output, random: seededRandom(7), version: '0.0.0' })

  const tape = await readFile(output, 'utf8')
  expect(tape.match(/canary\w*/gi)).toBeNull()
  expect(tape).not.toContain('555 010 0199')
  expect(tape).not.toContain(BASIC)
  expect(tape).toContain(JSON.stringify(recorded(MARKET, MESSAGES.length + 1)))
  const { stdout, code } = await scrub(['--check', output])
  expect(stdout).toMatch(/^no secrets found in 1 file, 1 tape/)
  expect(code).toBe(0)
})

test.each(['apiSecret', 'api_secret', 'api-secret', 'clientSecret', 'accessToken'])(
  'scrub --check finds %s',
  async name => {
    const path = join(await temporaryFolder(), 'x.json')
    await writeFile(path, JSON.stringify({ [name]: TOKEN(1) }))
    const { stdout, code } = await scrub(['--check', path])
    expect(stdout).toContain('credential  can… (')
    expect(code).toBe(1)
  },
)
