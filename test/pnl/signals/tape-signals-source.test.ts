import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { InstrumentBook } from '../../../src/instruments/index.ts'
import { Ledger, replayPnl } from '../../../src/pnl/index.ts'
import { TapeSignalsSource } from '../../../src/pnl/sources/tape-signals-source.ts'
import { TapeReader } from '../../../src/tape/index.ts'
import { open, wait } from '../../../tools/fixtures/script.ts'
import { logs } from '../../../tools/fixtures/trade-manager/packets.ts'
import { qsd, receive } from '../../../tools/fixtures/tradingview-socket/packets.ts'
import { makeFixture } from '../../../tools/make-fixtures.ts'
import { nq, opened, RULES, run, tapeOf } from './stage.ts'

const PLACE = { index: 0, tape: 't', packet: 0, conn: 1, feed: 'trade-manager' }
const OPEN = {
  kind: 'signal',
  session: '',
  name: 'NQ1!',
  action: 'open',
  side: 'buy',
  quantity: { mantissa: 1, scale: 0 },
  price: { mantissa: 100, scale: 0 },
} as const

describe('signals of a tape', () => {
  test('are none on a tape without a log: nothing is held, and that is no error', async () => {
    const { positions, source } = await run(await tapeOf('none', nq(100, 101)))
    expect(positions).toEqual([])
    expect(source).toMatchObject({ opens: 0, unknown: 0 })
    expect(source).not.toHaveProperty('places')
  })

  test('are left out and counted in the lead of a cut tape, which has some of what was before and not all of it', () => {
    const instruments = new InstrumentBook(new Map(), name => name)
    const ledger = new Ledger({ ...RULES, instruments, quoteOf: () => undefined })
    const source = new TapeSignalsSource({ ledger, canonical: name => name })
    expect(source.observe({ ...OPEN, text: 'before' }, { ...PLACE, seq: 3, isLead: true }, 0)).toEqual([])
    expect(source.observe({ ...OPEN, text: 'behind' }, { ...PLACE, seq: 9, isLead: false }, 1)).toMatchObject(
      [{ kind: 'signal', key: 'NQ1!', deal: { side: 'buy' } }],
    )
    expect(source.report()).toMatchObject({
      opens: 1,
      remarks: { beforeTheCut: { count: 1, places: [{ place: { seq: 3 } }] } },
    })
  })

  test('are in no doubt where the recording ends its connection, unless the tape goes on for long', () => {
    const instruments = new InstrumentBook(new Map(), name => name)
    const ledger = new Ledger({ ...RULES, instruments, quoteOf: () => undefined })
    const source = new TapeSignalsSource({ ledger, canonical: name => name })
    source.observe({ ...OPEN, text: 'line' }, { ...PLACE, seq: 9, isLead: false }, 1)
    expect(source.entry({ kind: 'close', seq: 10, at: 2, conn: 1, by: 'us' }, 0, 2)).toEqual([])
    expect(source.nextAt).toBe(10_000_002)
    expect(source.applyNext(10_000_002)).toEqual({ kind: 'uncertain', key: 'NQ1!' })
    expect(ledger.positions()).toMatchObject([{ uncertainSince: 2 }])
  })

  test('are marked by another feed’s quotes of what their ticker means, and closed under that name', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'feedtape-signals-two-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const quotes = { feed: 'tradingview-socket', name: 'quotes', about: 'a test' }
    const last = receive(qsd('qs_SyntheticAaa', 'CME_MINI:NQ1!', { bid: 104, ask: 105 }))
    await makeFixture({ ...quotes, steps: [open, wait(1), last, wait(9)] }, folder)
    const market = await TapeReader.open(join(folder, 'quotes.tape.jsonl'))
    onTestFinished(() => market.close())
    const strategy = await tapeOf(
      'strategy',
      logs(opened('2 BUY at 100')),
      wait(2),
      logs(opened('1 SELL at 105')),
    )
    const { positions, source } = await replayPnl([strategy, market], { from: 'signals' }, RULES)
    expect(positions).toMatchObject([
      { instrument: 'CME_MINI:NQ1!', quantity: { mantissa: -1 }, unrealized: { mantissa: 0 } },
    ])
    expect(source).toMatchObject({ remarks: { opensOnOpen: { count: 1 } } })
  })
})
