/**
 * `~m~LEN~m~PAYLOAD`, repeated. LEN counts UTF-16 code units (tradingview.md 1.2: a live Korean frame of
 * 99 units and 113 bytes says 99; the official client encodes with `length` and decodes with `substr`).
 * Clients that count bytes or split by a regular expression lose packets; this is the reason for this file.
 */
const MARK = '~m~'

/** Nine digits are 999,999,999 units: more than the longest frame that is legal on a tape. */
const MAX_DIGITS = 9

export type FramingEvent = PayloadEvent | StrayEvent

/** Reading stops at what has no framing: no re-synchronising inside a damaged message. */
export interface StrayEvent {
  readonly start: number
  readonly reason: string
}

export interface PayloadEvent {
  readonly start: number
  readonly end: number
  /** Units of `~m~LEN~m~` before it. */
  readonly framing: number
}

/**
 * Finds the next packet at `offset`, or says why there is none. Digits only: `+LEN` in other clients accepts
 * `~m~-6~m~` and never ends.
 */
export function nextPacket(message: string, offset: number): FramingEvent {
  if (!message.startsWith(MARK, offset)) {
    return { start: offset, reason: offset === 0 ? 'no ~m~ header' : 'no ~m~ header behind a packet' }
  }
  let at = offset + MARK.length
  let length = 0
  const firstDigit = at
  for (;;) {
    const digit = message.charCodeAt(at) - 48
    if (!(digit >= 0 && digit <= 9)) break
    length = length * 10 + digit
    at += 1
    if (at - firstDigit > MAX_DIGITS) return { start: offset, reason: 'length has more than 9 digits' }
  }
  if (at === firstDigit) return { start: offset, reason: 'no digits between ~m~ and ~m~' }
  if (!message.startsWith(MARK, at)) return { start: offset, reason: 'no ~m~ behind the length' }
  const start = at + MARK.length
  if (length > message.length - start) {
    return { start: offset, reason: `length ${length}, but ${message.length - start} units are left` }
  }
  return { start, end: start + length, framing: start - offset }
}

/** One packet, framed. */
export function framePacket(payload: string): string {
  return `${MARK}${payload.length}${MARK}${payload}`
}

export function frameMessage(payloads: readonly string[]): string {
  return payloads.map(framePacket).join('')
}

/** The payloads of a message, up to where its framing ends. */
export function payloadsOf(message: string): string[] {
  const payloads: string[] = []
  let offset = 0
  while (offset < message.length) {
    const event = nextPacket(message, offset)
    if (!('end' in event)) break
    payloads.push(message.slice(event.start, event.end))
    offset = event.end
  }
  return payloads
}

/** `~h~17` → 17. */
export function heartbeatNumber(payload: string): number | undefined {
  const match = /^~h~(\d{1,15})$/.exec(payload)
  return match === null ? undefined : Number(match[1])
}
