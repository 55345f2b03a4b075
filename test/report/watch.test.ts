import { expect, test } from 'vitest'
import { InstrumentBook } from '../../src/instruments/index.ts'
import { Ledger, type QuoteView } from '../../src/pnl/index.ts'
import { watchTable } from '../../src/report/watch.ts'
import { decimal } from '../pnl/decimals.ts'

const START = Date.UTC(2026, 10, 20, 12) * 1000
const SECOND = 1_000_000
const RULES = { chain: ['last'] as const, staleAfter: 5 * SECOND }

function ledgerOf(quotes: Readonly<Record<string, QuoteView>>): Ledger {
  return new Ledger({ ...RULES, instruments: new InstrumentBook(), quoteOf: name => quotes[name] })
}

function last(price: string, at: number, delay?: number): QuoteView {
  const group = { price: decimal(price), at, seq: 1, packet: 0, source: { delay } }
  return { group: name => (name === 'last' ? group : undefined) }
}

function buy(instrument: string, price: string) {
  return { instrument, side: 'buy' as const, quantity: decimal('1'), price: decimal(price) }
}

test('nothing is held: it says so, and how the wires are', () => {
  const lines = watchTable({
    at: START + 3 * SECOND,
    start: START,
    rules: RULES,
    books: [{ name: 'fills', ledger: ledgerOf({}) }],
    isCounted: false,
    sources: [
      {
        name: 'tradingview-socket',
        state: 'waiting',
        connections: 2,
        framesReceived: 1,
        quotes: 0,
        symbols: [],
      },
    ],
    path: 'a\u001b[2J.jsonl',
    publishing: { url: 'ws://127.0.0.1:8787/', clients: 1 },
  })
  expect(lines).toEqual([
    '12:00:03 UTC · 3 s · a\\u001b[2J.jsonl · ws://127.0.0.1:8787/ to 1 client',
    'rules: matching average · mark last · stale after 5 s · fees per fill',
    'tradingview-socket waiting (2) · 1 frame · 0 quotes',
    'something came that cannot be counted: these are the figures from before it',
    '',
    'no position yet',
  ])
})

test('marks have their age at the moment, and what has none or is in doubt says why', () => {
  const ledger = ledgerOf({ 'CME_MINI:NQ1!': last('25650.25', START, 600) })
  ledger.fill(buy('CME_MINI:NQ1!', '25600'), START)
  ledger.fill(buy('CME_MINI:MNQ1!', '25600'), START)
  ledger.doubt(START + SECOND)
  const lines = watchTable({
    at: START + 2 * SECOND,
    start: START,
    rules: RULES,
    books: [{ name: 'fills', ledger }],
    isCounted: true,
    sources: [],
    path: 'a.jsonl',
  })
  expect(lines.slice(3)).toEqual([
    'instrument      quantity  average      mark  age  unrealized  realized    net  worst  in',
    'CME_MINI:NQ1!         +1    25600  25650.25  2 s       +1005         0  +1005      0  USD  uncertain since 12:00:01, delayed 600 s',
    'CME_MINI:MNQ1!        +1    25600         –                –         0      –      0  USD  unpriced: no price yet (last), uncertain since 12:00:01',
    'total USD: net – · unrealized – · realized 0 · peak to trough 0 · unpriced: CME_MINI:MNQ1!',
  ])
})
