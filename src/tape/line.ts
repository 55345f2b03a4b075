import { isUtf8 } from 'node:buffer'
import { crc32 } from 'node:zlib'
import { excerpt, jsonText, reasonOf } from '../model/errors.ts'
import { carriedCrc, crcHex, TAIL_BYTES, tailOf } from './crc.ts'
import type { Line } from './entry.ts'
import { isKind, isRecord, type KeyRule, SHAPES } from './shape.ts'

/** Why a line cannot be read. It takes the place of the line, so that damaged input is no exception. */
export interface Damage {
  readonly kind: 'damage'
  readonly what: 'no crc' | 'crc does not fit' | 'not utf-8' | 'not json' | 'unknown kind' | 'bad key'
  readonly expected?: string
  readonly found?: string
}

/** The line as it stands on the tape, newline included. Keys stand in the table's order, whatever the object's. */
export function toLine(line: Line): string {
  const body = bodyOf(line)
  return body + tailOf(crc32(body))
}

/** The line up to its CRC: what the CRC is of. */
export function bodyOf(line: Line): string {
  // Most lines of most tapes, at a third of the cost; the tests hold it against the table.
  if (line.kind === 'frame' && 'text' in line && line.original === undefined && line.redacted === undefined) {
    const { seq, at, conn, dir, op, text } = line
    const payload = JSON.stringify(text)
    return `{"kind":"frame","seq":${seq},"at":${at},"conn":${conn},"dir":"${dir}","op":"${op}","text":${payload}`
  }
  return bodyByTable(line)
}

export function bodyByTable(line: Line): string {
  // Read by name: SHAPES is typed so that it holds only keys of this kind.
  const record = line as object as Readonly<Record<string, unknown>>
  let body = `{"kind":"${line.kind}"`
  for (const { key, value: rule } of SHAPES[line.kind]) {
    const value = record[key]
    if (value === undefined) continue
    if (typeof value === 'number') body += `,"${key}":${value}`
    else body += `,"${key}":${rule.write === undefined ? JSON.stringify(value) : rule.write(value)}`
  }
  return body
}

/** Reads one line, with or without its newline, and holds it against the whole of the format. */
export function fromLine(text: string): Line | Damage {
  return fromBytes(Buffer.from(text.endsWith('\n') ? text.slice(0, -1) : text))
}

/** Reads one line's bytes, without its newline. The fast path of the reader gives the same, or nothing. */
export function fromBytes(bytes: Buffer): Line | Damage {
  const carried = carriedCrc(bytes, 0, bytes.length)
  if (carried < 0) {
    return damage('no crc', ',"crc":"…"} at its end', excerpt(bytes.subarray(-40).toString('latin1')))
  }
  const actual = crc32(bytes.subarray(0, -TAIL_BYTES))
  if (carried !== actual) return damage('crc does not fit', crcHex(carried), crcHex(actual))
  if (!isUtf8(bytes)) return damage('not utf-8')
  return parse(bytes.toString())
}

/** Reads a line that was edited by hand: its CRC is not looked at, and need not be there. */
export function fromEdited(bytes: Buffer): Line | Damage {
  return isUtf8(bytes) ? parse(bytes.toString(), { crc: '' }) : damage('not utf-8')
}

function parse(text: string, beneath: { readonly crc?: string } = {}): Line | Damage {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (thrown) {
    return damage('not json', undefined, reasonOf(thrown))
  }
  if (!isRecord(value)) return damage('not json', 'an object', excerpt(text))
  const { kind } = value
  if (!isKind(kind)) return damage('unknown kind', Object.keys(SHAPES).join(', '), shown(kind))
  return checked(kind, { ...beneath, ...value }, SHAPES[kind])
}

/** The verified line, its keys in the table's order. An unknown key is refused: a format's version fixes them. */
function checked(kind: string, value: Readonly<Record<string, unknown>>, rules: readonly KeyRule[]) {
  const line: Record<string, unknown> = { kind }
  let known = 2
  let payloads = 0
  let wanted = 0
  for (const { key, value: rule, presence } of rules) {
    const found = value[key]
    if (presence === 'required payload') wanted = 1
    if (found === undefined) {
      if (presence === 'required') return damage('bad key', `${key}: ${rule.expects}`, 'nothing')
      continue
    }
    if (!rule.accepts(found)) return damage('bad key', `${key}: ${rule.expects}`, shown(found))
    if (presence === 'payload' || presence === 'required payload') payloads++
    line[key] = found
    known++
  }
  if (payloads < wanted || payloads > 1) return damage('bad key', 'one payload', `${payloads}`)
  if (Object.keys(value).length !== known) {
    const unknown = Object.keys(value).filter(key => key !== 'crc' && !(key in line))
    return damage('bad key', `only keys of ${kind}`, unknown.join(', '))
  }
  // Every key was held against the table just above.
  return line as object as Line
}

function shown(value: unknown): string {
  return value === undefined ? 'nothing' : excerpt(jsonText(value))
}

function damage(what: Damage['what'], expected?: string, found?: string): Damage {
  return {
    kind: 'damage',
    what,
    ...(expected === undefined ? {} : { expected }),
    ...(found === undefined ? {} : { found }),
  }
}
