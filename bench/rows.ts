import type { InstrumentConfig } from '../src/instruments/index.ts'
import { type Decimal, decimalFromText, decimalText } from '../src/model/decimal.ts'
import { type InstrumentQuote, Normalizer, QuoteBook } from '../src/normalize/index.ts'
import { type PnlResult, type Positions, replayPnl, replayToLines } from '../src/pnl/index.ts'
import { TapeReader } from '../src/tape/index.ts'
import type { Input } from './input.ts'
import { START_MICROS } from './tape.ts'

/** What a row found out, in words that the oracle uses too; the floor finds out nothing. */
export interface Outcome {
  readonly quotes?: readonly string[]
  readonly pnl?: readonly string[]
}

export interface Row {
  readonly name: string
  /** Of the floor's frames/s. */
  readonly target?: number
  run(input: Input): Promise<Outcome>
}

/** Real rules: where the position could be closed, the last price where there is no book (indexes). */
export const CHAIN = ['exit-side', 'last'] as const
export const POINT_VALUE = '2'
const STALE_AFTER = 60_000_000
const EVERY = 1_000_000

/** JSON.parse of the line and of its packets, and nothing else: no file, no framing, no check of a CRC. */
export const floor: Row = {
  name: 'floor: JSON.parse twice',
  async run({ lines, cuts }) {
    for (let index = 0; index < lines.length; index += 1) {
      const frame = JSON.parse(lines[index] ?? '') as { readonly text: string }
      const places = cuts[index] ?? []
      for (let cut = 0; cut < places.length; cut += 2)
        JSON.parse(frame.text.slice(places[cut], places[cut + 1]))
    }
    return {}
  },
}

export const quotes: Row = {
  name: 'tape → quotes',
  target: 0.8,
  async run({ path }) {
    const book = new QuoteBook()
    let at = 0
    const normalizer = new Normalizer({
      observation(observation, entry, packet) {
        if (observation.kind === 'quote') book.apply(observation, { at, seq: entry.seq, packet }, entry.conn)
      },
    })
    const tape = await TapeReader.open(path)
    do {
      for (let entry = tape.next(); entry !== undefined; entry = tape.next()) {
        at = START_MICROS + entry.at
        normalizer.apply(entry)
        if (entry.kind === 'close') book.disconnect(entry.conn)
      }
    } while (await tape.fill())
    await tape.close()
    if (!tape.isWhole || !normalizer.tally.addsUp()) throw new Error('the tape was not read whole')
    return { quotes: book.quotes().map(quoteText) }
  },
}

export const pnl: Row = {
  name: 'tape → P&L',
  target: 0.8,
  run: input =>
    withTape(input, (tape, positions, options) =>
      replayPnl([tape], positions, options, {
        tick: { every: EVERY, run: (_, books) => void books.map(({ ledger }) => ledger.totals()) },
      }),
    ),
}

export const digest: Row = {
  name: 'tape → P&L, digest',
  run: input =>
    withTape(
      input,
      async (tape, positions, options) => (await replayToLines([tape], positions, options, () => {})).result,
    ),
}

async function withTape(
  { path, fills }: Input,
  replay: (tape: TapeReader, positions: Positions, options: Options) => Promise<PnlResult>,
): Promise<Outcome> {
  const instruments = fills.map(({ instrument }): [string, InstrumentConfig] => [instrument, CONFIG])
  const tape = await TapeReader.open(path)
  const options = { chain: CHAIN, staleAfter: STALE_AFTER, config: new Map(instruments) }
  const result = await replay(tape, { file: 'bench', fills }, options)
  await tape.close()
  return { pnl: pnlText(result) }
}

type Options = Parameters<typeof replayPnl>[2]

const CONFIG: InstrumentConfig = { pointValue: decimalFromText(POINT_VALUE), currency: 'INR' }

function quoteText(quote: InstrumentQuote): string {
  const price = (group: 'last' | 'bid' | 'ask') => text(quote.group(group)?.price)
  return `${quote.name} last ${price('last')} bid ${price('bid')} ask ${price('ask')}`
}

function pnlText({ books }: PnlResult): readonly string[] {
  const { positions = [], totals = [] } = books[0] ?? {}
  return [
    ...positions.map(
      p =>
        `${p.instrument} ${text(p.quantity)} mark ${text(p.mark?.price)} realized ${text(p.realized)} net ${text(p.net)} worst ${text(p.worst)}`,
    ),
    ...totals.map(
      total => `${total.currency} net ${text(total.net)} peak to trough ${text(total.peakToTrough)}`,
    ),
  ]
}

function text(value: Decimal | null | undefined): string {
  return value === null || value === undefined ? 'none' : decimalText(value)
}
