import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { replayPnl } from '../../src/pnl/index.ts'
import { TapeReader } from '../../src/tape/index.ts'
import { open, type Step, wait } from '../../tools/fixtures/script.ts'
import { qsd, receive as quote } from '../../tools/fixtures/tradingview-socket/packets.ts'
import {
  contract,
  currency,
  maturity,
  position,
  product,
  push,
  receive,
} from '../../tools/fixtures/tradovate-user-data/packets.ts'
import { makeFixture } from '../../tools/make-fixtures.ts'
import { textOf } from './decimals.ts'

const facts = receive(
  push('currency', currency, 'Created'),
  push('product', product, 'Created'),
  push('contractMaturity', maturity, 'Created'),
  push('contract', contract, 'Created'),
)
const stated = (netPos: number, more: object): Step =>
  receive(push('position', position(netPos, more), 'Updated'))
const held = stated(-2, { bought: 0, boughtValue: 0, sold: 2, soldValue: 51200.5, netPrice: 25600.25 })
const last = quote(qsd('qs_SyntheticAaa', 'CME_MINI:NQZ2026', { lp: 25590.25 }))

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'feedtape-marks-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function tapeOf(feed: string, name: string, ...steps: readonly Step[]): Promise<TapeReader> {
  await makeFixture({ feed, name, about: 'a test', steps: [open, ...steps] }, folder)
  return TapeReader.open(join(folder, `${name}.tape.jsonl`))
}

test('a broker’s position is one with the contract that its id means, whichever of both comes first', async () => {
  for (const [name, ...steps] of [
    ['id-first', held, facts, held],
    ['name-first', facts, held, held],
  ] as const) {
    const account = await tapeOf('tradovate-user-data', name, ...steps, wait(9))
    const market = await tapeOf('tradingview-socket', `${name}-quotes`, wait(1), last, wait(9))
    const { positions, source } = await replayPnl(
      [account, market],
      { from: 'broker' },
      { chain: ['last'], staleAfter: 60_000_000 },
    )
    await account.close()
    await market.close()
    expect(
      positions.map(p => [
        p.instrument,
        ...[p.quantity, p.average, p.unrealized, p.realized, p.net].map(textOf),
      ]),
    ).toEqual([['CME_MINI:NQZ2026', '-2', '25600.25', '400', '0', '400']])
    expect(positions[0]?.averageWord).toBe('stated')
    expect(source).toMatchObject({ contracts: 1, words: 1, repeated: 1 })
  }
})
