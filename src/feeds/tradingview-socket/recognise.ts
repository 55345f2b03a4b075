import type { Recognition } from '../feed.ts'
import { payloadsOf } from './framing.ts'
import { kindOfMethod } from './wire.ts'

/** By its framing, and where a capture has lost that, by a packet's `m` and `p` (tradingview.md 6, recorder artefacts). */
export function recognise(text: string): Recognition | undefined {
  if (/^~m~\d+~m~/.test(text)) {
    const kinds = payloadsOf(text).flatMap(payload => kindOf(payload) ?? [])
    const why = kinds.length === 0 ? 'framed as ~m~LENGTH~m~' : `~m~ framing, ${kinds[0]}`
    return { confidence: 'certain', why }
  }
  const kind = kindOf(text)
  return kind === undefined
    ? undefined
    : { confidence: 'likely', why: `a ${kind} packet, without its ~m~ framing` }
}

function kindOf(payload: string): string | undefined {
  const [, method] = /^\s*\{\s*"m"\s*:\s*"(\w+)"\s*,\s*"p"\s*:/.exec(payload) ?? []
  if (method === undefined) return undefined
  return kindOfMethod('in', method) === undefined && kindOfMethod('out', method) === undefined
    ? undefined
    : method
}
