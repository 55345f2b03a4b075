import { describe, expect, it } from 'vitest'
import { tradovateUserData as feed } from '../../../src/feeds/tradovate-user-data/index.ts'
import type { Observation } from '../../../src/model/observation.ts'
import type { Frame } from '../../../src/tape/entry.ts'
import { decodeMessage, frameOf } from '../wire-driver.ts'

/** One connection: what the client sends begins with an endpoint, what the server sends with `a[`. */
function observed(...texts: readonly string[]): readonly Observation[] {
  const decoder = feed.createDecoder()
  return texts.flatMap(text => {
    const frame: Frame = { ...frameOf(text), dir: text.startsWith('a[') ? 'in' : 'out' }
    return [...decodeMessage(feed, frame, decoder).observations.values()].flat()
  })
}

const answer = (lists: object): string => `a[${JSON.stringify({ s: 200, i: 2, d: lists })}]`
const listings = (...texts: readonly string[]): readonly string[] =>
  observed(...texts).flatMap(o => (o.kind === 'listing' ? [o.account] : []))

const WHOLE = {
  users: [],
  accounts: [{ id: 2 }, { id: 3 }],
  cashBalances: [],
  orders: [],
  fills: [],
  positions: [],
}
const CLASSIC = 'user/syncrequest\n2\n\n{"users":[1]}'
const SPLIT = 'user/syncrequest\n2\n\n{"splitResponses":true,"accounts":[2],"entityTypes":["position"]}'

describe('that all positions of an account are there', () => {
  it('is not said by an answer that may be one of several', () => {
    expect(listings(SPLIT, answer(WHOLE))).toEqual([])
    expect(listings(answer({ accounts: [{ id: 2 }], positions: [] }))).toEqual([])
  })

  it('is not said where positions are left out, or accounts', () => {
    for (const list of ['positions', 'accounts']) {
      const { [list as keyof typeof WHOLE]: _, ...rest } = WHOLE
      expect(listings(CLASSIC, answer(rest))).toEqual([])
      expect(listings(answer(rest))).toEqual([])
    }
  })

  it('is not said where something of it cannot be read: that is no flat account', () => {
    expect(listings(CLASSIC, answer({ ...WHOLE, positions: [{ id: 1, accountId: 2 }] }))).toEqual([])
  })

  it('is not said by a refusal', () => {
    expect(listings(CLASSIC, 'a[{"s":400,"i":2,"d":""}]')).toEqual([])
  })

  it('is said of each account, behind its positions, also of a flat one', () => {
    expect(listings(CLASSIC, answer(WHOLE))).toEqual(['2', '3'])
    expect(listings(answer(WHOLE))).toEqual(['2', '3'])
    const held = { id: 1, accountId: 2, contractId: 9, netPos: 1, netPrice: 5 }
    expect(observed(CLASSIC, answer({ ...WHOLE, positions: [held] })).map(({ kind }) => kind)).toEqual([
      'position',
      'listing',
      'listing',
    ])
  })
})

describe('a deletion that names an id only', () => {
  const order = '{"id":8,"accountId":2,"contractId":9}'
  const fill = '{"id":7,"orderId":8,"contractId":9,"action":"Buy","qty":1,"price":5}'
  const push = (type: string, change: string, entity: string): string =>
    `a[{"e":"props","d":{"entityType":"${type}","eventType":"${change}","entity":${entity}}}]`
  const deleted = (type: string, entity = '{"id":7}'): Observation | undefined =>
    observed(push('order', 'Created', order), push('fill', 'Created', fill), push(type, 'Deleted', entity))[2]

  it('is malformed without even that', () => {
    expect(deleted('fill', '{}')).toBeUndefined()
  })

  it('says which one, and whose it was where this connection has told it', () => {
    expect(deleted('fill')).toEqual({
      kind: 'deletion',
      session: '',
      name: '9',
      change: 'deleted',
      of: 'fill',
      id: '7',
      account: '2',
    })
    expect(deleted('position', '{"id":4,"accountId":2}')).toMatchObject({
      of: 'position',
      name: '',
      account: '2',
    })
  })

  it.each([
    ['fillPair', 'fill-pair'],
    ['fillFee', 'fee'],
    ['position', 'position'],
    ['cashBalance', 'balance'],
  ])('of a %s is one', (type, of) => {
    expect(deleted(type)).toMatchObject({ kind: 'deletion', of })
  })

  it('is no deletion of an order, which needs no more than its id', () => {
    expect(deleted('order', '{"id":8}')).toMatchObject({ kind: 'order', change: 'deleted' })
  })

  it('that says all of the fill is that fill, deleted', () => {
    expect(deleted('fill', fill)).toMatchObject({
      kind: 'fill',
      change: 'deleted',
      quantity: { mantissa: 1 },
    })
  })
})
