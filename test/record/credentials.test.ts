import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { tradingviewSocket } from '../../src/feeds/tradingview-socket/index.ts'
import { FeedtapeError } from '../../src/model/errors.ts'
import { readCredentials } from '../../src/record/index.ts'
import { folder } from './scene.ts'
import { smallFeed } from './small-feed.ts'

const FEED = [tradingviewSocket]
const TOKEN = 'FEEDTAPE_TRADINGVIEW_TOKEN'
const SECRET = 'synthetic-secret-0123456789'

async function credentialsFile(text: string, mode = 0o600): Promise<string> {
  const path = join(await folder(), 'credentials')
  await writeFile(path, text)
  await chmod(path, mode)
  return path
}

async function failureOf(work: Promise<unknown>): Promise<FeedtapeError> {
  const thrown = await work.then(
    () => undefined,
    (error: unknown) => error,
  )
  if (thrown instanceof FeedtapeError) return thrown
  throw new Error(`no FeedtapeError: ${String(thrown)}`)
}

test('a file that is not there is not shown, for it may be the credential itself', async () => {
  const failure = await failureOf(readCredentials(FEED, {}, SECRET))
  expect(failure.where).toBe('--credentials')
  expect(failure.explain()).not.toContain(SECRET)
})

test('a folder in place of the file is named', async () => {
  const path = await folder()
  expect((await failureOf(readCredentials(FEED, {}, path))).explain()).toContain(path)
})

test.each(['12345', '!!!!!!!!', '-_-_-_-_'])(
  '%s could not be hidden on a tape, and is refused',
  async value => {
    const failure = await failureOf(readCredentials(FEED, { [TOKEN]: value }, undefined))
    expect(failure.where).toBe(TOKEN)
    expect(failure.explain()).toContain('a letter or digit among them')
  },
)

test.each([
  ['a bare value', SECRET],
  ['an unknown name', `FEEDTAPE_TYPO=${SECRET}`],
  ['a value with a space', `${TOKEN}=${SECRET} ${SECRET}`],
  ['a value with a semicolon', `${TOKEN}=a=${SECRET};b`],
])('%s in a file is refused without being shown', async (_, line) => {
  const path = await credentialsFile(`# mine\n${line}\n`)
  const failure = await failureOf(readCredentials(FEED, {}, path))
  expect(failure.explain()).not.toContain(SECRET)
  expect(failure.explain()).toContain(TOKEN)
})

test('a value from the environment that would break a header is refused without being shown', async () => {
  const failure = await failureOf(readCredentials(FEED, { [TOKEN]: `${SECRET}\nx` }, undefined))
  expect(failure.where).toBe(TOKEN)
  expect(failure.explain()).not.toContain(SECRET)
})

test('a file that others can read is warned of', async () => {
  const open = await credentialsFile(`${TOKEN}=${SECRET}`, 0o644)
  expect((await readCredentials(FEED, {}, open)).warnings).toEqual([
    `${open} can be read by others: chmod 600 keeps a credential to yourself`,
  ])
  const own = await credentialsFile(`${TOKEN}=${SECRET}`)
  expect((await readCredentials(FEED, {}, own)).warnings).toEqual([])
})

test('the file wins over the environment; comments, quotes and export are understood', async () => {
  const path = await credentialsFile(
    `# a comment\n\nexport ${TOKEN}="${SECRET}"\r\nFEEDTAPE_TRADINGVIEW_SESSIONID=\n`,
  )
  const env = { [TOKEN]: 'from-the-environment', FEEDTAPE_TRADINGVIEW_SESSIONID_SIGN: ' v3:sign= ' }
  const { credentials } = await readCredentials(FEED, env, path)
  expect(credentials.get('tradingview-socket')).toEqual({ token: SECRET, sessionidSign: 'v3:sign=' })
})

test('a password of the user’s own choice may have any characters that can be hidden, spaces at its ends too', async () => {
  const small = [smallFeed()]
  const password = ' p w"d; with, odd\\ ünicode '
  const given = await readCredentials(small, { FEEDTAPE_SMALL_PASSWORD: password }, undefined)
  expect(given.credentials.get('small')).toEqual({ password })
  const path = await credentialsFile(`FEEDTAPE_SMALL_PASSWORD="${password}"\nFEEDTAPE_SMALL_USER=joe\n`)
  const fromFile = await readCredentials(small, {}, path)
  expect(fromFile.credentials.get('small')).toEqual({ password, user: 'joe' })
  for (const odd of ['12345', '!!!!!!!!']) {
    const failure = await failureOf(readCredentials(small, { FEEDTAPE_SMALL_PASSWORD: odd }, undefined))
    expect(failure.explain()).toMatch(/FEEDTAPE_SMALL_PASSWORD: this password could not be hidden/)
    expect(failure.explain()).not.toContain(odd)
  }
})

test('one file and one environment serve several feeds; keys of one name do not meet', async () => {
  const path = await credentialsFile(`${TOKEN}=${SECRET}\nFEEDTAPE_TRADOVATE_NAME=someone\n`)
  const env = { FEEDTAPE_SMALL_TOKEN: 'another-synthetic-token' }
  const { credentials } = await readCredentials([...FEED, smallFeed()], env, path)
  expect(credentials.get('tradingview-socket')).toEqual({ token: SECRET })
  expect(credentials.get('small')).toEqual({ token: 'another-synthetic-token' })
})

test('without any there is none', async () => {
  const given = await readCredentials(FEED, { [TOKEN]: ' ' }, undefined)
  expect(given).toEqual({ credentials: new Map([['tradingview-socket', {}]]), warnings: [] })
})
