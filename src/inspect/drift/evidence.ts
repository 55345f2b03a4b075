import { stepsOf, valuesAt } from '../schema/field-paths.ts'
import { isRawNumber, significantDigitsOf } from '../schema/packet-json.ts'
import type { ReadMessage, ReadPacket } from '../schema/packet-reading.ts'
import { textForm, wordOf } from '../schema/text-look.ts'
import type { DriftFinding, Sign } from './drift-report.ts'

/** A frame that shows findings, by their place in the report. */
export interface ShownBy {
  readonly tape: number
  readonly seq: number
  readonly size: number
  readonly shows: readonly number[]
}

/** Sets of findings that single frames show; more are not told apart. */
const MOST_SETS = 5_000

/** Looks through the new tapes once more for the frames that show what was found: of each set the smallest frame. */
export class Evidence {
  readonly #findings: readonly DriftFinding[]
  readonly #shown = new Map<string, ShownBy>()

  constructor(findings: readonly DriftFinding[]) {
    this.#findings = findings
  }

  look({ feed, message, packets }: ReadMessage, tape: number): void {
    const shows = this.#findings.flatMap((finding, index) => {
      const { sign, dir, kind } = finding
      if (sign === undefined || finding.feed !== feed) return []
      const isShown = packets.some(
        read => read.packet.kind === kind && read.packet.dir === dir && hasSign(sign, read),
      )
      return isShown ? [index] : []
    })
    if (shows.length === 0) return
    const key = shows.join()
    const size = packets.reduce((sum, { packet }) => sum + packet.payload + packet.framing + packet.stray, 0)
    const known = this.#shown.get(key)
    if (known === undefined ? this.#shown.size < MOST_SETS : size < known.size) {
      this.#shown.set(key, { tape, seq: message.seq, size, shows })
    }
  }

  result(): readonly ShownBy[] {
    return [...this.#shown.values()]
  }
}

function hasSign(sign: Sign, { packet, body }: ReadPacket): boolean {
  if (sign.kind === 'is there') return true
  if (sign.kind === 'malformed') return packet.disposition === 'malformed' && packet.reason === sign.reason
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
