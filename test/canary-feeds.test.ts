import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import {
  type CredentialSpec,
  type Credentials,
  exchangeDrafts,
  FEEDS,
  type Feed,
} from '../src/feeds/index.ts'
import {
  createRedactor,
  type EntryDraft,
  type HeaderList,
  type Redactor,
  TapeWriter,
} from '../src/tape/index.ts'
import { type Canaries, type Leak, leaksIn, SPELLINGS } from './canary-search.ts'
import { frameDraft, givenBy, talkOf } from './canary-talk.ts'

/** What the recorder was given, and what somebody else had in the same places. */
const OURS = 'ours'
const OTHERS = 'other'

/** Synthetic, with characters that every encoding spells its own way; no JWT, which would be found for its looks. */
function canaryFor({ isFree, isName, key }: CredentialSpec, place: number, whose: string): string {
  if (isFree === true) return `${whose} pa"ss\\w/rd+${place}=~`
  if (isName !== true) return `canary/${whose}+${key}~${place}5==`
  return /id$/i.test(key) ? `${whose === OURS ? 7 : 8}13609${place + 10}` : `canary${whose}${key}${place}`
}

function credentialsOf({ session }: Feed, whose: string): Credentials {
  return Object.fromEntries(
    session.credentials.map((spec, place) => [spec.key, canaryFor(spec, place, whose)]),
  )
}

/** Names are no secrets of their own: only who was given them knows that they are names. */
function secretsOf({ session }: Feed, credentials: Credentials): Canaries {
  const named = new Set(session.credentials.filter(({ isName }) => isName === true).map(({ key }) => key))
  return Object.fromEntries(Object.entries(credentials).filter(([key]) => !named.has(key)))
}

const SECRETIVE = FEEDS.filter(feed => feed.session.credentials.length > 0).map(
  feed => [feed.name, feed] as const,
)

/** What is left of them in one entry, once the feed has looked into it. */
function leftIn(
  feed: Feed,
  draft: EntryDraft,
  canaries: Canaries,
  redactor = createRedactor(),
): readonly Leak[] {
  for (const secret of feed.secrets.find(draft)) redactor.learn(secret)
  const bytes = Buffer.from(JSON.stringify(redactor.redactDraft(draft)))
  return leaksIn([{ name: JSON.stringify(draft).slice(0, 400), bytes }], canaries)
}

function holds(draft: EntryDraft, canaries: Canaries): boolean {
  return leaksIn([{ name: 'draft', bytes: Buffer.from(JSON.stringify(draft)) }], canaries).length > 0
}

describe.each(SECRETIVE)('the credentials of %s', (_, feed) => {
  it('are all said somewhere, by its session or its login', () => {
    const credentials = credentialsOf(feed, OURS)
    const talk = talkOf(feed, credentials)
    const unsaid = Object.entries(credentials).filter(
      ([key, value]) => !talk.some(draft => holds(draft, { [key]: value })),
    )
    expect(unsaid).toEqual([])
  })

  it('are found wherever its session and its login say them', () => {
    const canaries = secretsOf(feed, credentialsOf(feed, OTHERS))
    const talk = talkOf(feed, credentialsOf(feed, OTHERS))
    expect(talk.some(draft => holds(draft, canaries))).toBe(true)
    expect(talk.flatMap(draft => leftIn(feed, draft, canaries))).toEqual([])
  })

  it('are found in the answer of the login that gives new ones', () => {
    const given = givenBy(feed, credentialsOf(feed, OURS))
    const hasVenue = feed.transport === 'websocket' && feed.conversation.http !== undefined
    expect(given.length > 0).toBe(hasVenue && feed.session.exchange !== undefined)
    for (const { credentials, drafts } of given)
      expect(drafts.flatMap(draft => leftIn(feed, draft, secretsOf(feed, credentials)))).toEqual([])
  })

  it('are found in the same words cut short, framed wrongly, as bytes, quoted, and where others repeat them', () => {
    const canaries = secretsOf(feed, credentialsOf(feed, OTHERS))
    const damaged = talkOf(feed, credentialsOf(feed, OTHERS)).flatMap(draft => damagedDrafts(draft, canaries))
    expect(damaged.length).toBeGreaterThan(5)
    expect(damaged.flatMap(draft => leftIn(feed, draft, canaries))).toEqual([])
  })

  it('are found where a sample of its wire has a word in their place', () => {
    const value = canaryFor({ key: 'token', variable: '', meaning: '' }, 0, OTHERS)
    const samples = feed.kinds.filter(({ sample }) => PLACE.test(sample))
    const drafts = samples.flatMap(({ dir, sample }) =>
      carried(
        feed,
        sample.replaceAll(PLACES, () => value),
        dir,
      ),
    )
    expect(drafts.flatMap(draft => leftIn(feed, draft, { value }))).toEqual([])
  })

  it('leave a tape on which nothing of them stands, whatever the venue repeats and however it is spelled', async () => {
    const ours = credentialsOf(feed, OURS)
    const others = credentialsOf(feed, OTHERS)
    const drafts = [
      ...[...talkOf(feed, others), ...talkOf(feed, ours)],
      ...Object.values(ours).flatMap(value => echoesOf(feed, value)),
      ...Object.values(secretsOf(feed, others)).flatMap(value => echoesOf(feed, value)),
    ]
    const bytes = await tapeOf(feed, ours, drafts)
    const canaries = { ...ours, ...prefixed(secretsOf(feed, others)) }
    expect(bytes.length).toBeGreaterThan(10_000)
    expect(leaksIn([{ name: 'tape', bytes }], canaries)).toEqual([])
  })
})

