import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Decimal as Oracle } from 'decimal.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { decimalText } from '../../src/model/decimal.ts'
import { type Random, randomInteger, seededRandom } from '../../src/model/random.ts'
import { type ReplayedBook, replayPnl } from '../../src/pnl/index.ts'
import { refuseSameTape } from '../../src/replay/index.ts'
import { TapeReader } from '../../src/tape/index.ts'
import { headerOf, lose, open, type Step, wait } from '../../tools/fixtures/script.ts'
import {
  contract,
  currency,
  fill,
  maturity,
  order,
  position,
  product,
  push,
  receive,
  reply,
} from '../../tools/fixtures/tradovate-user-data/packets.ts'
import { makeFixture } from '../../tools/make-fixtures.ts'
import { runCli } from '../cli/run-cli.ts'

/** A fill as the venue has it, with its fee. */
interface Deal {
  readonly id: number
  readonly action: 'Buy' | 'Sell'
  readonly qty: number
  readonly price: number
  readonly fee: number
}

const lists = {
  currencies: [currency],
  contracts: [contract],
  contractMaturities: [maturity],
  products: [product],
  orders: [order(8, 'Filled')],
}
const told = (deal: Deal, eventType: string, more: object = {}): object => {
  const { id, action, qty, price } = deal
  return push('fill', fill(id, 8, { action, qty, price, ...more }), eventType)
}
const feeTold = ({ id, fee }: Deal, eventType: string, more: object = {}): object =>
  push('fillFee', { id, commission: fee, commissionCurrencyId: 1, ...more }, eventType)

let folder = ''
let tapes = 0
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'feedtape-again-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function replayed(from: 'fills' | 'broker', steps: readonly Step[]): Promise<ReplayedBook> {
  tapes += 1
  const name = `again-${tapes}`
  const facts = receive(reply(1, lists))
  await makeFixture(
    { feed: 'tradovate-user-data', name, about: 'a test', steps: [open, facts, ...steps] },
    folder,
  )
  const tape = await TapeReader.open(join(folder, `${name}.tape.jsonl`))
  try {
    return await replayPnl(
      [tape],
      { from },
      { chain: ['last'], staleAfter: 60_000_000, matching: 'fifo', pairs: true },
    )
  } finally {
    await tape.close()
  }
}

/** `quantity realized fees`, by units in decimal.js: the n-th unit bought is closed against the n-th sold. */
function expected(deals: readonly Deal[]): string {
  const units = { Buy: [] as Oracle[], Sell: [] as Oracle[] }
  let fees = new Oracle(0)
  for (const { action, qty, price, fee } of deals) {
    for (let unit = 0; unit < qty; unit += 1) units[action].push(new Oracle(price))
    fees = fees.plus(fee)
  }
  const closed = Math.min(units.Buy.length, units.Sell.length)
  let realized = new Oracle(0)
  for (let unit = 0; unit < closed; unit += 1)
    realized = realized.plus((units.Sell[unit] ?? new Oracle(0)).minus(units.Buy[unit] ?? 0))
  const quantity = units.Buy.length - units.Sell.length
  return `${quantity} ${realized.times(20).toFixed()} ${fees.toFixed()}`
}

function shown({ positions }: ReplayedBook): string {
  const [only] = positions
  return [only?.quantity, only?.realized, only?.fees]
    .map(v => (v === undefined ? '–' : decimalText(v)))
    .join(' ')
}

const A: Deal = { id: 901, action: 'Buy', qty: 2, price: 25600.25, fee: 6.2 }
const B: Deal = { id: 902, action: 'Sell', qty: 1, price: 25610.5, fee: 3.1 }
const once = [
  receive(told(A, 'Created')),
  receive(feeTold(A, 'Created')),
  receive(told(B, 'Created'), feeTold(B, 'Created')),
]

