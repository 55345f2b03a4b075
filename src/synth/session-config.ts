import { decimalText } from '../model/decimal.ts'
import type { Rendered } from './render.ts'
import type { Truth } from './truth.ts'
import { tickOf } from './truth-markets.ts'

/**
 * What a config has to say so that all tapes of a session can be read and valued: the made-up forms of Trade Manager’s
 * closes and of the JSON venue’s messages, and the instruments’ values. A config has no place for a remark; the
 * taught form itself says [SYNTHETIC], and so does every description on a tape.
 */
export function sessionConfig(truth: Truth, rendered: readonly Rendered[]): object {
  const feeds = rendered.flatMap(({ declares: { settings }, wire }) => {
    return settings === undefined ? [] : [[wire.feed.name, settings] as const]
  })
  const instruments = truth.markets.map(market => {
    const { currency, pointValue } = market.product
    const values = { pointValue: decimalText(pointValue), tickSize: decimalText(tickOf(market)), currency }
    return [market.key, values] as const
  })
  return { feeds: Object.fromEntries(feeds), instruments: Object.fromEntries(instruments) }
}
