import type { Micros } from '../model/time.ts'
import type { EntryDraft } from '../tape/entry.ts'
import type { HttpExchange } from './http-plan.ts'

export interface ExchangePlace {
  readonly feed: string
  readonly conn: number
  /** Its number on the tape. */
  readonly exchange: number
  readonly at: Micros
}

/** An exchange as the entries that a recorder would make of it: request, answer, and a stream's chunks. */
export function exchangeDrafts(
  { request, answer, chunks }: HttpExchange,
  { feed, conn, exchange, at }: ExchangePlace,
): readonly EntryDraft[] {
  const { method, url, headers } = request
  const drafts: EntryDraft[] = [
    { kind: 'request', at, conn, feed, exchange, method, url, headers, ...textOf(request.body) },
  ]
  if (answer !== undefined) {
    const { status, headers: answered } = answer
    drafts.push({ kind: 'response', at, conn, exchange, status, headers: answered, ...textOf(answer.body) })
  }
  for (const text of chunks ?? []) drafts.push({ kind: 'frame', at, conn, dir: 'in', op: 'chunk', text })
  return drafts
}

function textOf(body: string | undefined): { readonly text: string } | object {
  return body === undefined ? {} : { text: body }
}