describe('said once, and said again', () => {
  test('a fill that is told twice counts once', async () => {
    const result = await replayed('fills', [
      ...once,
      receive(told(B, 'Created')),
      receive(told(A, 'Updated')),
    ])
    expect(shown(result)).toBe(expected([A, B]))
    expect(result.source).toMatchObject({ fills: 2, repeated: 2, corrected: 0 })
  })

  test('a fill in the answer to a sync after a reconnect counts once', async () => {
    const again = receive(
      reply(2, {
        orders: [order(8, 'Filled')],
        fills: [A, B].map(({ id, action, qty, price }) => fill(id, 8, { action, qty, price })),
        fillFees: [A, B].map(({ id, fee }) => ({ id, commission: fee, commissionCurrencyId: 1 })),
      }),
    )
    const result = await replayed('fills', [...once, lose, wait(2), open, again])
    expect(shown(result)).toBe(expected([A, B]))
    expect(result.source).toMatchObject({ fills: 2, repeated: 2, repeatedFees: 2 })
  })

  test('a fee that is told twice counts once, and one that is put right counts as it is now', async () => {
    const dearer = { ...A, fee: 7.05 }
    const result = await replayed('fills', [
      ...once,
      receive(feeTold(A, 'Updated')),
      receive(feeTold(dearer, 'Updated')),
    ])
    expect(shown(result)).toBe(expected([dearer, B]))
    expect(result.source).toMatchObject({ repeatedFees: 1, correctedFees: 1 })
  })

  test('a position that is told again is one position', async () => {
    const word = position(2, { netPrice: 25600.25, bought: 2, boughtValue: 51200.5 })
    const twice = [receive(push('position', word, 'Created')), receive(push('position', word, 'Updated'))]
    const sync = receive(reply(2, { positions: [word] }))
    const result = await replayed('broker', [...twice, lose, wait(1), open, sync])
    expect(shown(result)).toBe('2 0 0')
    expect(result.source).toMatchObject({ words: 1, repeated: 2, gaps: 1, unconfirmed: 0 })
  })
})

describe('a trade', () => {
  test.each([
    ['is cancelled by a fill that is no longer active', told(A, 'Updated', { active: false })],
    ['is deleted, whole', told(A, 'Deleted')],
    ['is deleted, and only its id is told', push('fill', { id: A.id }, 'Deleted')],
  ])('that %s is out with its fee', async (_, word) => {
    const result = await replayed('fills', [...once, wait(1), receive(word)])
    expect(shown(result)).toBe(expected([B]))
    expect(result.source).toMatchObject({ fills: 1, takenBack: 1 })
  })

  test('that is corrected is what it is now, at its old place', async () => {
    const corrected = { ...A, qty: 3, price: 25599.75 }
    const result = await replayed('fills', [...once, wait(1), receive(told(corrected, 'Updated'))])
    expect(shown(result)).toBe(expected([corrected, B]))
    expect(result.source).toMatchObject({ fills: 2, corrected: 1 })
  })

  test('of which the fee alone is deleted costs nothing, by its id or whole', async () => {
    for (const word of [push('fillFee', { id: A.id }, 'Deleted'), feeTold(A, 'Deleted')]) {
      const result = await replayed('fills', [...once, wait(1), receive(word)])
      expect(shown(result)).toBe(expected([{ ...A, fee: 0 }, B]))
      expect(result.source).toMatchObject({ correctedFees: 1 })
    }
  })

  test('that nobody has told is not taken back', async () => {
    const result = await replayed('fills', [...once, receive(push('fill', { id: 1 }, 'Deleted'))])
    expect(shown(result)).toBe(expected([A, B]))
    expect(result.source).toMatchObject({ takenBack: 0 })
  })
})

