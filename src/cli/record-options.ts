import { FEEDS, type Feed, feedNamed } from '../feeds/index.ts'
import type { Clock } from '../model/clock.ts'
import { excerpt, FeedtapeError } from '../model/errors.ts'
import { isoFromEpochMicros, type Micros } from '../model/time.ts'
import type { RecordLimits } from '../record/index.ts'
import type { RotationRule } from '../tape/index.ts'
import { durationOf, SIZE_UNITS, sizeOf } from './written.ts'

export function feedNames(): string {
  return FEEDS.map(feed => feed.name).join(', ')
}

export function checkedFeed(name: string): Feed {
  const feed = feedNamed(name)
  if (feed !== undefined) return feed
  const expected = `one of: ${feedNames()}`
  throw new FeedtapeError('usage', 'there is no such feed to record', { expected, found: excerpt(name) })
}

/** `FEED=…` is for that feed; without it a value is for the only feed there is. By the feed's name, in order. */
export function byFeed(
  where: string,
  values: readonly string[],
  feeds: readonly Feed[],
  mark: '=' | ':' = '=',
): ReadonlyMap<string, readonly string[]> {
  const names = feeds.map(feed => feed.name)
  const found = new Map<string, string[]>()
  for (const value of values) {
    const named = names.find(name => value.startsWith(`${name}${mark}`))
    const name = named ?? (names.length === 1 ? names[0] : undefined)
    if (name === undefined) {
      // The value is not shown: it may hold a credential.
      throw new FeedtapeError('usage', 'several feeds are named, and this is for none of them', {
        where,
        expected: `FEED${mark}… with a FEED of: ${names.join(', ')}`,
        next: `write it like ${where} ${names[0]}${mark}…`,
      })
    }
    const rest = named === undefined ? value : value.slice(named.length + 1)
    found.set(name, [...(found.get(name) ?? []), rest])
  }
  return found
}

/** `A:B,C:D` are two; a name `={…}` has commas of its own and goes to the end. */
export function symbolsIn(value: string): readonly string[] {
  const names: string[] = []
  for (let rest = value; rest !== ''; ) {
    const comma = rest.startsWith('=') ? -1 : rest.indexOf(',')
    names.push((comma < 0 ? rest : rest.slice(0, comma)).trim())
    rest = comma < 0 ? '' : rest.slice(comma + 1).trimStart()
  }
  return names.filter(name => name !== '')
}

export function checkedSymbols(
  feed: Feed,
  values: readonly string[] = [],
  isOneOfMany = false,
  command = 'record',
): readonly string[] {
  const symbols = [...new Set(values.flatMap(symbolsIn))]
  if (symbols.length > 0 || feed.session.needsSymbols === false) return symbols
  const prefix = isOneOfMany ? `${feed.name}=` : ''
  throw new FeedtapeError('usage', `nothing to subscribe to on ${feed.name}`, {
    where: '--symbol',
    next: `name what you want: feedtape ${command} ${feed.name} --symbol ${prefix}CME_MINI:NQ1! --symbol ${prefix}CME_MINI:MNQ1!`,
  })
}

/** NAME=VALUE, each name once. */
export function chosenIn(values: readonly string[] = []): Readonly<Record<string, string>> {
  const chosen: Record<string, string> = {}
  for (const value of values) {
    const [, name = '', choice = ''] = /^([\w-]+)=([\s\S]*)$/.exec(value) ?? []
    if (name === '' || name in chosen) {
      throw new FeedtapeError('usage', name === '' ? 'this chooses nothing' : `${name} is chosen twice`, {
        where: '--option',
        expected: '[FEED:]NAME=VALUE, each NAME once',
        ...shown(value),
      })
    }
    chosen[name] = choice
  }
  return chosen
}

/** The last that was said; `undefined` for a feed that is not polled. Throws `usage` where it is below its limit. */
export function checkedPace(
  feed: Feed,
  values: readonly string[] | undefined,
  where = '--every',
): Micros | undefined {
  const text = values?.at(-1)
  if (text === undefined) return undefined
  if (feed.transport !== 'http') {
    throw new FeedtapeError('usage', `${feed.name} is a socket: it has no pace of ours`, { where })
  }
  const pace = checkedDuration(where, text)
  const { fastest } = feed.session
  if (pace >= fastest) return pace
  throw new FeedtapeError('usage', `${feed.name} is not asked so often`, {
    where,
    expected: `${fastest / 1_000}ms or longer`,
    found: text,
  })
}

