import { tradovateUserData } from '../../feeds/tradovate-user-data/index.ts'
import type { AccountObservation, EntityChange } from '../../model/account.ts'
import type { Observation } from '../../model/observation.ts'
import { type EpochMicros, isoFromEpochMicros } from '../../model/time.ts'
import type { Push } from '../socket-talk.ts'
import type { TruthFill, TruthOrder } from '../strategy.ts'

const ACCOUNT = '1000002'
const BALANCE = { id: '1000003', amount: { mantissa: 5_000_025, scale: 2 }, currency: '1' }
/** Positions count from here: ids are unique within a type. */
const FIRST_POSITION = 900_000_000_000
const MILLISECOND = 1_000

/** By the truth’s market: the id that either socket of this venue has for its contract. */
export type ContractIds = ReadonlyMap<string, string>

export function accountText(observations: readonly Observation[]): string {
  const text = tradovateUserData.encode.message(observations)
  if (text === undefined) throw new Error(`Tradovate cannot say ${JSON.stringify(observations)}`)
  return text
}

/** All that an account is at a time, in the order of the answer’s lists: the same fills again at each reconnect. */
export function accountAt(
  at: EpochMicros,
  orders: readonly TruthOrder[],
  ids: ContractIds,
): readonly AccountObservation[] {
  const placed = orders.filter(order => ids.has(order.market) && order.at <= at)
  const fills = placed.flatMap(order => {
    return order.fills.filter(fill => fill.at <= at).map(fill => ({ fill, order }))
  })
  const positions = new Map(
    placed.filter(order => doneAt(order) <= at).map(order => [order.market, order] as const),
  )
  const own = (order: TruthOrder): Whose => ({ name: ids.get(order.market) ?? '', account: ACCOUNT })
  const balance = { kind: 'balance', session: '', name: '', change: 'snapshot', account: ACCOUNT } as const
  return [
    ...placed.map(order => stateOf(order, at, 'snapshot', own(order))),
    ...placed.map(order => versionOf(order, 'snapshot', own(order))),
    ...[...positions.values()].map(order => positionOf(order, 'snapshot', ids)),
    ...fills.map(({ fill, order }) => fillOf(fill, order, 'snapshot', own(order))),
    ...fills.map(({ fill, order }) => feeOf(fill, 'snapshot', own(order))),
    { ...balance, ...BALANCE, time: millis(at) },
  ]
}

/** The order, each of its fills with its fee, and what is held behind them. */
export function pushesOf(order: TruthOrder, ids: ContractIds): readonly Push[] {
  const name = ids.get(order.market)
  if (name === undefined) return []
  const own = { name, account: ACCOUNT }
  const done = doneAt(order)
  return [
    {
      at: order.at,
      text: accountText([stateOf(order, order.at, 'created', own), versionOf(order, 'updated', own)]),
    },
    ...order.fills.map(fill => ({
      at: fill.at,
      // A fill names its order, which has told the account.
      text: accountText([fillOf(fill, order, 'created', { name }), feeOf(fill, 'created', { name })]),
    })),
    {
      at: done,
      text: accountText([stateOf(order, done, 'updated', own), positionOf(order, 'updated', ids)]),
    },
  ]
}

interface Whose {
  readonly name: string
  readonly account?: string
}

function doneAt({ at, fills }: TruthOrder): EpochMicros {
  return (fills.at(-1)?.at ?? at) + MILLISECOND
}

function stateOf(order: TruthOrder, at: EpochMicros, change: EntityChange, own: Whose): AccountObservation {
  const isDone = doneAt(order) <= at
  const { id, side } = order
  const time = millis(isDone ? doneAt(order) : order.at)
  return { kind: 'order', session: '', ...own, change, id, side, status: isDone ? 'Filled' : 'Working', time }
}

function versionOf({ id, quantity }: TruthOrder, change: EntityChange, own: Whose): AccountObservation {
  return { kind: 'order', session: '', ...own, change, id, quantity, type: 'Market' }
}

function fillOf(fill: TruthFill, order: TruthOrder, change: EntityChange, own: Whose): AccountObservation {
  const { at, id, price, quantity } = fill
  const tradeDate = isoFromEpochMicros(at).slice(0, 10)
  const of = { kind: 'fill', session: '', ...own, change, id, order: order.id, side: order.side } as const
  return { ...of, quantity, price, time: millis(at), tradeDate }
}

function feeOf({ fee, id }: TruthFill, change: EntityChange, own: Whose): AccountObservation {
  return { kind: 'fee', session: '', ...own, change, id, amount: fee, currency: '1' }
}

function positionOf(order: TruthOrder, change: EntityChange, ids: ContractIds): AccountObservation {
  const { averagePrice, market, position: quantity } = order
  const id = String(FIRST_POSITION + [...ids.keys()].indexOf(market))
  const own = { name: ids.get(market) ?? '', account: ACCOUNT }
  const held = averagePrice === undefined ? {} : { averagePrice }
  return { kind: 'position', session: '', ...own, change, id, quantity, ...held, time: millis(doneAt(order)) }
}

function millis(at: EpochMicros): EpochMicros {
  return at - (at % MILLISECOND)
}
