import { FEEDS, type Feed, feedNamed } from '../feeds/index.ts'
import type { Clock } from '../model/clock.ts'
import { FeedtapeError } from '../model/errors.ts'
import { isoFromEpochMicros, type Micros, microsFromDuration } from '../model/time.ts'
import type { RecordLimits } from '../record/index.ts'
import type { RotationRule } from '../tape/index.ts'

export function feedNames(): string {
  return FEEDS.filter(feed => feed.transport === 'websocket')
    .map(feed => feed.name)
    .join(', ')
}

export function checkedFeed(name: string): Feed {
  const feed = feedNamed(name)
  if (feed !== undefined && feed.transport === 'websocket') return feed
  const expected = `one of: ${feedNames()}`
  throw new FeedtapeError('usage', 'there is no such feed to record', { expected, found: name })
}

/** `A:B,C:D` are two; a name `={…}` has commas of its own and goes to the end. */
export function addSymbols(value: string, earlier: readonly string[] = []): readonly string[] {
  const names: string[] = []
  for (let rest = value; rest !== ''; ) {
    const comma = rest.startsWith('=') ? -1 : rest.indexOf(',')
    names.push((comma < 0 ? rest : rest.slice(0, comma)).trim())
    rest = comma < 0 ? '' : rest.slice(comma + 1).trimStart()
  }
  return [...earlier, ...names.filter(name => name !== '')]
}

export function checkedSymbols(feed: Feed, symbols: readonly string[]): readonly string[] {
  if (symbols.length > 0) return [...new Set(symbols)]
  throw new FeedtapeError('usage', 'nothing to subscribe to', {
    where: '--symbol',
    next: `name what you want: feedtape record ${feed.name} --symbol CME_MINI:NQ1! --symbol CME_MINI:MNQ1!`,
  })
}

export function checkedLimits(flags: { readonly for?: string; readonly frames?: string }): RecordLimits {
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
  readonly rotateSize?: string
  readonly rotateEvery?: string
}

export function checkedRotation({ rotateSize, rotateEvery }: RotationFlags): RotationRule | undefined {
  if (rotateSize === undefined && rotateEvery === undefined) return undefined
  return {
    ...(rotateSize === undefined ? {} : { bytes: checkedSize('--rotate-size', rotateSize) }),
    ...(rotateEvery === undefined ? {} : { every: checkedDuration('--rotate-every', rotateEvery) }),
  }
}

function checkedDuration(where: string, text: string): Micros {
  const duration = microsFromDuration(text)
  if (duration) return duration
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

const SIZE_UNITS: Readonly<Record<string, number>> = {
  kB: 1e3,
  MB: 1e6,
  GB: 1e9,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
}
/** Below this a part would be mostly its own header. */
const SMALLEST_PART = 10_000

function checkedSize(where: string, text: string): number {
  const [, amount = '', unit = ''] = /^(\d+(?:\.\d+)?)([kKMG]i?B)$/.exec(text) ?? []
  const size = Math.round(Number(amount) * (SIZE_UNITS[unit] ?? 0))
  if (size >= SMALLEST_PART && Number.isSafeInteger(size)) return size
  throw new FeedtapeError('usage', 'this is no size', {
    where,
    expected: `a number with its unit, from 10kB: 100MB, 64MiB, 1.5GB (${Object.keys(SIZE_UNITS).join(', ')})`,
    ...shown(text),
  })
}

export function checkedUrl(where: string, text: string | undefined, protocol: RegExp): string | undefined {
  if (text === undefined) return undefined
  const url = URL.parse(text)
  if (url !== null && protocol.test(url.protocol) && url.username === '' && url.hash === '') return text
  // It is not shown: it may hold a credential.
  throw new FeedtapeError('usage', 'this is no address that can be used', {
    where,
    expected: where === '--url' ? 'ws://… or wss://…, without user or #' : 'http://… or https://…',
  })
}

export function defaultPath(feed: Feed, clock: Clock): string {
  const stamp = isoFromEpochMicros(clock.now()).slice(0, 19).replace(/[-:]/g, '')
  return `recordings/${feed.name}-${stamp}Z.tape.jsonl`
}
