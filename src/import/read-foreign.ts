import { feedNamed, feedOfSniffing, isAnyJson, type Sniffing, sniff } from '../feeds/index.ts'
import { browserSessions } from './browser-sessions.ts'
import { type Capture, type CapturedMessage, textsOf } from './capture.ts'
import { messageIn } from './envelope.ts'
import { partsOf } from './json-parts.ts'

/** A capture in the reading that makes the most of it, and whose wire that is. */
export interface ForeignReading {
  readonly capture: Capture
  readonly sniffing: Sniffing
}

/** `undefined` where nobody can make a message of it. */
export function readForeign(text: string): ForeignReading | undefined {
  const readings = candidates(text.replace(/^\uFEFF/, '')).flatMap(capture => {
    const reading = sniffed(capture)
    // A reading in which a feed is sure of its own frames goes before the one without them.
    return [...framedAgain(reading), reading]
  })
  // The first of the best: candidates come in the order in which they are believed.
  let best: ForeignReading | undefined
  for (const reading of readings) {
    if (pointsOf(reading.sniffing) > (best === undefined ? 0 : pointsOf(best.sniffing))) best = reading
  }
  return best
}

function sniffed(capture: Capture): ForeignReading {
  const urls = capture.connections.flatMap(({ url }) => (url === undefined ? [] : [url]))
  return { capture, sniffing: sniff(textsOf(capture), urls) }
}

const POINTS = { certain: 3, likely: 2, possible: 1 } as const
/** A reading that nobody but the reader of any JSON takes. */
const ANY_JSON = 0.1

/** How sure, and a little for how much of it. */
function pointsOf(sniffing: Sniffing): number {
  const taken = feedOfSniffing(sniffing)
  if (taken === undefined) return 0
  const share = taken.messages / Math.max(sniffing.looked, 1)
  return (isAnyJson(taken.feed) ? ANY_JSON : POINTS[taken.confidence]) + share * ANY_JSON
}

/**
 * Logs of other clients keep a wire's messages without its frame (`{"e":"md",…}` for `a[{"e":"md",…}]`). Where a
 * feed is surer of them in its own frame they are put back into it, and it is said.
 */
function framedAgain({ capture, sniffing }: ForeignReading): readonly ForeignReading[] {
  return sniffing.matches.flatMap(({ feed: name, confidence }): readonly ForeignReading[] => {
    const feed = feedNamed(name)
    if (feed?.transport !== 'websocket' || confidence === 'certain') return []
    const framed = (text: string): string => (text.startsWith('{') ? feed.encode.frame([text]) : text)
    const certain = textsOf(capture).find(text => feed.recognise(framed(text))?.confidence === 'certain')
    if (certain === undefined) return []
    const notes = [...capture.notes, `the file has lost the frames of ${name}: they are put back`]
    const connections = capture.connections.map(connection => ({
      ...connection,
      messages: connection.messages.map(message =>
        'text' in message.body ? { ...message, body: { text: framed(message.body.text) } } : message,
      ),
    }))
    const again = sniffed({ ...capture, notes, connections })
    const why = `without its frame: ${feed.recognise(framed(certain))?.why ?? ''}`
    const matches = again.sniffing.matches.map(match =>
      // The frame is ours, not theirs.
      match.feed === name ? { ...match, confidence: 'likely' as const, why } : match,
    )
    return [{ capture: again.capture, sniffing: { ...again.sniffing, matches } }]
  })
}

function candidates(text: string): readonly Capture[] {
  const parsed = parsedJson(text)
  if (parsed === undefined) return ofPieces('JSON Lines', linesOf(text))
  const sessions = browserSessions(parsed)
  if (sessions !== undefined) return [sessions]
  const whole = [
    captureOf('one JSON text', [{ body: { text: text.trim() } }]),
    ...ofPieces('one record', [text]).slice(0, 1),
  ]
  if (!Array.isArray(parsed)) return whole
  return [
    ...whole,
    ...ofPieces(
      'a JSON array',
      partsOf(text).map(part => part.text),
    ),
  ]
}

/** Remarks of whoever put the file together are no messages; an empty message leaves no line that can be told. */
function linesOf(text: string): readonly string[] {
  return text.split(/\r?\n/).filter(line => line.trim() !== '' && !line.startsWith('# '))
}

/** Records of a recorder, messages as they are, and, last, rows that were taken out of one answer. */
function ofPieces(of: string, pieces: readonly string[]): readonly Capture[] {
  const records = pieces.map(messageIn)
  const messages = records.filter(record => record !== undefined)
  const isRecords = messages.length > 0 && messages.length >= pieces.length / 2
  const left = pieces.length - messages.length
  const first = records.indexOf(undefined) + 1
  const notes =
    left === 0
      ? []
      : [
          `${left} pieces of the file are no records of messages; they are left out (the first is the ${first}.)`,
        ]
  const isRows = pieces.length > 1 && pieces.every(piece => piece.startsWith('{'))
  const joined = `[${pieces.join(',')}]`
  return [
    ...(isRecords ? [{ ...captureOf(`${of} of records`, messages, notes), lost: left }] : []),
    captureOf(
      of,
      pieces.map(piece => ({ body: { text: piece } })),
    ),
    ...(isRows
      ? [
          captureOf(
            `${of} of rows`,
            [{ body: { text: joined } }],
            ['rows of one answer: the array around them is put back'],
          ),
        ]
      : []),
  ]
}

function captureOf(
  format: string,
  messages: readonly CapturedMessage[],
  notes: readonly string[] = [],
): Capture {
  return { format, connections: [{ messages }], notes }
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
