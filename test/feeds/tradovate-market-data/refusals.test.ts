import { describe, expect, it } from 'vitest'
import { tradovateMarketData as feed } from '../../../src/feeds/tradovate-market-data/index.ts'
import { observationToJson } from '../../../src/model/observation.ts'
import { decodeMessage, frameOf } from '../wire-driver.ts'

/** What comes of the last of these messages, on one connection. */
function last(...messages: readonly (readonly ['in' | 'out', string])[]) {
  const decoder = feed.createDecoder()
  const heard = messages.map(([dir, text]) => decodeMessage(feed, frameOf(text, dir), decoder)).at(-1)
  return {
    packets: heard?.packets ?? [],
    observations: [...(heard?.observations.values() ?? [])].flat().map(observationToJson),
  }
}

describe('what may be a refusal', () => {
  it.each(['"Access is denied"', String.raw`"\"Access is denied\""`])(
    'words where a subscription was granted are unknown, not its success: %s',
    words => {
      const { packets } = last(
        ['out', 'md/subscribeQuote\n3\n\n{"symbol":"NQZ6"}'],
        ['in', `a[{"s":200,"i":3,"d":${words}}]`],
      )
      expect(packets).toMatchObject([{ kind: 'reply md/subscribeQuote', disposition: 'unknown' }])
    },
  )

  it('a chart without bars, ticks and an end is unknown, and not the end of a history', () => {
    for (const chart of ['{"id":31}', '{"id":31,"errorText":"synthetic"}', '{"id":31,"eoh":false}']) {
      const { packets } = last(['in', `a[{"e":"chart","d":{"charts":[${chart}]}}]`])
      expect(packets, chart).toMatchObject([{ kind: 'chart', disposition: 'unknown' }])
    }
    const { packets } = last(['in', 'a[{"e":"chart","d":{"charts":[{"id":31,"eoh":true}]}}]'])
    expect(packets).toMatchObject([{ kind: 'chart end', disposition: 'status' }])
  })
})

it('a shutdown that was encoded twice tells its reason', () => {
  const { packets } = last(['in', String.raw`a[{"e":"shutdown","d":"{\"reasonCode\":\"IPQuotaReached\"}"}]`])
  expect(packets).toMatchObject([{ kind: 'shutdown', disposition: 'status', reason: 'IPQuotaReached' }])
})

describe('an empty book', () => {
  const quote = (marker: string) =>
    last(['in', `a[{"e":"md","d":{"quotes":[{"contractId":1,"entries":{${marker}"Bid":{"price":5}}}]}}]`])

  it('is not said by a marker that is null or false: the other side stays as it was', () => {
    for (const marker of ['', '"EmptyBook":null,', '"EmptyBook":false,']) {
      expect(quote(marker).observations, marker).toMatchObject([{ fields: { bid: '5' } }])
      expect(quote(marker).observations[0], marker).not.toHaveProperty('fields.ask')
    }
    expect(quote('"EmptyBook":{},').observations).toMatchObject([{ fields: { bid: '5', ask: null } }])
  })
})
