import { type Decimal, decimalText } from '../model/decimal.ts'
import { type EpochMicros, epochMicrosFromIso, isoFromEpochMicros } from '../model/time.ts'
import type { Recording } from '../record/index.ts'
import type { Host } from '../serve/index.ts'
import { STEP, type SyntheticMarket } from '../synth/index.ts'

const NQ = 'CME_MINI:NQ1!'
const MNQ = 'CME_MINI:MNQ1!'
export const SYMBOLS: readonly string[] = [NQ, MNQ]

/** Steps of the market between what happens; with a step each 50 ms they take six seconds. */
const STEPS = { beforeTrim: 30, beforeDrop: 25, beforeCover: 25, beforeEnd: 40 }
export const MARKET_STEPS = Object.values(STEPS).reduce((sum, count) => sum + count, 0)

export interface DemoFill {
  readonly id: string
  readonly at?: string
  readonly instrument: string
  readonly side: 'buy' | 'sell'
  readonly quantity: string
  readonly price: string
  readonly fee: string
}

export interface Script {
  readonly host: Host
  readonly market: SyntheticMarket
  readonly recording: Recording
  readonly subscriptions: Counter
  readonly tell: (line: string) => void
}

/**
 * The market moves only while the recorder listens, and has moved so many steps at each fill: so the figures at
 * the end depend on the seed alone, whatever the machine does meanwhile.
 */
export async function playScript({
  host,
  market,
  recording,
  subscriptions,
  tell,
}: Script): Promise<readonly DemoFill[]> {
  const start = epochMicrosFromIso(recording.header.start) ?? 0
  const now = (): EpochMicros => start + recording.at()
  const play = async (steps: number): Promise<void> => {
    await host.play(steps, STEP)
    await host.settled()
  }

  const open = market.quote(NQ)?.open
  const first = market.quote(MNQ)?.last
  const opening = [
    fill('open-nq', undefined, NQ, 'buy', '2', open, '4.50'),
    fill('open-mnq', undefined, MNQ, 'sell', '5', first, '3.10'),
  ]
  await subscriptions.reached(SYMBOLS.length)
  await host.settled()
  await play(STEPS.beforeTrim)
  const trim = fill('trim-nq', now(), NQ, 'sell', '1', market.quote(NQ)?.bid, '2.25')
  host.beat()
  await play(STEPS.beforeDrop)
  tell(`  the venue breaks the connection after ${STEPS.beforeTrim + STEPS.beforeDrop} steps of the market`)
  host.drop()
  await subscriptions.reached(2 * SYMBOLS.length)
  await host.settled()
  await play(STEPS.beforeCover)
  const cover = fill('cover-mnq', now(), MNQ, 'buy', '2', market.quote(MNQ)?.ask, '1.24')
  host.beat()
  await play(STEPS.beforeEnd)
  return [...opening, trim, cover]
}

function fill(
  id: string,
  at: EpochMicros | undefined,
  instrument: string,
  side: 'buy' | 'sell',
  quantity: string,
  price: Decimal | null | undefined,
  fee: string,
): DemoFill {
  if (price === undefined || price === null) throw new Error(`the market has no price of ${instrument}`)
  const when = at === undefined ? {} : { at: isoFromEpochMicros(at) }
  return { id, ...when, instrument, side, quantity, price: decimalText(price), fee }
}

/** Counts, and lets others wait for a count. */
export interface Counter {
  add(count: number): void
  /** Resolves when so many have been counted in all. */
  reached(count: number): Promise<void>
}

export function createCounter(): Counter {
  let counted = 0
  let waiting: { readonly count: number; resolve(): void }[] = []
  return {
    add(count) {
      counted += count
      for (const one of waiting) if (one.count <= counted) one.resolve()
      waiting = waiting.filter(one => one.count > counted)
    },
    reached(count) {
      if (counted >= count) return Promise.resolve()
      return new Promise(resolve => {
        waiting.push({ count, resolve })
      })
    },
  }
}