export interface LimitFlags {
  readonly for?: string | undefined
  readonly frames?: string | undefined
}

export function checkedLimits(flags: LimitFlags): RecordLimits {
  const duration = flags.for === undefined ? undefined : checkedDuration('--for', flags.for)
  const frames = flags.frames === undefined ? undefined : Number(flags.frames)
  if (flags.frames !== undefined && !(/^\d+$/.test(flags.frames) && Number.isSafeInteger(frames) && frames)) {
    throw new FeedtapeError('usage', 'this is no count of frames', {
      where: '--frames',
      expected: 'a whole number from 1',
      ...shown(flags.frames),
    })
  }
  return {
    ...(duration === undefined ? {} : { for: duration }),
    ...(frames === undefined ? {} : { frames }),
  }
}

export interface RotationFlags {
  readonly rotateSize?: string | undefined
  readonly rotateEvery?: string | undefined
}

export function checkedRotation({ rotateSize, rotateEvery }: RotationFlags): RotationRule | undefined {
  if (rotateSize === undefined && rotateEvery === undefined) return undefined
  return {
    ...(rotateSize === undefined ? {} : { bytes: checkedSize('--rotate-size', rotateSize) }),
    ...(rotateEvery === undefined ? {} : { every: checkedDuration('--rotate-every', rotateEvery) }),
  }
}

function checkedDuration(where: string, text: string): Micros {
  const duration = durationOf(text)
  if (duration !== undefined) return duration
  throw new FeedtapeError('usage', 'this is no duration', {
    where,
    expected: 'a number with its unit, longer than nothing: 90s, 10m, 1h30m (us, ms, s, m, h, d)',
    ...shown(text),
  })
}

/** What is longer may be a credential in the wrong place. */
function shown(text: string): { readonly found?: string } {
  return text.length > 20 ? {} : { found: text }
}

function checkedSize(where: string, text: string): number {
  const size = sizeOf(text)
  if (size !== undefined) return size
  throw new FeedtapeError('usage', 'this is no size', {
    where,
    expected: `a number with its unit, from 10kB: 100MB, 64MiB, 1.5GB (${Object.keys(SIZE_UNITS).join(', ')})`,
    ...shown(text),
  })
}

/** Where a feed is to be met, in place of its own address. */
export function checkedUrl(where: string, feed: Feed, text: string | undefined): string | undefined {
  if (text === undefined && feed.url === '') {
    throw new FeedtapeError('usage', `${feed.name} has no address of its own`, {
      where,
      next: 'say where it is',
    })
  }
  return feed.transport === 'http'
    ? checkedAddress(where, text, /^https?:$/, 'http://… or https://…')
    : checkedAddress(where, text, /^wss?:$/, 'ws://… or wss://…')
}

export function checkedAddress(
  where: string,
  text: string | undefined,
  protocol: RegExp,
  expected: string,
): string | undefined {
  if (text === undefined) return undefined
  const url = URL.parse(text)
  if (url !== null && protocol.test(url.protocol) && url.username === '' && url.hash === '') return text
  // It is not shown: it may hold a credential.
  throw new FeedtapeError('usage', 'this is no address that can be used', {
    where,
    expected: `${expected}, without user or #`,
  })
}

/** Behind the tape, or over its beginning, the answer would follow. */
const STDOUT: readonly (string | undefined)[] = ['-', '/dev/stdout', '/dev/fd/1', '/proc/self/fd/1']

export function checkedOutput(text: string | undefined): string | undefined {
  if (text !== '' && !STDOUT.includes(text)) return text
  throw new FeedtapeError(
    'usage',
    text === '' ? 'the tape has no name' : 'stdout has the answer, not the tape',
    {
      where: '-o',
      expected: 'the name of a file',
      next: 'name one, as NAME.tape.jsonl; to hand the tape on as it comes: mkfifo NAME, then -o NAME --overwrite',
    },
  )
}

export function defaultPath(feeds: readonly Feed[], clock: Clock): string {
  const stamp = isoFromEpochMicros(clock.now()).slice(0, 19).replace(/[-:]/g, '')
  const [first, ...others] = new Set(feeds.map(feed => feed.name))
  const name = others.length === 0 ? first : `${first}-and-${others.length}-more`
  return `recordings/${name}-${stamp}Z.tape.jsonl`
}
