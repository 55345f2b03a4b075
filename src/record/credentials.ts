import { access, readFile, stat } from 'node:fs/promises'
import type { CredentialSpec, Credentials } from '../feeds/index.ts'
import { FeedtapeError } from '../model/errors.ts'

export interface GivenCredentials {
  readonly credentials: Credentials
  /** Names of variables, never values. */
  readonly warnings: readonly string[]
}

/** Group and others. */
const OPEN_TO_OTHERS = 0o077

/**
 * From the environment, and from a file that was named; the file wins. There is no way to give one as an
 * argument: those stand in the shell's history and in the process list.
 */
export async function readCredentials(
  specs: readonly CredentialSpec[],
  env: Readonly<Record<string, string | undefined>>,
  file: string | undefined,
): Promise<GivenCredentials> {
  const values = new Map<string, string>()
  for (const { variable } of specs) {
    const value = env[variable]?.trim()
    if (value) values.set(variable, value)
  }
  const warnings: string[] = []
  if (file !== undefined) {
    for (const [variable, value] of await readCredentialsFile(specs, file)) values.set(variable, value)
    if (process.platform !== 'win32' && ((await stat(file)).mode & OPEN_TO_OTHERS) !== 0) {
      warnings.push(`${file} can be read by others: chmod 600 keeps a credential to yourself`)
    }
  }
  const credentials: Record<string, string> = {}
  for (const { key, variable } of specs) {
    const value = values.get(variable)
    if (value !== undefined) credentials[key] = checked(variable, value)
  }
  return { credentials, warnings }
}

async function readCredentialsFile(
  specs: readonly CredentialSpec[],
  file: string,
): Promise<ReadonlyMap<string, string>> {
  const text = await readFile(file, 'utf8').catch(async (cause: unknown) => {
    const next = 'give --credentials the path of a file with NAME=value lines'
    // What is no path may be the credential itself: it is not shown.
    const isThere = await access(file).then(
      () => true,
      () => false,
    )
    const where = isThere ? file : '--credentials'
    throw new FeedtapeError('file-missing', 'cannot read the credentials file', { where, next, cause })
  })
  const names = specs.map(spec => spec.variable)
  const values = new Map<string, string>()
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (/^\s*(?:#|$)/.test(line)) continue
    const [, name = '', value = ''] = /^\s*(?:export\s+)?(\w+)\s*=\s*(.*?)\s*$/.exec(line) ?? []
    if (!names.includes(name)) {
      // The line itself may be a secret without its name: it is not shown.
      throw new FeedtapeError('bad-config', 'this line sets no known variable', {
        where: `${file}:${index + 1}`,
        expected: `NAME=value with a name of ${names.join(', ')}, or # and a comment`,
        next: 'correct the line',
      })
    }
    const bare = value.replace(/^(["'])(.*)\1$/, '$2')
    if (bare !== '') values.set(name, bare)
  }
  return values
}

/**
 * A header with such a character would be refused by Node, with the value in the error's text; and a value
 * without letters and digits could not be hidden on the tape.
 */
function checked(variable: string, value: string): string {
  if (/^[\x21-\x7e]{6,}$/.test(value) && !/[";,\\]/.test(value) && /[A-Za-z0-9]/.test(value)) return value
  throw new FeedtapeError('bad-config', 'this is no cookie’s or token’s value', {
    where: variable,
    expected:
      'at least 6 printable ASCII characters, a letter or digit among them, without spaces, quotes, commas, ' +
      'semicolons, backslashes',
    next: 'copy the value again, without the cookie’s name',
  })
}
