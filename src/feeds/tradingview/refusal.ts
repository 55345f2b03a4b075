import { excerpt } from '../../model/errors.ts'
import type { Finding } from './finding.ts'

/** What needs no JSON to be told: 429, a page for people, nothing at all. */
export function readRefusal(status: number, text: string): Finding | undefined {
  if (status === 429) return refusal('too many requests', status, text)
  if (/^\s*<(?:!doctype html|html|head|body)/i.test(text)) {
    const [, title = ''] = /<title[^>]{0,200}>([^<]{1,200})/i.exec(text) ?? []
    const named = title.trim() === '' ? '' : `: ${excerpt(title.trim())}`
    return { kind: 'html', disposition: 'error', reason: `an HTML page under ${status}${named}` }
  }
  if (text.trim() !== '') return undefined
  return status >= 200 && status < 300
    ? { kind: 'empty', disposition: 'error', reason: `${status} without a body` }
    : readStatus(status, text)
}

/** `undefined` under 2xx. */
export function readStatus(status: number, text: string): Finding | undefined {
  if (status >= 200 && status < 300) return undefined
  return refusal(status >= 500 ? 'trouble' : 'refused', status, text)
}

function refusal(kind: string, status: number, text: string): Finding {
  const words = text.trim() === '' ? '' : `: ${excerpt(text.trim())}`
  return { kind, disposition: 'error', reason: `${status}${words}` }
}

/** 4xx that speak of the moment and not of the request: time-out, too early. 429 is told apart before. */
const PASSING: ReadonlySet<number> = new Set([408, 425])

/** Whether the same request will be refused each time. */
export function isLasting(status: number): boolean {
  return status >= 300 && status < 500 && status !== 429 && !PASSING.has(status)
}
