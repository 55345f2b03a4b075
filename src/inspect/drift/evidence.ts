import { Buffer } from 'node:buffer'
import type { Frame, Message } from '../../tape/entry.ts'
import { reasonKind } from '../reason-kind.ts'
import { contentTypeOf } from '../schema/answer-heads.ts'
import { stepsOf, valuesAt } from '../schema/field-paths.ts'
import { isRawNumber, type PacketText, significantDigitsOf } from '../schema/packet-json.ts'
import type { ReadMessage, ReadPacket } from '../schema/packet-reading.ts'
import { textForm, wordOf } from '../schema/text-look.ts'
import type { DriftFinding, Sign } from './drift-report.ts'

/** A frame that shows findings, by their place in the report. */
export interface ShownBy {
  readonly tape: number
  readonly seq: number
  readonly size: number
  readonly shows: readonly number[]
  /** Chunks before it of which its first line is the end. */
  readonly lead?: readonly number[]
}

/** Sets of findings that single frames show; more are not told apart. */
const MOST_SETS = 5_000
/** A stream whose chunks never end with a line is cut somewhere. */
const MOST_LEAD = 50

/** Looks through the new tapes once more for the frames that show what was found: of each set the smallest frame. */
export class Evidence {
  readonly #findings: readonly DriftFinding[]
  readonly #shown = new Map<string, ShownBy>()
  /** By tape and connection: chunks whose last line is not at its end. */
  readonly #runs = new Map<string, ShownBy>()

  constructor(findings: readonly DriftFinding[]) {
    this.#findings = findings
  }

  look(read: ReadMessage, tape: number): void {
    const { message, packets } = read
    const size = packets.reduce((sum, { packet }) => sum + packet.payload + packet.framing + packet.stray, 0)
    const shows = this.#shows(read)
    const one = { tape, seq: message.seq, size, shows }
    if (message.kind === 'frame' && message.op === 'chunk') this.#chunk(one, message)
    else this.#add(one)
  }

  result(): readonly ShownBy[] {
    for (const run of this.#runs.values()) this.#add(run)
    this.#runs.clear()
    return [...this.#shown.values()]
  }

  #shows({ feed, message, packets }: ReadMessage): readonly number[] {
    return this.#findings.flatMap((finding, index) => {
      const { sign, dir, kind } = finding
      if (sign === undefined || finding.feed !== feed) return []
      const isShown = packets.some(
        read => read.packet.kind === kind && read.packet.dir === dir && hasSign(sign, read, message),
      )
      return isShown ? [index] : []
    })
  }

  /** Chunks of which one ends within a line belong together: neither could be read without the others. */
  #chunk(one: ShownBy, chunk: Frame): void {
    const key = `${one.tape} ${chunk.conn}`
    const begun = this.#runs.get(key)
    this.#runs.delete(key)
    const run = begun === undefined ? one : joined(begun, one)
    if (isWhole(chunk) || (run.lead?.length ?? 0) >= MOST_LEAD) this.#add(run)
    else this.#runs.set(key, run)
  }

  #add(one: ShownBy): void {
    if (one.shows.length === 0) return
    const key = one.shows.join()
    const known = this.#shown.get(key)
    if (known === undefined ? this.#shown.size < MOST_SETS : one.size < known.size) this.#shown.set(key, one)
  }
}

function joined(begun: ShownBy, one: ShownBy): ShownBy {
  return {
    ...one,
    size: begun.size + one.size,
    shows: [...new Set([...begun.shows, ...one.shows])].toSorted((a, b) => a - b),
    lead: [...(begun.lead ?? []), begun.seq],
  }
}

const NEWLINE = 0x0a

function isWhole(chunk: Frame): boolean {
  if ('text' in chunk) return chunk.text.endsWith('\n')
  return Buffer.from(chunk.base64, 'base64').at(-1) === NEWLINE
}

function hasSign(sign: Sign, { packet, body }: ReadPacket, message: Message): boolean {
  switch (sign.kind) {
    case 'is there':
      return true
    case 'malformed':
      return packet.disposition === 'malformed' && reasonKind(packet.reason ?? '') === sign.reason
    case 'status':
      return message.kind === 'response' && message.status === sign.status
    case 'content type':
      return message.kind === 'response' && contentTypeOf(message.headers) === sign.type
    default:
      return hasPlaceSign(sign, body)
  }
}

function hasPlaceSign(sign: Extract<Sign, { readonly path: string }>, body: PacketText): boolean {
  const at = (path: string): readonly unknown[] => [...valuesAt(body.value, stepsOf(path))]
  const found = at(sign.path)
  switch (sign.kind) {
    case 'has':
      return found.length > 0
    case 'lacks':
      return found.length === 0 && at(sign.parent).some(isRecord)
    case 'type':
      return found.some(value => isOfType(value, sign.type))
    case 'word':
      return found.some(value => typeof value === 'string' && wordOf(value) === sign.word)
    case 'form':
      return found.some(value => typeof value === 'string' && textForm(value) === sign.form)
    case 'long number':
      return found.some(isLong)
    case 'short number':
      return found.some(value => isOfType(value, 'number') && !Number.isInteger(value) && !isLong(value))
    default:
      return sign satisfies never
  }
}

function isLong(value: unknown): boolean {
  return significantDigitsOf(isRawNumber(value) ? value.rawJSON : String(value)) > 15
}

function isRecord(value: unknown): boolean {
  return typeof value === 'object' && value !== null
}

function isOfType(value: unknown, type: string): boolean {
  if (value === null || Array.isArray(value)) return type === (value === null ? 'null' : 'array')
  return type === (isRawNumber(value) ? 'number' : typeof value)
}
