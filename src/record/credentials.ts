import { access, readFile, stat } from 'node:fs/promises'
import { type CredentialSpec, type Credentials, FEEDS } from '../feeds/index.ts'
import { FeedtapeError } from '../model/errors.ts'
import { MIN_SECRET_LENGTH } from '../tape/index.ts'

export interface GivenCredentials {
  /** For each feed that was named, by its name. */
  readonly credentials: ReadonlyMap<string, Credentials>
  /** Names of variables, never values. */
  readonly warnings: readonly string[]
}

/** Whoever has credentials: a feed is one. */
export interface Credentialed {
  readonly name: string
  readonly session: { readonly credentials: readonly CredentialSpec[] }
}

/** Group and others. */
const OPEN_TO_OTHERS = 0o077

/**
 * From the environment, and from a file that was named; the file wins, and may have those of every feed. There is no
 * way to give one as an argument: those stand in the shell's history and in the process list.
 */
export async function readCredentials(
  feeds: readonly Credentialed[],
  env: Readonly<Record<string, string | undefined>>,
  file: string | undefined,
): Promise<GivenCredentials> {
  const values = new Map<string, string>()
  for (const { isFree, variable } of feeds.flatMap(feed => feed.session.credentials)) {
    const value = isFree === true ? env[variable] : env[variable]?.trim()
    if (value) values.set(variable, value)
  }
  const warnings: string[] = []
  if (file !== undefined) {
    for (const [variable, value] of await readCredentialsFile(feeds, file)) values.set(variable, value)
    if (process.platform !== 'win32' && ((await stat(file)).mode & OPEN_TO_OTHERS) !== 0) {
      warnings.push(`${file} can be read by others: chmod 600 keeps a credential to yourself`)
    }
  }
  const credentials = new Map<string, Credentials>()
  for (const { name, session } of feeds) credentials.set(name, credentialsOf(session.credentials, values))
  return { credentials, warnings }
}

function credentialsOf(specs: readonly CredentialSpec[], values: ReadonlyMap<string, string>): Credentials {
  const credentials: Record<string, string> = {}
  for (const spec of specs) {
    const value = values.get(spec.variable)
    if (value !== undefined) credentials[spec.key] = checked(spec, value)
  }
  return credentials
}

async function readCredentialsFile(
  feeds: readonly Credentialed[],
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
  const known = [...feeds, ...FEEDS].flatMap(feed => feed.session.credentials)
  const names = [...new Set(known.map(spec => spec.variable))]
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
 * without letters and digits could not be hidden on the tape. A password of the user's own choice goes into no
 * header, and what is no secret need not be hidden.
 */
function checked({ isFree, isName, variable }: CredentialSpec, value: string): string {
  const isHidden = isName === true || (value.length >= MIN_SECRET_LENGTH && /[\p{L}0-9]/u.test(value))
  const isPlain = isFree === true || (/^[\x21-\x7e]+$/.test(value) && !/[";,\\]/.test(value))
  if (isHidden && isPlain) return value
  const length =
    isName === true ? '' : `at least ${MIN_SECRET_LENGTH} characters, a letter or digit among them`
  const characters = 'printable ASCII characters, without spaces, quotes, commas, semicolons, backslashes'
  const what =
    isFree === true ? 'this password could not be hidden on the tape' : 'this is no cookie’s or token’s value'
  throw new FeedtapeError('bad-config', what, {
    where: variable,
    expected: [length, isFree === true ? '' : characters].filter(words => words !== '').join('; '),
    next: isFree === true ? 'use another password' : 'copy the value again, without the cookie’s name',
  })
}
