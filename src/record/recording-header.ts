import { type Random, randomInteger } from '../model/random.ts'
import { type EpochMicros, isoFromEpochMicros } from '../model/time.ts'
import { FORMAT, type Header } from '../tape/index.ts'
import type { RecordingOptions } from './recording.ts'

const ID_DIGITS = 32

/** What a tape that begins at `start` says of itself. */
export function headerOf(
  { feeds, random, synthetic, version }: RecordingOptions,
  start: EpochMicros,
): Header {
  return {
    kind: 'header',
    format: FORMAT,
    id: randomHex(random, ID_DIGITS),
    start: isoFromEpochMicros(start),
    feeds: [...new Set(feeds.map(feed => feed.name))],
    generator: { name: 'feedtape', version },
    platform: `${process.platform} ${process.arch} node ${process.versions.node}`,
    clock: 'monotonic',
    redaction: 'hmac-sha256',
    ...(synthetic === true ? { synthetic: true } : {}),
  }
}

function randomHex(random: Random, digits: number): string {
  return Array.from({ length: digits }, () => randomInteger(random, 0, 15).toString(16)).join('')
}
