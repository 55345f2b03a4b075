import { FeedtapeError } from '../model/errors.ts'
import { type InstrumentFacts, observationToJson } from '../model/observation.ts'
import { checkedOptions } from '../record/index.ts'
import { instrumentTable } from '../report/instruments.ts'
import { counted } from '../report/table.ts'
import type { CliCommand } from './command.ts'
import { type ExitCode, type Io, say, tell } from './io.ts'
import { checkedFeed, checkedUrl } from './record-options.ts'
import { factsOf, isMeant } from './search-facts.ts'
import { searchLive } from './search-live.ts'
import { closeTapes, openTapes, tellProblems, tellStrangers } from './tapes.ts'

interface Options {
  readonly tape?: readonly string[]
  readonly type?: string
  readonly exchange?: string
  readonly pages?: string
  readonly output?: string
  readonly overwrite?: true
  readonly url?: string
  readonly json?: true
}

/** The one wire that is asked for instruments by a text. */
const FEED = 'tradingview-symbol-search'

/** What only a live search knows. */
const LIVE_ONLY = ['pages', 'output', 'overwrite', 'url'] as const

export const searchCommand: CliCommand = {
  name: 'search',
  describe(command, start) {
    command
      .description(
        'Finds instruments: live by TradingView’s symbol search, or with --tape in what tapes of any feed say about ' +
          'instruments. Nothing is kept of a live search unless -o names a tape.',
      )
      .argument('<text...>', 'what to look for, in name and description')
      .option('--tape <file...>', 'look into these tapes instead')
      .option(
        '--type <type>',
        'only stocks, funds, futures, forex, crypto, indices, bonds, economic, options',
      )
      .option('--exchange <name>', 'only of this exchange: CME, NASDAQ')
      .option('--pages <count>', 'so many pages of some 50 for each text (1)')
      .option('-o, --output <file>', 'keep the tape of the search')
      .option('--overwrite', 'replace that file if it is there')
      .option('--url <url>', 'search here instead of the feed’s own address')
      .option('--json', 'one JSON line an instrument, all that is known of it')
      .action((texts: string[], options: Options) => start(io => run(io, texts, options)))
  },
}

async function run(io: Io, texts: readonly string[], options: Options): Promise<ExitCode> {
  const empty = texts.some(text => text.trim() === '')
  if (empty) throw new FeedtapeError('usage', 'an empty text finds nothing', { next: 'say what to look for' })
  return options.tape === undefined
    ? await runLive(io, texts, options)
    : await runOnTapes(io, texts, options.tape, options)
}

async function runOnTapes(
  io: Io,
  texts: readonly string[],
  paths: readonly string[],
  options: Options,
): Promise<ExitCode> {
  const misplaced = LIVE_ONLY.find(name => options[name] !== undefined)
  if (misplaced !== undefined) {
    throw new FeedtapeError('usage', `--${misplaced} is for a live search, and --tape for what tapes say`, {
      next: 'leave one of them out',
    })
  }
  const { exchange, type } = options
  return await show(io, paths, options, facts => isMeant(facts, { texts, type, exchange }))
}

async function runLive(io: Io, texts: readonly string[], options: Options): Promise<ExitCode> {
  const { exchange, output, overwrite, pages, type } = options
  const feed = checkedFeed(FEED)
  const chosen = { type, exchange, pages }
  const said = Object.entries(chosen).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))
  const search = {
    feed,
    texts,
    options: checkedOptions(feed, Object.fromEntries(said), 'feedtape search'),
    pages: Number(pages ?? 1),
    url: checkedUrl('--url', feed, options.url),
    output,
    overwrite: overwrite === true,
  }
  // The venue has chosen already.
  return await searchLive(io, search, path => show(io, [path], options, () => true))
}

/** 1 where nothing is found. */
async function show(
  io: Io,
  paths: readonly string[],
  { json }: Options,
  isWanted: (facts: InstrumentFacts) => boolean,
): Promise<ExitCode> {
  const tapes = await openTapes(paths)
  try {
    const { facts, tallies } = await factsOf(tapes)
    const found = facts.filter(isWanted)
    const lines =
      json === true ? found.map(one => JSON.stringify(observationToJson(one))) : instrumentTable(found)
    if (found.length > 0) for (const line of lines) await say(io, line)
    tell(io, found.length === 0 ? 'nothing is found' : `${counted(found.length, 'instrument')} found`)
    const strangers = tellStrangers(io, tallies, tapes)
    return tellProblems(io, tapes) || strangers || (found.length === 0 ? 1 : 0)
  } finally {
    await closeTapes(tapes)
  }
}
