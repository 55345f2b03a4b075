import { readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { frameMessage, framePacket } from '../../../src/feeds/tradingview-socket/framing.ts'
import { checkTape } from '../../../src/tape/check.ts'
import {
  createHashChain,
  type Entry,
  type EntryDraft,
  type Header,
  TapeReader,
  TapeWriter,
} from '../../../src/tape/index.ts'
import { leaksIn } from '../../canary-search.ts'
import { temporaryFolder } from '../../import/hars.ts'
import { scrub } from './scrub-command.ts'

/** Synthetic. */
const CANARIES = {
  token: 'eyJhbGciOiJub25lIn0.eyJzeW50aGV0aWMiOnRydWV9.canary-c1gn4ture_Zz',
  sessionid: 'canary0session7id3kq8wz2',
  account: 'canary_trader',
  mail: 'canary.seven@trader-mail.io',
  bearer: 'canary8bearer9value0',
} as const
const STAND_IN = 'eyZxbRtPqWs.standin-4kq'

const HEADER: Header = {
  kind: 'header',
  format: 'feedtape/1',
  id: '0123456789abcdef0123456789abcdef',
  start: '2026-03-02T15:00:00.000000Z',
  feeds: ['tradingview-socket', 'unknown'],
  generator: { name: 'another recorder', version: '1' },
  platform: 'test',
  clock: 'imported',
  redaction: 'none',
  synthetic: true,
  source: { format: 'har', name: `${CANARIES.account}.har` },
}

const SPOKEN = `{"m":"set_auth_token","p":["${STAND_IN}"]}`
const DRAFTS: readonly EntryDraft[] = [
  {
    kind: 'open',
    at: 0,
    conn: 1,
    feed: 'tradingview-socket',
    url: `wss://x.example/?auth=${CANARIES.sessionid}`,
  },
  {
    kind: 'frame',
    at: 5,
    conn: 1,
    dir: 'in',
    op: 'text',
    text: framePacket(`{"m":"x","p":["${CANARIES.token}"]}`),
  },
  {
    kind: 'frame',
    at: 6,
    conn: 1,
    dir: 'out',
    op: 'text',
    redacted: [[frameMessage([SPOKEN]).indexOf(STAND_IN), STAND_IN.length, 'text#set_auth_token']],
    text: frameMessage([SPOKEN]),
  },
  { kind: 'open', at: 7, conn: 2, feed: 'nobody-knows', url: 'wss://other.example/' },
  {
    kind: 'request',
    at: 8,
    conn: 2,
    feed: 'nobody-knows',
    exchange: 1,
    method: 'GET',
    url: 'https://other.example/',
    headers: [['Authorization', `Bearer ${CANARIES.bearer}`]],
    base64: Buffer.from(`\u00ff ${CANARIES.mail} ${CANARIES.token}`, 'latin1').toString('base64'),
  },
  { kind: 'pause', at: 9, conn: 2, reason: `the disk of ${CANARIES.account}` },
  {
    kind: 'mark',
    at: 10,
    note: `seen by ${CANARIES.account}, ${Buffer.from(CANARIES.account).toString('hex')}`,
  },
]

async function dirtyTape(name = 'dirty.tape.jsonl', drafts = DRAFTS): Promise<string> {
  const path = join(await temporaryFolder(), name)
  const writer = await TapeWriter.create(path, HEADER)
  for (const draft of drafts) writer.append(draft)
  await writer.seal(20)
  return path
}

async function secretFile(...lines: string[]): Promise<string> {
  const path = join(await temporaryFolder(), 'secrets')
  await writeFile(path, lines.join('\n'))
  return path
}

describe('feedtape scrub', () => {
  test('writes neither over its source nor over a file that is there, and leaves both as they are', async () => {
    const path = await dirtyTape()
    const before = await readFile(path)
    const other = join(await temporaryFolder(), 'mine.tape.jsonl')
    await writeFile(other, 'mine')
    expect(await scrub([path, '-o', path, '--overwrite'])).toMatchObject({ code: 2 })
    expect((await scrub([path, '-o', other])).stderr).toMatch(/is there already[\s\S]*--overwrite/)
    expect(await readFile(other, 'utf8')).toBe('mine')
    expect(await readFile(path)).toEqual(before)
    expect(await scrub([path, '-o', other, '--overwrite'])).toMatchObject({ code: 0 })
  })

  test.each([
    [['a', 'b'], 2, /one tape is scrubbed at a time/],
    [['-'], 2, /two passes/],
    [['--check', '.', '-o', 'x'], 2, /writes nothing/],
    [['nowhere.tape.jsonl'], 4, /no such file/],
    [['--check', 'nowhere'], 4, /cannot be read/],
    [['--check', '.', '--secret-file', 'nowhere'], 4, /file of secrets/],
  ])('%j is refused with its reason', async (args, code, said) => {
    const run = await scrub(args)
    expect(run.code).toBe(code)
    expect(run.stderr).toMatch(said)
  })

  test('leaves no secret in any spelling: found by place, by form, or named by the user', async () => {
    const path = await dirtyTape()
    const output = path.replace('dirty', 'clean')
    const run = await scrub([
      path,
      '-o',
      output,
      '--secret-file',
      await secretFile(CANARIES.account, 'short'),
    ])
    expect(run.code).toBe(0)
    expect(run.stderr).toMatch(/secrets:2: shorter than 6 characters/)
    const evidence = [
      { name: 'tape', bytes: await readFile(output) },
      { name: 'said', bytes: Buffer.from(run.stdout + run.stderr) },
    ]
    expect(leaksIn(evidence, CANARIES)).toEqual([])
    expect(leaksIn([{ name: 'source', bytes: await readFile(path) }], CANARIES)).not.toEqual([])
    expect(run.stdout).toMatch(/url#url +1\n/)
    expect(run.stdout).toMatch(/kept 1 stand-in of before/)
  })

  test('keeps numbers, lengths and earlier stand-ins, and says what it is', async () => {
    const path = await dirtyTape()
    const output = path.replace('dirty', 'clean')
    await scrub([path, '-o', output], { FEEDTAPE_SECRETS: CANARIES.account })
    const proof = await checkTape(output)
    expect(proof).toMatchObject({
      isWhole: true,
      entries: DRAFTS.length,
      seal: { at: 20, count: DRAFTS.length },
    })
    expect(proof.header).toMatchObject({ id: HEADER.id, derived: 'scrub', redaction: 'hmac-sha256' })
    const tape = await TapeReader.open(output)
    const entries: Entry[] = []
    for await (const entry of tape) entries.push(entry)
    expect(entries.map(({ seq, at }) => [seq, at])).toEqual(DRAFTS.map(({ at }, index) => [index + 1, at]))
    expect(entries[2]).toEqual({ ...DRAFTS[2], seq: 3 })
    for (const [index, entry] of entries.entries()) {
      expect(textOf(entry)).toHaveLength(textOf(DRAFTS[index]).length)
    }
    for (const entry of entries) {
      const spans = 'redacted' in entry ? (entry.redacted ?? []) : []
      for (const [offset, length, place] of spans) {
        const key = place.split('#')[0] ?? ''
        const text = key === 'text' || key === 'url' || key === 'note' ? String(Reflect.get(entry, key)) : ''
        expect(
          leaksIn([{ name: place, bytes: Buffer.from(text.slice(offset, offset + length)) }], CANARIES),
        ).toEqual([])
      }
    }
  })

  test('changes nothing in what it scrubbed before, but how it came about', async () => {
    const path = await dirtyTape()
    const [once, twice] = [path.replace('dirty', 'once'), path.replace('dirty', 'twice')]
    await scrub([path, '-o', once, '--secret-file', await secretFile(CANARIES.account)])
    const run = await scrub([once, '-o', twice, '--secret-file', await secretFile(CANARIES.account)])
    expect(run.stdout).toMatch(/nothing to replace/)
    const lines = async (file: string) => (await readFile(file, 'utf8')).split('\n').slice(1, -2)
    expect(await lines(twice)).toEqual(await lines(once))
  })

  test('scrubs what is safe of a damaged tape, names the damage, and exits 3', async () => {
    const path = await dirtyTape()
    const lines = (await readFile(path, 'utf8')).split('\n')
    await writeFile(
      path,
      [...lines.slice(0, 3), lines[3]?.replace('set', 'sit'), ...lines.slice(4, -2), ''].join('\n'),
    )
    const output = path.replace('dirty', 'clean')
    const run = await scrub([path, '-o', output])
    expect(run.code).toBe(3)
    expect(run.stderr).toMatch(/:4 .*crc does not fit[\s\S]*not sealed/)
    expect(await checkTape(output)).toMatchObject({ isWhole: true, entries: DRAFTS.length })
    const hole = '{"kind":"lost","seq":3,"at":5,"from":3,"to":3,"reason":"crc does not fit",'
    expect(await readFile(output, 'utf8')).toContain(hole)
  })
})

describe('feedtape scrub --check', () => {
  test('finds nothing in the project’s own fixtures: this test is the guard over them', async () => {
    const run = await scrub(['--check', 'fixtures'])
    expect(run.stdout).toMatch(/^no secrets found in \d+ files, \d+ tapes among them\n$/)
    expect(run.code).toBe(0)
  })

  test('reports each finding with its line, entry, place and kind, and never with its value', async () => {
    const path = await dirtyTape()
    const run = await scrub(['--check', path, '--secret-file', await secretFile(CANARIES.account)])
    expect(run.code).toBe(1)
    expect(leaksIn([{ name: 'said', bytes: Buffer.from(run.stdout + run.stderr) }], CANARIES)).toEqual([])
    const found = run.stdout.split('\n').map(line => line.slice(path.length).replace(/ {2,}/g, ' | '))
    expect(found.slice(0, -2)).toEqual([
      ':1 | header | known secret | can… (13 characters)',
      ':2 (entry 1) | url | url | can… (24 characters)',
      ':3 (entry 2) | text | jwt | eyJ… (64 characters)',
      ':6 (entry 5) | base64 | jwt | eyJ… (64 characters)',
      ':6 (entry 5) | base64 | e-mail | can… (27 characters)',
      ':6 (entry 5) | headers.0 | credential | can… (20 characters)',
      ':7 (entry 6) | reason | known secret | can… (13 characters)',
      ':8 (entry 7) | note | known secret | can… (13 characters)',
      ':8 (entry 7) | note | known secret | 636… (26 characters)',
    ])
  })

  test('passes what scrub made, packed too, and its twins', async () => {
    const path = await dirtyTape()
    const output = path.replace('dirty', 'clean')
    const secrets = await secretFile(CANARIES.account)
    await scrub([path, '-o', output, '--secret-file', secrets])
    await writeFile(`${output}.gz`, gzipSync(await readFile(output)))
    await writeFile(
      output.replace('.tape.', '.quotes.'),
      `{"kind":"quote","session":"qs_AbCdEf123456","name":"${STAND_IN}"}\n`,
    )
    const run = await scrub([
      '--check',
      output,
      `${output}.gz`,
      output.replace('.tape.', '.quotes.'),
      '--secret-file',
      secrets,
    ])
    expect(run).toMatchObject({ code: 0, stdout: 'no secrets found in 3 files, 2 tapes among them\n' })
  })

  test.each([
    ['a JWT', `x ${CANARIES.token} y`, 'jwt'],
    ['a JWT in JSON in JSON', JSON.stringify(JSON.stringify({ t: CANARIES.token })), 'jwt'],
    ['a bearer', `authorization: Bearer ${CANARIES.bearer}`, 'bearer'],
    ['a user and a password', `Basic ${Buffer.from('jo:canary-pass').toString('base64')}`, 'basic'],
    ['a user in a URL', 'wss://jo:canary-pass@trader-mail.io/', 'url user'],
    ['a cookie', `Cookie: a=b; sessionid=${CANARIES.sessionid}`, 'credential'],
    ['a token with escaped slashes', String.raw`{"access_token":"canary\/9plain\/value"}`, 'credential'],
    ['an address', `to ${CANARIES.mail}`, 'e-mail'],
    ['an address in a URL', 'canary.seven%40trader-mail.io', 'e-mail'],
    ['32 letters and digits drawn by chance', 'k3v9q0zt5m1xw8rb2ydh7ncf4gjs6lpa', 'high entropy'],
    ['a UUID', '3f2b9c1e-7a4d-4e8b-9c2f-1d6a5b8e0f37', 'high entropy'],
  ])('finds %s in any text, packed too', async (_, text, kind) => {
    const folder = await temporaryFolder()
    await writeFile(join(folder, 'notes.txt'), `first\n${text}\n`)
    await writeFile(join(folder, 'notes.gz'), gzipSync(`first\n${text}`))
    const run = await scrub(['--check', folder, '--json'])
    const found: unknown[] = run.stdout
      .trim()
      .split('\n')
      .map(line => JSON.parse(line))
    expect(found.slice(0, -1)).toMatchObject([
      { line: 2, kind },
      { line: 2, kind },
    ])
    expect(run.code).toBe(1)
  })

  test.each([
    ['numbers of seventeen digits', '25650.250000000001 1766031047.30267 1e+100'],
    [
      'names in words',
      'regularMarketPreviousClose2 total_shares_outstanding_calculated 52_week_high_low_2025',
    ],
    ['session ids that a client drew', 'qs_multiplexer_full_dA8HvxbMmf4p cs_FsbaO2x1EUkr'],
    ['the guest’s token', '"auth_token":"unauthorized_user_token"'],
    ['the catalogue’s hash', '"studies_metadata_hash":"3af5b8771c6cc64d969596190a83b3e19b5fbce2"'],
    ['examples of RFC 2606 and pictures', 'jo@example.com jo@mail.example logo@2x.png'],
    [
      'a digest of our own',
      '{"kind":"digest","sha256":"ac9c2a7a95cc2494ec8264471cf17dbb89213a2453ed236679a033a9e95724d8"}',
    ],
    [
      'a lock file',
      '"integrity":"sha512-uB9+9GzTzKx0b5zZ1b4Qw0m8mJY0Vd3jZ2Xw5m1n7Qk9aBcDeFgHiJkLmNoPqRsTuVwXyZ0123456789abcdef=="',
    ],
  ])('lets %s be', async (_, text) => {
    const folder = await temporaryFolder()
    await writeFile(join(folder, 'notes.txt'), text)
    expect(await scrub(['--check', folder])).toMatchObject({ code: 0 })
  })

  test('searches a damaged line as what it still says, and reports a file that ends too soon', async () => {
    const path = await dirtyTape()
    await writeFile(path, (await readFile(path, 'utf8')).replace('"m\\":\\"x', '"m\\":\\"y'))
    expect((await scrub(['--check', path])).stdout).toMatch(/:3 \(entry 2\) +text +jwt/)
    await writeFile(path, (await readFile(path, 'utf8')).replace('{"kind":"frame"', '{"kind":"fram\u0001'))
    expect((await scrub(['--check', path])).stdout).toMatch(/:3 +text +jwt/)
    const packed = gzipSync(await readFile(await dirtyTape('a', DRAFTS.slice(3, 4))))
    const cut = join(await temporaryFolder(), 'cut.tape.jsonl.gz')
    await writeFile(cut, packed.subarray(0, -12))
    const run = await scrub(['--check', cut])
    expect(run).toMatchObject({ code: 3 })
    expect(run.stderr).toMatch(/not read to its end/)
  })

  test('does not search what is no text, and says so', async () => {
    const folder = await temporaryFolder()
    await writeFile(join(folder, 'a.bin'), Buffer.from([1, 0, 2]))
    const alone = await scrub(['--check', folder])
    expect(alone).toMatchObject({ code: 4, stdout: '' })
    expect(alone.stderr).toMatch(/there is nothing to search.*no text: .*a\.bin/s)
    await writeFile(join(folder, 'b.txt'), 'x')
    const beside = await scrub(['--check', folder])
    expect(beside).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/not searched, because it is no text: .*a\.bin/),
    })
  })

  test('of an empty folder has found nothing clean', async () => {
    const run = await scrub(['--check', await temporaryFolder()])
    expect(run).toMatchObject({ code: 4, stdout: '', stderr: expect.stringContaining('nothing to search') })
  })

  test.each(['file', 'folder'])(
    'goes through a link to a %s, and tells of one that leads nowhere',
    async to => {
      const [folder, elsewhere] = [await temporaryFolder(), await temporaryFolder()]
      const name = 'notes.txt'
      await writeFile(join(elsewhere, name), CANARIES.token)
      await symlink(to === 'file' ? join(elsewhere, name) : elsewhere, join(folder, 'linked'))
      await symlink('..', join(folder, 'up'))
      const found = await scrub(['--check', folder])
      expect(found).toMatchObject({ code: 1, stdout: expect.stringContaining('1 finding in 1 file') })
      await writeFile(join(elsewhere, name), 'nothing')
      await symlink('nowhere', join(folder, 'lost'))
      const lost = await scrub(['--check', folder])
      expect(lost).toMatchObject({
        code: 3,
        stderr: expect.stringMatching(/lost: not read to its end: ENOENT/),
      })
    },
  )
})

test('a chain of its own: the hash starts from nothing even where the source is a later part', async () => {
  const path = join(await temporaryFolder(), 'p.part2.tape.jsonl')
  const previousHash = createHashChain().close()
  const writer = await TapeWriter.create(path, { ...HEADER, part: 2, previousHash, derived: 'cut' })
  writer.append({ kind: 'mark', at: 1, note: CANARIES.token })
  await writer.seal(2)
  const output = path.replace('p.', 'q.')
  expect(await scrub([path, '-o', output])).toMatchObject({ code: expect.any(Number) })
  const { header, unprovenCount } = await checkTape(output)
  expect(header.previousHash).toBeUndefined()
  expect(unprovenCount).toBe(0)
})

function textOf(entry: unknown): string {
  return typeof entry === 'object' && entry !== null && 'text' in entry ? String(entry.text) : ''
}
