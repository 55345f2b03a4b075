import type { MessageKind } from '../feed.ts'
import { itemsPattern, NUMBER, spans, valuePattern } from './json-pattern.ts'
import { KINDS, kindOfMethod } from './wire.ts'

/**
 * The short way for packets from the server of kinds that are not read: that they are well-formed is all that has to
 * be known. Whatever the pattern does not take (white space, keys spelt with escapes, deeper nesting, a second `m`)
 * is `undefined` and goes the plain way, which is the oracle in the tests.
 */
export function scanSilent(message: string, start: number, end: number): MessageKind | undefined {
  if (!message.startsWith(HEAD, start)) return undefined
  const methodEnd = message.indexOf('"', start + HEAD.length)
  if (methodEnd < 0) return undefined
  const known = SILENT.get(message.slice(start + HEAD.length, methodEnd))
  return known !== undefined && spans(REST, message, methodEnd, end) ? known : undefined
}

const HEAD = '{"m":"'
const SILENT: ReadonlyMap<string, MessageKind> = new Map(
  KINDS.filter(
    ({ kind, dir, disposition }) =>
      dir === 'in' &&
      (disposition === 'ignored' || disposition === 'status') &&
      kindOfMethod(dir, kind) !== undefined,
  ).map(known => [known.kind, known]),
)

/** In `p`: series by their ids, a series, its bars, a bar, its values. */
const PARAMETER_DEPTH = 5
const PARAMETERS = itemsPattern(valuePattern(PARAMETER_DEPTH), ']')
/** From the quote behind the method on. */
const REST = new RegExp(String.raw`","p":\[${PARAMETERS}\](?:,"t":${NUMBER},"t_ms":${NUMBER})?\}`, 'y')
