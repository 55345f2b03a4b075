import { FeedtapeError } from '../model/errors.ts'
import type { Observation } from '../model/observation.ts'
import { type EpochMicros, epochMicrosFromIso } from '../model/time.ts'
import { MarketBook, Normalizer, observationLine, tallyLine, WireBook } from '../normalize/index.ts'
import { TapeMerge } from '../replay/index.ts'
import { quoteJson, quoteTable, updateLine, wireLine } from '../report/quotes.ts'
import type { Entry, Message } from '../tape/entry.ts'
import type { Tape } from '../tape/index.ts'
import { type CliConfig, cliConfigOf } from './cli-config.ts'
import type { CliCommand } from './command.ts'
import type { ExitCode, Io } from './io.ts'
import { LineOutput } from './line-output.ts'
import { closeTapes, openTapes, tellLoss, tellStrangers } from './tapes.ts'

interface Options {
  readonly updates?: true
  readonly wire?: true
  readonly config?: string
  readonly json?: true
}

export const quotesCommand: CliCommand = {
  name: 'quotes',
  describe(command, start) {
    command
      .description(
        'Decodes tapes into quotes. Without --updates it prints each instrument’s merged quote at the end, with ' +
          'the age of its prices. Several tapes are merged by time.',
      )
      .argument('<tape...>', 'tapes (.tape.jsonl), or - for standard input')
      .option('--updates', 'each observation in order, only the keys that its packet had')
      .option('--wire', 'the wire’s own fields, merged per session|name, nothing interpreted (JSON lines)')
      .option('--config <file>', 'JSON: what feeds are taught; see record --config-schema')
      .option('--json', 'JSON lines; with --updates the account of all packets comes last')
      .action((tapes: string[], options: Options) => start(io => quotes(io, tapes, options)))
  },
}

async function quotes(io: Io, paths: readonly string[], options: Options): Promise<ExitCode> {
  if (options.updates === true && options.wire === true) {
    throw new FeedtapeError('usage', '--updates and --wire exclude each other', {
      expected: '--updates for what each packet meant, or --wire for the wire’s own fields, merged',
      next: 'leave one of them out',
    })
  }
  const config = await cliConfigOf(options.config)
  const tapes = await openTapes(paths)
  try {
    const view = new QuoteView(io, tapes, options, config)
    await view.run()
    const strangers = tellStrangers(io, view.tallies, tapes)
    return tellLoss(io, tapes) || strangers
  } finally {
    await closeTapes(tapes)
  }
}

class QuoteView {
  readonly #options: Options
  readonly #output: LineOutput
  readonly #merge: TapeMerge
  readonly #normalizers: readonly Normalizer[]
  readonly #market: MarketBook
  readonly #wires: readonly WireBook[]
  #at: EpochMicros = 0

  constructor(io: Io, tapes: readonly Tape[], options: Options, { instruments, settings }: CliConfig) {
    this.#options = options
    this.#output = new LineOutput(io)
    this.#merge = new TapeMerge(tapes)
    this.#market = new MarketBook(
      tapes.map(({ header }) => header),
      { config: instruments },
    )
    this.#wires = tapes.map(() => new WireBook())
    this.#normalizers = tapes.map(
      ({ header }, tape) =>
        new Normalizer(
          { observation: (observation, entry, packet) => this.#observe(observation, entry, packet, tape) },
          { keepWire: options.wire === true, settings, start: epochMicrosFromIso(header.start) ?? 0 },
        ),
    )
  }

  get tallies() {
    return this.#normalizers.map(normalizer => normalizer.tally)
  }

  async run(): Promise<void> {
    const output = this.#output
    const hold = this.#options.updates === true ? () => output.drained() : undefined
    await this.#merge.run((entry, tape, at) => this.#take(entry, tape, at), hold)
    this.#finish()
    output.flush()
    await output.drained()
  }

  #take(entry: Entry, tape: number, at: EpochMicros): void {
    this.#at = at
    this.#market.apply(entry, tape)
    this.#normalizers[tape]?.apply(entry)
  }

  #observe(observation: Observation, entry: Message, packet: number, tape: number): void {
    const { updates, wire, json } = this.#options
    const at = this.#at
    if (updates === true) {
      const isJson = json === true
      const line = isJson
        ? JSON.stringify(observationLine(observation, entry, packet, at))
        : updateLine(observation, entry.seq, packet, at)
      this.#output.put(line)
    } else if (observation.kind === 'quote') {
      if (wire === true) this.#wires[tape]?.apply(observation, entry.conn)
      else this.#market.quotes.apply(observation, { at, seq: entry.seq, packet }, entry.conn, tape)
    } else if (observation.kind === 'instrument') this.#market.learn(observation, entry, tape)
  }

  #finish(): void {
    const { updates, wire, json } = this.#options
    const { identities, quotes } = this.#market
    const put = (line: string): void => this.#output.put(line)
    if (wire === true) for (const row of this.#wires.flatMap(book => book.rows())) put(wireLine(row))
    else if (updates === true) {
      if (json === true) for (const tally of this.tallies) put(JSON.stringify(tallyLine(tally)))
    } else if (json === true) {
      for (const quote of quotes.quotes()) put(JSON.stringify(quoteJson(quote, identities)))
    } else for (const line of quoteTable(quotes.quotes(), this.#merge.end, identities)) put(line)
  }
}
