import type { Decimal } from '../../model/decimal.ts'
import type { Observation } from '../../model/observation.ts'
import type { QuoteFields } from '../../model/quote.ts'
import type { EpochMicros } from '../../model/time.ts'
import type { NumberReader } from '../numbers.ts'
import { type Finding, head, listed, malformed } from '../tradingview/finding.ts'
import { isRecord, type JsonRecord, parseJson } from '../tradingview/json.ts'
import { MemberReader, readExactly, wireOf } from './numbers.ts'

export interface ReadLine {
  readonly finding: Finding
  readonly observations: readonly Observation[]
}

/** One line of /streaming, without its end. */
export function readLine(text: string, keepWire: boolean): ReadLine {
  const parsed = parseJson(text)
  if (parsed === undefined) return alone(malformed('(line)', 'no JSON, or cut short', text))
  const read = readExactly(text, parsed, readObject)
  if (read === undefined) return alone(malformed('(line)', 'nested too deep to be read', text))
  const { noise, value } = read
  const finding = { ...value.finding, ...(noise === 0 ? {} : { noise }) }
  if (value.finding.disposition === 'unknown') return alone({ ...finding, sample: head(text) })
  const observations = keepWire ? withWire(value.observations, text) : value.observations
  return {
    finding: finding.disposition === 'malformed' ? { ...finding, sample: head(text) } : finding,
    observations,
  }
}

function alone(finding: Finding): ReadLine {
  return { finding, observations: [] }
}

function readObject(parsed: unknown, numbers: NumberReader): ReadLine {
  if (!isRecord(parsed)) return alone(malformed('(line)', 'no JSON object', ''))
  if (Object.hasOwn(parsed, 'heartbeat')) return alone({ kind: 'heartbeat', disposition: 'status' })
  const form = parsed['f']
  if (form !== 't' && form !== 'q' && form !== 'd') {
    return alone({ kind: '(line)', disposition: 'unknown', reason: 'neither a heartbeat nor f of t, q or d' })
  }
  const name = parsed['id']
  const kind = KIND[form]
  if (typeof name !== 'string' || name === '') return alone(malformed(kind, 'id is no name', ''))
  const members = new MemberReader(numbers)
  const observation = READ[form](parsed, name, members)
  const wrong = listed(members.problems)
  if (typeof observation === 'string') return alone(malformed(kind, wrong ?? observation, ''))
  return {
    finding: wrong === undefined ? { kind, disposition: 'read' } : malformed(kind, wrong, ''),
    observations: [observation],
  }
}

const KIND = { t: 'trade', q: 'quote', d: 'daily bar' } as const
const READ = { t: readTrade, q: readQuote, d: readDailyBar } as const

function readTrade(record: JsonRecord, name: string, members: MemberReader): Observation | string {
  const price = members.decimal(record, 'p')
  const size = members.decimal(record, 's')
  const time = members.time(record, 't')
  const missing = members.missing({ p: price })
  if (missing !== undefined || price == null) return missing ?? ''
  return {
    kind: 'trade',
    session: '',
    name,
    price,
    ...(size == null ? {} : { size }),
    ...(time == null ? {} : { time }),
  }
}

/** `t` is the time of whichever side is there. */
function readQuote(record: JsonRecord, name: string, members: MemberReader): Observation {
  const time = members.time(record, 't')
  const side = (
    price: 'bid' | 'ask',
    priceOf: Decimal | null | undefined,
    sizeOf: Decimal | null | undefined,
  ): QuoteFields => {
    const fields: { -readonly [F in keyof QuoteFields]: QuoteFields[F] } = {}
    if (priceOf !== undefined) fields[price] = priceOf
    if (sizeOf !== undefined) fields[`${price}Size`] = sizeOf
    const isThere = priceOf !== undefined || sizeOf !== undefined
    if (isThere && time !== undefined) fields[`${price}Time`] = time
    return fields
  }
  const fields = {
    ...side('bid', members.decimal(record, 'bp'), members.decimal(record, 'bs')),
    ...side('ask', members.decimal(record, 'ap'), members.decimal(record, 'as')),
  }
  return { kind: 'quote', session: '', name, fields }
}

function readDailyBar(record: JsonRecord, name: string, members: MemberReader): Observation | string {
  const bar = readBar(record, members)
  if (typeof bar === 'string') return bar
  return { kind: 'bar', session: '', name, interval: '1d', which: 'current', ...bar }
}

export interface BarValues {
  readonly time: EpochMicros
  readonly open: Decimal
  readonly high: Decimal
  readonly low: Decimal
  readonly close: Decimal
  readonly volume?: Decimal
}

/** `{"t","o","h","l","c","v"}`: a bar of the day, or one row of a history; or what is missing of it. */
export function readBar(record: JsonRecord, members: MemberReader): BarValues | string {
  const [t, o, h, l, c] = [
    members.time(record, 't'),
    members.decimal(record, 'o'),
    members.decimal(record, 'h'),
    members.decimal(record, 'l'),
    members.decimal(record, 'c'),
  ]
  const volume = members.decimal(record, 'v')
  const missing = members.missing({ t, o, h, l, c })
  if (t == null || o == null || h == null || l == null || c == null) return missing ?? ''
  return { time: t, open: o, high: h, low: l, close: c, ...(volume == null ? {} : { volume }) }
}

/** Trades and bars carry no wire: a quote without a field does, so that `quotes --wire` shows the line. */
function withWire(observations: readonly Observation[], text: string): readonly Observation[] {
  const wire = wireOf(text)
  const [first] = observations
  if (wire === undefined || first === undefined) return observations
  if (first.kind === 'quote') return [{ ...first, wire }]
  return [first, { kind: 'quote', session: '', name: first.name, fields: {}, wire }]
}