/** Any history of repeats, corrections, deletions and reconnects, and what the venue has at its end. */
function historyBy(random: Random): { readonly steps: readonly Step[]; readonly left: readonly Deal[] } {
  const deals: { deal: Deal; isThere: boolean }[] = []
  const steps: Step[] = []
  const drawn = (): Deal => ({
    id: 901 + deals.length,
    action: randomInteger(random, 0, 1) === 0 ? 'Buy' : 'Sell',
    qty: randomInteger(random, 1, 4),
    price: randomInteger(random, 102_000, 103_000) / 4,
    fee: randomInteger(random, 0, 700) / 100,
  })
  for (let step = 0; step < 30; step += 1) {
    const known = deals[randomInteger(random, 0, Math.max(deals.length - 1, 0))]
    const what = known === undefined ? 0 : randomInteger(random, 0, 6)
    if (known === undefined || what === 0) {
      const deal = drawn()
      deals.push({ deal, isThere: true })
      steps.push(receive(feeTold(deal, 'Created')), receive(told(deal, 'Created')))
    } else if (what === 1) {
      const { price, fee, qty } = drawn()
      known.deal = { ...known.deal, price, fee, qty }
      known.isThere = true
      steps.push(receive(told(known.deal, 'Updated'), feeTold(known.deal, 'Updated')))
    } else if (what === 2) {
      known.isThere = false
      steps.push(receive(told(known.deal, 'Updated', { active: false })))
    } else if (what === 3) {
      known.isThere = false
      steps.push(receive(push('fill', { id: known.deal.id }, 'Deleted')))
    } else if (what === 4) {
      const there = deals.filter(({ isThere }) => isThere).map(({ deal }) => deal)
      const fills = there.map(({ id, action, qty, price }) => fill(id, 8, { action, qty, price }))
      const fillFees = there.map(({ id, fee }) => ({ id, commission: fee, commissionCurrencyId: 1 }))
      steps.push(lose, wait(1), open, receive(reply(2, { orders: [order(8, 'Filled')], fills, fillFees })))
    } else if (known.isThere) {
      steps.push(receive(told(known.deal, 'Updated'), feeTold(known.deal, 'Updated')))
    }
  }
  return { steps, left: deals.filter(({ isThere }) => isThere).map(({ deal }) => deal) }
}

describe('a tape that is named twice', () => {
  const USER = 'fixtures/tradovate-user-data'
  const header = headerOf({ feed: 'tradovate-user-data', name: 'twice' })

  test('is refused, whatever its file is called', async () => {
    const copy = join(folder, 'copy.tape.jsonl')
    await copyFile(`${USER}/fills.tape.jsonl`, copy)
    const { code, stdout, stderr } = await runCli(['replay', `${USER}/fills.tape.jsonl`, copy, '--json'])
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain('one tape is named twice')
    expect(stderr).toContain('name it once')
  })

  test('is refused beside what was made from it', () => {
    const cut = { ...header, derived: 'cut --to 5s' }
    for (const [one, other] of [
      [header, header],
      [header, cut],
      [cut, cut],
      [
        { ...header, part: 2 },
        { ...header, part: 2 },
      ],
    ] as const) {
      expect(() => refuseSameTape([one, other])).toThrow('one tape is named twice')
    }
  })

  test('is none where it is another part, another cut or another recording', () => {
    const others = [
      { ...header, part: 2 },
      { ...header, part: 3 },
      headerOf({ feed: 'tradovate-user-data', name: 'other' }),
    ]
    expect(() => refuseSameTape([header, ...others])).not.toThrow()
    const cuts = ['cut --to 5s', 'cut --from 5s'].map(derived => ({ ...header, derived }))
    expect(() => refuseSameTape(cuts)).not.toThrow()
  })
})

test('whatever was told how often, what is left is what the venue has', async () => {
  for (let seed = 1; seed <= 40; seed += 1) {
    const { steps, left } = historyBy(seededRandom(seed))
    expect(`${seed}: ${shown(await replayed('fills', steps))}`).toBe(`${seed}: ${expected(left)}`)
  }
})
