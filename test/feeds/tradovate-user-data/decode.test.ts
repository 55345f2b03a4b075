import { describe, expect, it } from 'vitest'
import { tradovateUserData as feed } from '../../../src/feeds/tradovate-user-data/index.ts'
import type { Observation } from '../../../src/model/observation.ts'
import { decodeMessage, frameOf } from '../wire-driver.ts'

function observed(text: string, keepWire: boolean): readonly Observation[] {
  const { observations } = decodeMessage(feed, frameOf(text), feed.createDecoder({ keepWire }))
  return [...observations.values()].flat()
}

/** `wire` as JSON writes it again. */
function wiresOf(observations: readonly Observation[]): readonly string[] {
  return observations.map(o => JSON.stringify('wire' in o ? o.wire : undefined))
}

const FILL =
  '{"id":9007199254740993,"orderId":8,"contractId":4214197,"action":"Sell","qty":1,"price":24652.0,"invented":{"deep":[1.10]},"external":false}'
const POSITION =
  '{"id":4,"accountId":2,"contractId":4214197,"netPos":0,"boughtValue":6662.50,"archived":false}'
const push = (type: string, entity: string): string =>
  `a[{"e":"props","d":{"entityType":"${type}","entity":${entity}}}]`

describe('fields that nobody knows', () => {
  it('are no reason to refuse an entity, and are not there unless they are asked for', () => {
    const [fill] = observed(push('fill', FILL), false)
    expect(fill).toMatchObject({ kind: 'fill', id: '9007199254740993' })
    expect(fill).not.toHaveProperty('wire')
  })

  it('are kept where they are asked for, with every number as it was written', () => {
    expect(wiresOf(observed(push('fill', FILL), true))).toEqual([FILL])
    const sync = `a[{"s":200,"i":2,"d":{"positions":[${POSITION}],"currencies":[{"id":1,"name":"USD"}],"fills":[${FILL}]}}]`
    expect(wiresOf(observed(sync, true))).toEqual([POSITION, FILL])
  })

  it('are kept in a d that is a string of JSON', () => {
    const text = `a[{"e":"props","d":${JSON.stringify(`{"entityType":"fill","entity":${FILL}}`)}}]`
    expect(wiresOf(observed(text, true))).toEqual([FILL])
  })

  it('change nothing else of what is observed', () => {
    const [kept] = observed(push('position', POSITION), true)
    const [plain] = observed(push('position', POSITION), false)
    expect(kept).toMatchObject({ ...plain })
  })
})

describe('a contract', () => {
  it('is told of once, also where its packet has to be read exactly', () => {
    const lists =
      '"contracts":[{"id":1,"name":"NQZ6","contractMaturityId":2}],"contractMaturities":[{"id":2,"productId":3,"isFront":true}],"products":[{"id":3,"name":"NQ","tickSize":0.25}]'
    const exact =
      '"fills":[{"id":9007199254740993,"orderId":8,"contractId":1,"action":"Buy","qty":1,"price":3}]'
    for (const of of [lists, `${lists},${exact}`]) {
      const facts = observed(`a[{"s":200,"i":2,"d":{${of}}}]`, false).filter(o => o.kind === 'instrument')
      expect(facts).toEqual([
        {
          kind: 'instrument',
          session: '',
          name: '1',
          symbol: 'NQZ6',
          isFront: true,
          root: 'NQ',
          tickSize: { mantissa: 25, scale: 2 },
        },
      ])
    }
  })
})
