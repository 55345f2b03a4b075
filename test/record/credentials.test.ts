import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { CREDENTIALS } from '../../src/feeds/tradingview-socket/auth.ts'
import { FeedtapeError } from '../../src/model/errors.ts'
import { readCredentials } from '../../src/record/index.ts'
import { folder } from './scene.ts'

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
  const failure = await failureOf(readCredentials(CREDENTIALS, {}, SECRET))
  expect(failure.where).toBe('--credentials')
  expect(failure.explain()).not.toContain(SECRET)
})

test('a folder in place of the file is named', async () => {
  const path = await folder()
  expect((await failureOf(readCredentials(CREDENTIALS, {}, path))).explain()).toContain(path)
})

test.each(['12345', '!!!!!!!!', '-_-_-_-_'])(
  '%s could not be hidden on a tape, and is refused',
  async value => {
    const failure = await failureOf(readCredentials(CREDENTIALS, { [TOKEN]: value }, undefined))
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
  const failure = await failureOf(readCredentials(CREDENTIALS, {}, path))
  expect(failure.explain()).not.toContain(SECRET)
  expect(failure.explain()).toContain(TOKEN)
})

test('a value from the environment that would break a header is refused without being shown', async () => {
  const failure = await failureOf(readCredentials(CREDENTIALS, { [TOKEN]: `${SECRET}\nx` }, undefined))
  expect(failure.where).toBe(TOKEN)
  expect(failure.explain()).not.toContain(SECRET)
})

test('a file that others can read is warned of', async () => {
  const open = await credentialsFile(`${TOKEN}=${SECRET}`, 0o644)
  expect((await readCredentials(CREDENTIALS, {}, open)).warnings).toEqual([
    `${open} can be read by others: chmod 600 keeps a credential to yourself`,
  ])
  const own = await credentialsFile(`${TOKEN}=${SECRET}`)
  expect((await readCredentials(CREDENTIALS, {}, own)).warnings).toEqual([])
})

test('the file wins over the environment; comments, quotes and export are understood', async () => {
  const path = await credentialsFile(
    `# a comment\n\nexport ${TOKEN}="${SECRET}"\r\nFEEDTAPE_TRADINGVIEW_SESSIONID=\n`,
  )
  const env = { [TOKEN]: 'from-the-environment', FEEDTAPE_TRADINGVIEW_SESSIONID_SIGN: ' v3:sign= ' }
  const { credentials } = await readCredentials(CREDENTIALS, env, path)
  expect(credentials).toEqual({ token: SECRET, sessionidSign: 'v3:sign=' })
})

test('without any there is none', async () => {
  const given = await readCredentials(CREDENTIALS, { [TOKEN]: ' ' }, undefined)
  expect(given).toEqual({ credentials: {}, warnings: [] })
})
