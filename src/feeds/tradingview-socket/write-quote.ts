import { type Decimal, decimalSign, decimalText, significantDigits } from '../../model/decimal.ts'
import type { BarObservation, InstrumentFacts, TradeObservation } from '../../model/observation.ts'
import { QUOTE_FIELD_NAMES, type QuoteField, type QuoteFields } from '../../model/quote.ts'
import type { EpochMicros } from '../../model/time.ts'
import { BAR_WIRE, delayOfMode, FACT_WIRE, QUOTE_WIRE, type QuoteWireField } from './fields.ts'

/** A member of a qsd's `v`: its key, and its value as JSON text, so that no digit passes through a double. */
export type WireMember = readonly [key: string, json: string]

export interface Written {
  readonly members: readonly WireMember[]
  /** What the wire has no way to say. */
  readonly unsaid: readonly string[]
}

const WIRE_OF: ReadonlyMap<QuoteField, QuoteWireField> = new Map(QUOTE_WIRE.map(spec => [spec.field, spec]))

export function writeQuote(fields: QuoteFields): Written {
  const members: WireMember[] = []
  const unsaid: string[] = []
  for (const field of QUOTE_FIELD_NAMES) {
    const value = fields[field]
    if (value === undefined || field === 'delay') continue
    const spec = WIRE_OF.get(field)
    const json = spec === undefined ? undefined : scalarJson(spec.type, value)
    if (spec === undefined || json === undefined) unsaid.push(field)
    else members.push([spec.wire, json])
  }
  if (!isDelayDeclared(fields)) unsaid.push('delay')
  return { members, unsaid }
}

/** The delay is not on the wire: the mode's word declares it. */
function isDelayDeclared({ mode, delay }: QuoteFields): boolean {
  if (typeof mode !== 'string') return delay === mode
  return delay === (delayOfMode(mode) ?? null)
}

export function writeFacts(facts: InstrumentFacts): Written {
  const members: WireMember[] = []
  const unsaid: string[] = []
  for (const { wire, field, type } of FACT_WIRE) {
    const value = facts[field]
    if (value === undefined) continue
    const json = scalarJson(type, value)
    if (json === undefined) unsaid.push(field)
    else members.push([wire, json])
  }
  return { members, unsaid }
}

export function writeTrade(trade: TradeObservation): Written {
  const { price, size, time, updateTime } = trade
  const json = stringObject({ price, size }, { time, 'data-update-time': updateTime })
  return { members: [['trade', json]], unsaid: impossibleTimes({ time, updateTime }) }
}

export function writeBar(bar: BarObservation): Written {
  const spec = BAR_WIRE.find(known => known.interval === bar.interval && known.which === bar.which)
  if (spec === undefined) return { members: [], unsaid: ['interval'] }
  const { open, high, low, close, volume, time, updateTime } = bar
  const json = stringObject({ open, high, low, close, volume }, { time, 'update-time': updateTime })
  return { members: [[spec.wire, json]], unsaid: impossibleTimes({ time, updateTime }) }
}

/** The payload of a packet. */
export function qsdPayload(session: string, name: string, members: readonly WireMember[]): string {
  const [p0, n, v] = [JSON.stringify(session), JSON.stringify(name), objectJson(members)]
  return `{"m":"qsd","p":[${p0},{"n":${n},"s":"ok","v":${v}}]}`
}

export function objectJson(members: readonly WireMember[]): string {
  return `{${members.map(([key, json]) => `${JSON.stringify(key)}:${json}`).join(',')}}`
}

function scalarJson(
  type: 'decimal' | 'seconds' | 'text' | 'boolean',
  value: Decimal | number | string | boolean | null,
): string | undefined {
  if (value === null) return 'null'
  switch (type) {
    case 'decimal':
      return typeof value === 'object' ? numberJson(value) : undefined
    case 'seconds':
      return typeof value === 'number' ? secondsJson(value) : undefined
    case 'text':
      return typeof value === 'string' ? JSON.stringify(value) : undefined
    case 'boolean':
      return typeof value === 'boolean' ? String(value) : undefined
    default:
      return type satisfies never
  }
}

/**
 * Readers of this wire take more than 15 digits of a non-integer for binary noise, 1e+100 for "none", and what
 * underflows for zero: such values would not come back, so they are not written.
 */
function numberJson(value: Decimal): string | undefined {
  const text = decimalText(value)
  const double = Number(text)
  const isNoise = value.scale > 0 && significantDigits(value) > 15
  const isNone = double === 1e100
  const isLost = double === 0 && decimalSign(value) !== 0
  return isNoise || isNone || isLost ? undefined : text
}

function secondsJson(at: EpochMicros): string | undefined {
  return at >= 0 && at % 1_000_000 === 0 ? String(at / 1_000_000) : undefined
}

/** In a string the seconds have at most ten digits, and no sign. */
function impossibleTimes(times: Readonly<Record<string, EpochMicros | undefined>>): string[] {
  return Object.entries(times).flatMap(([key, at]) => {
    return at === undefined || (at >= 0 && at < 1e16) ? [] : [key]
  })
}

function stringObject(
  decimals: Readonly<Record<string, Decimal | undefined>>,
  times: Readonly<Record<string, EpochMicros | undefined>>,
): string {
  const object: Record<string, string> = {}
  for (const [key, value] of Object.entries(decimals)) {
    if (value !== undefined) object[key] = decimalText(value)
  }
  for (const [key, at] of Object.entries(times)) {
    if (at !== undefined) object[key] = decimalText({ mantissa: at, scale: 6 })
  }
  return JSON.stringify(object)
}
