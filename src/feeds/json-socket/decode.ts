import { Buffer } from 'node:buffer'
import { excerpt } from '../../model/errors.ts'
import type { Entry, Frame } from '../../tape/entry.ts'
import type { Decoder, DecoderOptions, Disposition, Packet, Sink } from '../feed.ts'
import { NumberReader, parseKeepingNumbers, parseKeepingText } from '../numbers.ts'
import { type Mapping, mappingsOf } from './mapping.ts'
import { fits, readMapped } from './read-mapped.ts'
import { shapeOf } from './shape.ts'

const SAMPLE = 160
export const NO_MAPPING = 'no mapping in the config for it (feeds.json-socket; feedtape inspect suggests one)'

interface Finding {
  readonly kind: string
  readonly disposition: Disposition
  readonly reason?: string
  readonly noise?: number
}

/** One frame is one message is one packet; nothing is kept between them. Throws where `settings` are not the schema's. */
export function createDecoder({ settings, keepWire }: DecoderOptions = {}): Decoder {
  const mappings = mappingsOf(settings)
  return {
    decode(entry: Entry, sink: Sink): void {
      if (entry.kind === 'frame')
        sink.packet(packetOf(entry, { mappings, keepWire: keepWire === true, sink }))
    },
  }
}

interface Context {
  readonly mappings: readonly Mapping[]
  readonly keepWire: boolean
  readonly sink: Sink
}

function packetOf(frame: Frame, context: Context): Packet {
  const { op, dir } = frame
  if (op === 'ping' || op === 'pong') {
    return {
      dir,
      index: 0,
      kind: `(${op})`,
      disposition: 'status',
      payload: sizeOf(frame),
      framing: 0,
      stray: 0,
    }
  }
  if (op === 'chunk') {
    const reason = 'a chunk of an HTTP body: not of this wire'
    return {
      dir,
      index: 0,
      kind: '(chunk)',
      disposition: 'malformed',
      payload: 0,
      framing: 0,
      stray: sizeOf(frame),
      reason,
    }
  }
  if ('text' in frame) return account(frame, frame.text, readText(frame.text, frame, context))
  const text = Buffer.from(frame.base64, 'base64').toString('utf8')
  const reason = op === 'text' ? 'text frame with broken UTF-8' : 'a binary frame: only text is read here'
  const finding =
    op === 'text' ? malformed(reason) : ({ kind: '(binary)', disposition: 'unknown', reason } as const)
  return account(frame, text, finding)
}

function readText(text: string, { dir }: Frame, context: Context): Finding {
  const message = parsed(text, JSON.parse)
  if (message === undefined) return malformed(text === '' ? 'an empty message' : 'no JSON')
  const { name: kind } = shapeOf(message)
  if (dir === 'out') return { kind, disposition: 'request' }
  const fitting = context.mappings.filter(mapping => fits(mapping, message))
  if (fitting.length === 0) return { kind, disposition: 'ignored', reason: NO_MAPPING }
  return readFitting(text, message, kind, fitting, context)
}

function readFitting(
  text: string,
  message: unknown,
  kind: string,
  fitting: readonly Mapping[],
  { keepWire, sink }: Context,
): Finding {
  const wire = keepWire ? parsed(text, parseKeepingText) : undefined
  const first = new NumberReader()
  let numbers = first
  let readings = fitting.map(mapping => readMapped(mapping, message, first, wire))
  if (first.needsText) {
    const exact = parsed(text, parseKeepingNumbers)
    if (exact === undefined) return { ...malformed('nested too deep to be read exactly'), kind }
    numbers = new NumberReader()
    readings = fitting.map(mapping => readMapped(mapping, exact, numbers, wire))
  }
  for (const { observations } of readings)
    for (const observation of observations) sink.observe(observation, 0)
  const problems = new Set(readings.flatMap(reading => [...reading.problems]))
  const noise = numbers.noise === 0 ? {} : { noise: numbers.noise }
  if (problems.size === 0) return { kind, disposition: 'read', ...noise }
  return { kind, disposition: 'malformed', reason: [...problems].slice(0, 5).join('; '), ...noise }
}

/** `undefined` where it is no JSON; a reviver runs out of stack where JSON.parse does not. */
function parsed(text: string, parse: (text: string) => unknown): unknown {
  try {
    return parse(text)
  } catch (thrown) {
    if (thrown instanceof SyntaxError || thrown instanceof RangeError) return undefined
    throw thrown
  }
}

function malformed(reason: string): Finding {
  return { kind: '(text)', disposition: 'malformed', reason }
}

/** A text frame that was kept as bytes counts in UTF-16 units all the same. */
function sizeOf(frame: Frame): number {
  if ('text' in frame) return frame.text.length
  const bytes = Buffer.from(frame.base64, 'base64')
  return frame.op === 'text' ? bytes.toString('utf8').length : bytes.length
}

function account(frame: Frame, text: string, finding: Finding): Packet {
  const needsSample = finding.disposition === 'unknown' || finding.disposition === 'malformed'
  return {
    dir: frame.dir,
    index: 0,
    payload: sizeOf(frame),
    framing: 0,
    stray: 0,
    ...finding,
    ...(needsSample ? { sample: excerpt(text, SAMPLE) } : {}),
  }
}