function prefixed(canaries: Canaries): Canaries {
  return Object.fromEntries(Object.entries(canaries).map(([key, value]) => [`another ${key}`, value]))
}

/** A placeholder where a credential stands: in quotes, or behind `authorize`. */
const PLACE = /"<redacted>"|"p-ticket":"synthetic"|^authorize\n\d+\n\nsynthetic/
const PLACES = /(?<=")<redacted>(?=")|(?<="p-ticket":")synthetic|(?<=^authorize\n\d+\n\n)synthetic/g

/** No UTF-8, and no part of a credential. */
const UNCLEAN = Buffer.from([0xff, 0xfe])

/** Texts, and what of each has to be found: the same in every way in which a wire breaks. */
function damagedDrafts(draft: EntryDraft, canaries: Canaries): readonly EntryDraft[] {
  const texts = ['text' in draft ? draft.text : '', 'headers' in draft ? repeated(draft.headers) : '']
  const text = texts.find(one => holds(frameDraft(one), canaries))
  if (text === undefined) return []
  const dir = 'dir' in draft ? draft.dir : 'in'
  const cut = Object.values(canaries).flatMap(value => cutsBehind(text, value))
  const broken = [...cut, `~m~3~m~${text}`, `a[${text}`, `${text}"}]`, `\u0000${text}`, ` ${text}`]
  const body = { kind: 'response', at: 0, conn: 1, exchange: 1, status: 200, headers: [] } as const
  const bytes = [text, ...cut].map(one =>
    Buffer.concat([UNCLEAN, Buffer.from(one), UNCLEAN]).toString('base64'),
  )
  return [
    ...broken.flatMap(one => [frameDraft(one, dir), { ...body, text: one }]),
    frameDraft(JSON.stringify({ echo: text })),
    frameDraft(JSON.stringify([JSON.stringify({ echo: text })])),
    ...bytes.flatMap((base64): readonly EntryDraft[] => [
      { kind: 'frame', at: 0, conn: 1, dir, op: 'binary', base64 },
      { kind: 'frame', at: 0, conn: 1, dir, op: 'text', base64 },
      { ...body, base64 },
    ]),
    { kind: 'mark', at: 0, note: text },
    { kind: 'close', at: 0, conn: 1, by: 'them', code: 4000, reason: text },
    { kind: 'fail', at: 0, conn: 1, feed: 'any', url: 'wss://x/', cause: 'other', reason: text },
  ]
}

/** Headers as a page of errors shows them. */
function repeated(headers: HeaderList): string {
  return headers.map(([name, value]) => `${name}: ${value}`).join('\r\n')
}

/** Right behind it, in the middle of what follows, and one unit before its end. */
function cutsBehind(text: string, value: string): readonly string[] {
  const written = [value, JSON.stringify(value).slice(1, -1)].find(one => text.includes(one))
  if (written === undefined) return []
  const end = text.indexOf(written) + written.length
  return [text.slice(0, end), text.slice(0, end + 3)]
}

function carried(feed: Feed, sample: string, dir: 'in' | 'out'): readonly EntryDraft[] {
  if (feed.transport === 'websocket') return [frameDraft(feed.encode.frame([sample]), dir)]
  const [kind] = feed.kinds.filter(one => one.dir === dir)
  if (kind === undefined) return []
  const place = { feed: feed.name, conn: 1, exchange: 1, at: 0 }
  return exchangeDrafts(feed.encode.carry({ ...kind, sample }), place)
}

/** One value in each of its spellings in each of the wire's own messages, and wherever else a venue can say a word. */
function echoesOf(feed: Feed, value: string): readonly EntryDraft[] {
  const spelled = Object.entries(SPELLINGS).flatMap(([name, write]) =>
    name.includes('base64') ? [] : [write(value)],
  )
  const encoded = ['', 'a', 'ab'].flatMap(before => {
    const bytes = Buffer.from(`${before}${value}!`)
    return [bytes.toString('base64'), bytes.toString('base64url')]
  })
  const words = [...spelled, ...encoded]
  const url = (word: string): string =>
    `${feed.url === '' ? 'wss://x/' : feed.url}?a=${encodeURIComponent(word)}&b=${encodeURIComponent(value)}`
  const on = { at: 0, conn: 1 } as const
  const headers = words.map(word => ['X-Echo', word] as const)
  return [
    ...feed.kinds.flatMap(({ dir, sample }) => {
      let next = 0
      const told = sample.replaceAll(/(?<=:\s?")[^"\\]*(?=")/g, () =>
        JSON.stringify(words[next++ % words.length]).slice(1, -1),
      )
      return told === sample || sample.startsWith('(binary)') ? [] : carried(feed, told, dir)
    }),
    ...words.flatMap((word): readonly EntryDraft[] => [
      frameDraft(word),
      frameDraft(JSON.stringify({ message: word })),
      {
        kind: 'frame',
        ...on,
        dir: 'in',
        op: 'binary',
        base64: Buffer.from(`\u00ff${word}`, 'latin1').toString('base64'),
      },
      { kind: 'frame', ...on, dir: 'in', op: 'chunk', text: word },
      { kind: 'mark', at: 0, note: word },
      { kind: 'close', ...on, by: 'them', code: 4000, reason: word },
      { kind: 'open', ...on, feed: feed.name, url: url(word) },
      { kind: 'fail', ...on, feed: feed.name, url: url(word), cause: 'rejected', reason: word },
      {
        kind: 'request',
        ...on,
        feed: feed.name,
        exchange: 1,
        method: 'GET',
        url: url(word),
        headers,
        text: word,
      },
      { kind: 'response', ...on, exchange: 1, status: 403, headers, text: word },
    ]),
  ]
}

/** As a recording does it: what was given is known before, what is met is learned from the entry that has it. */
async function tapeOf(feed: Feed, given: Credentials, drafts: readonly EntryDraft[]): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'feedtape-canary-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const path = join(folder, 'canary.tape.jsonl')
  const redactor: Redactor = createRedactor()
  for (const [place, value] of Object.entries(given)) expect(redactor.learn({ value, place })).toBe(true)
  const writer = await TapeWriter.create(path, headerFor(feed), { redactor })
  for (const draft of drafts) {
    for (const secret of feed.secrets.find(draft)) redactor.learn(secret)
    writer.append(draft)
  }
  await writer.seal(1)
  return await readFile(path)
}

function headerFor({ name }: Feed) {
  return {
    kind: 'header',
    format: 'feedtape/1',
    id: '0'.repeat(32),
    start: '2026-03-02T15:00:00.000000Z',
    feeds: [name],
    generator: { name: 'feedtape canary', version: '1' },
    platform: 'any',
    clock: 'none',
    redaction: 'hmac-sha256',
    synthetic: true,
  } as const
}
