import { describe, expect, it } from 'vitest'
import type { BrokerSourceReport, FillsSourceReport } from '../../src/pnl/index.ts'
import { brokerLines, fillsLines } from '../../src/report/position-sources.ts'

const FILLS: FillsSourceReport = {
  positions: 'fills',
  account: '1000002',
  fills: 2,
  repeated: 0,
  corrected: 0,
  takenBack: 0,
  otherAccounts: [],
  withoutAccount: 0,
  beforeTheCut: 0,
  foreignFees: 0,
}
const BROKER: BrokerSourceReport = {
  positions: 'broker',
  account: '1000002',
  contracts: 1,
  words: 3,
  repeated: 0,
  outdated: 0,
  takenBack: 0,
  unlisted: 0,
  otherAccounts: [],
  withoutAccount: 0,
}

describe('where positions come from', () => {
  it('is one line where nothing else is to be said', () => {
    expect(fillsLines(FILLS)).toEqual([
      'positions: the tapes’ 2 fills of account 1000002, in the order of receipt',
    ])
    expect(brokerLines(BROKER)).toEqual([
      'positions: the tapes’ words of the broker on 1 contract of account 1000002; realized is of its trade date · 3 stated',
    ])
  })

  it('says gaps, what nobody has confirmed since, and fees that were told again or otherwise', () => {
    const [line] = fillsLines({ ...FILLS, gaps: 2, unconfirmed: 1, repeatedFees: 3, correctedFees: 1 })
    expect(line).toContain('3 fees told again · 1 fees corrected · 2 gaps · 1 position not confirmed since')
  })

  it('says that the broker has something else at the end, and what to do then', () => {
    expect(fillsLines({ ...FILLS, brokerDiffers: 1 })[1]).toBe(
      '1 position differs from the broker’s at the end: feedtape reconcile',
    )
  })

  it('has balances in lines of their own, and what is not said is not there', () => {
    const amount = { mantissa: 501_155, scale: 1 }
    const realizedPnl = { mantissa: -1225, scale: 2 }
    const lines = brokerLines({
      ...BROKER,
      balances: [
        { account: '1000002', currency: '1', amount, realizedPnl, tradeDate: '2026-03-02', at: 0 },
        { amount, at: 0 },
      ],
    })
    expect(lines.slice(1)).toEqual([
      'balance of account 1000002: 50115.5 (currency 1) · realized -12.25 by the broker · 2026-03-02',
      'balance: 50115.5 (currency unknown)',
    ])
  })
})
