import { decimalText } from '../../src/model/decimal.ts'
import { FeedtapeError } from '../../src/model/errors.ts'
import { MarketBook, Normalizer, observationLine, tallyLine } from '../../src/normalize/index.ts'
import { parseMarkChain, readPositions, replayToLines } from '../../src/pnl/index.ts'
import { quoteJson } from '../../src/report/quotes.ts'
import type { Entry, Header } from '../../src/tape/index.ts'

/** Of the feeds' configs, by name. */
export type Settings = ReadonlyMap<string, unknown>

/** Behind the decoder: the account, quotes, and the lines that are printed of them. */
export async function wrongBehind(
  entries: readonly Entry[],
  settings: Settings,
): Promise<string | undefined> {
  const book = new MarketBook([HEADER])
  const normalizer = new Normalizer(
    {
      observation(observation, entry, packet) {
        JSON.stringify(observationLine(observation, entry, packet, entry.at))
        if (observation.kind === 'instrument') book.learn(observation, entry)
        if (observation.kind !== 'quote') return
        book.quotes.apply(observation, { at: entry.at, seq: entry.seq, packet }, entry.conn)
      },
    },
    { settings },
  )
  for (const entry of entries) {
    book.apply(entry)
    normalizer.apply(entry)
  }
  for (const quote of book.quotes.quotes()) {
    JSON.stringify(quoteJson(quote))
    const { price } = quote.group('last') ?? {}
    if (price !== undefined && price !== null) decimalText(price)
  }
  JSON.stringify(tallyLine(normalizer.tally))
  return normalizer.tally.addsUp() ? undefined : 'the tally does not add up'
}

const HEADER: Header = {
  kind: 'header',
  format: 'feedtape/1',
  id: '0'.repeat(32),
  start: '2026-03-02T15:00:00.000000Z',
  feeds: [],
  generator: { name: 'feedtape fuzz', version: '1' },
  platform: 'any',
  clock: 'none',
  redaction: 'none',
  synthetic: true,
}
const POSITIONS = readPositions(
  ['CME_MINI:NQ1!', 'NQ1!', '__proto__', 'X:Y', 'MES1!', '3267315']
    .map((instrument, n) =>
      JSON.stringify({ instrument, side: n % 2 ? 'sell' : 'buy', quantity: '1', price: '2.5' }),
    )
    .join('\n'),
  'fuzz.positions.jsonl',
)
const OPTIONS = { chain: parseMarkChain('exit-side,last'), staleAfter: 60_000_000 }

/** P&L over entries in memory; an ambiguous name is an honest answer. */
export async function wrongWithPnl(
  entries: readonly Entry[],
  settings: Settings,
): Promise<string | undefined> {
  let next = 0
  const source = { header: HEADER, seal: undefined, next: () => entries[next++], fill: async () => false }
  try {
    await replayToLines([source], POSITIONS, { ...OPTIONS, settings }, () => {})
  } catch (thrown) {
    if (!(thrown instanceof FeedtapeError && thrown.code === 'ambiguous')) throw thrown
  }
  return undefined
}
