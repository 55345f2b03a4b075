import { tradovateUserData } from '../../feeds/tradovate-user-data/index.ts'
import type { InstrumentFacts } from '../../model/observation.ts'
import { type EpochMicros, isoFromEpochMicros } from '../../model/time.ts'
import { MADE_UP_TOKEN } from '../made-up.ts'
import { type Push, talk } from '../socket-talk.ts'
import type { Scene, Wire } from '../wire.ts'
import { accountAt, accountText, type ContractIds, pushesOf } from './tradovate-account.ts'
import { contractsOf } from './tradovate-market-data.ts'

const USER = '1000001'

/** What an account does: orders, fills, fees and positions of futures, and which contract is the front one. */
export const tradovateUserDataWire: Wire = {
  feed: tradovateUserData,
  declare(truth) {
    return {
      carried: contractsOf(truth, []),
      cannot: {
        ...tradovateUserData.encode.cannot,
        'shares and coins': 'futures only',
        'the exact average of a position': 'netPrice is written with two digits',
      },
      hasSnapshot: true,
      precision: {},
      plants: ['wrong-multiplier', 'wrong-fill'],
    }
  },
  render(scene) {
    const ids = contractIds(scene)
    const sync = (at: EpochMicros): string => {
      return accountText([...contractsAt(at, scene, ids), ...accountAt(at, scene.orders, ids)])
    }
    talk(scene, {
      feed: tradovateUserData,
      symbols: [],
      credentials: { token: MADE_UP_TOKEN, userId: USER },
      // Its own account would trade by itself: this one does what the truth did.
      says: () => [],
      answers: (text, at) => (text.startsWith('user/syncrequest\n') ? [sync(at)] : undefined),
      pushes: [...scene.orders.flatMap(order => pushesOf(order, ids)), ...rollPushes(scene)],
    })
  },
}

function contractIds({ declares, random, view }: Scene): ContractIds {
  const venue = tradovateUserData.conversation.start({ market: view, random, now: view.now })
  venue.received(`authorize\n1\n\n${MADE_UP_TOKEN}`)
  return new Map(
    declares.carried.map(({ market, name }) => {
      const [answer = ''] = venue.received(`contract/find\n2\nname=${name}\n`)
      const id = /"d":\{"id":(\d+),/.exec(answer)?.[1]
      if (id === undefined) throw new Error(`no contract ${name}: ${answer}`)
      return [market, id] as const
    }),
  )
}

function contractsAt(at: EpochMicros, { declares, truth, view }: Scene, ids: ContractIds) {
  const fronts = new Map(rollsOf(truth).flatMap(roll => (roll.at <= at ? roll.news : [])))
  return declares.carried.flatMap(({ market, name }): readonly InstrumentFacts[] => {
    const known = view.facts(name)
    const isFront = fronts.get(market)
    const own = isFront === undefined ? {} : { isFront }
    return known === undefined ? [] : [{ ...known, name: ids.get(market) ?? '', ...own }]
  })
}

/** The new contract first: a word for the front one goes over from the one to the other. */
function rollsOf({ happenings, markets }: Scene['truth']) {
  return happenings.flatMap(({ at, kind, market }) => {
    const [before, after] = markets.find(({ key }) => key === market)?.means ?? []
    if (kind !== 'roll' || before === undefined || after === undefined) return []
    return [{ at, news: [[after, true] as const, [before, false] as const] }]
  })
}

function rollPushes({ declares, truth }: Scene): readonly Push[] {
  return rollsOf(truth).map(({ at, news }) => {
    const payloads = news.map(([market, isFront]) => {
      // encode counts maturities from 1, in the order in which contracts are named.
      const id = declares.carried.findIndex(one => one.market === market) + 1
      const expires = declares.carried[id - 1]?.facts.expires ?? 0
      const expirationDate = `${isoFromEpochMicros(expires).slice(0, 16)}Z`
      const entity = { id, productId: id, expirationDate, isFront }
      return JSON.stringify({
        e: 'props',
        d: { entityType: 'contractMaturity', eventType: 'Updated', entity },
      })
    })
    return { at, text: tradovateUserData.encode.frame(payloads) }
  })
}
