import { join } from 'node:path'
import { QUOTE_FIELD_NAMES } from '../model/quote.ts'
import { durationText } from '../model/time.ts'
import { grouped, plain, tableLines } from '../report/table.ts'
import {
  createTruth,
  PLANTS,
  PRODUCTS,
  type Rendered,
  renderWire,
  type Truth,
  tapeName,
  writeSession,
} from '../synth/index.ts'
import { collect } from './collect.ts'
import type { CliCommand } from './command.ts'
import { type ExitCode, type Io, say } from './io.ts'
import {
  DEFAULT_START,
  MOST_MINUTES,
  refusePlant,
  type SynthFlags,
  synthRequestOf,
  wireNames,
} from './synth-options.ts'

export const synthCommand: CliCommand = {
  name: 'synth',
  describe(command, start) {
    command
      .description(
        'Makes up one market from a seed (ticks, bursts, quiet, halts, gaps, a roll, a strategy’s orders and fills) and ' +
          'writes it as a session of every wire, each with its own habits and a lag that stands in truth.jsonl only; ' +
          'beside the tapes the truth, its fills as positions, and the config that they are read with. The same ' +
          `seed gives the same bytes.\nErrors that can be planted in a wire: ${plantsText()}.`,
      )
      .requiredOption('--seed <number>', 'which market')
      .option('-o, --output <folder>', 'where the files go (default: .feedtape/synth-seed-N)')
      .option('--minutes <number>', `how long, up to ${MOST_MINUTES}`, '5')
      .option('--instruments <number>', `how many products, up to ${PRODUCTS.length}`, '8')
      .option('--wires <names>', `only these, with commas between them: ${wireNames()}`)
      .option('--plant <wire:error>', 'an error in one wire (again for another wire)', collect)
      .option('--start <when>', 'ISO 8601 with an offset', DEFAULT_START)
      .option('--overwrite', 'replace files that are there')
      .option('--json', 'print what was written as JSON lines')
      .action((options: SynthFlags) => start(io => run(io, options)))
  },
}

function plantsText(): string {
  return Object.entries(PLANTS)
    .map(([name, meaning]) => `${name} (${meaning})`)
    .join('; ')
}

async function run(io: Io, options: SynthFlags): Promise<ExitCode> {
  const { folder, plants, truthOptions, wires } = synthRequestOf(options)
  const truth = createTruth(truthOptions)
  const rendered = wires.map(wire => {
    const kind = plants.get(wire)
    if (kind !== undefined) refusePlant(wire, kind, truth)
    return renderWire(wire, truth, kind)
  })
  await writeSession({ folder, truth, rendered, overwrite: options.overwrite === true })
  const lines = options.json === true ? jsonLines(folder, rendered) : textLines(folder, truth, rendered)
  for (const line of lines) await say(io, line)
  return 0
}

function jsonLines(folder: string, rendered: readonly Rendered[]): readonly string[] {
  return rendered.map(one => {
    const { declares, drafts, header, lag, planted, updates, wire } = one
    const { cannot } = declares
    const of = { wire: wire.feed.name, tape: join(folder, tapeName(one)), id: header.id }
    return JSON.stringify({ ...of, entries: drafts.length, updates, lag, cannot, planted })
  })
}

function textLines(folder: string, truth: Truth, rendered: readonly Rendered[]): readonly string[] {
  const rows = rendered.map(({ declares, drafts, lag, updates, wire }) => {
    const delay = Math.max(0, ...declares.carried.map(({ delay: seconds = 0 }) => seconds))
    const late = delay === 0 ? '' : ` + ${delay} s declared`
    return [
      wire.feed.name,
      grouped(drafts.length),
      declares.carried.some(({ fields }) => fields.length > 0) ? grouped(updates) : '-',
      `${durationText(lag)}${late}`,
      unsaidText(
        truth,
        declares.carried.map(({ fields }) => fields),
      ),
    ]
  })
  const head = ['wire', 'entries', 'updates', 'lag', 'cannot say']
  const planted = rendered.flatMap(one =>
    one.planted === undefined ? [] : [`${one.wire.feed.name}: ${one.planted.text}`],
  )
  const { happenings, markets, orders, seed, settled } = truth
  return [
    `Seed ${seed}: ${markets.length} instruments, ${grouped(truth.moves.length)} moves, ${orders.length} orders, ` +
      `${happenings.length} bursts, gaps, halts and rolls, ${settled.length} settled moments. All of it is synthetic.`,
    ...tableLines(rows, { head, align: ['left', 'right', 'right', 'right', 'left'] }),
    ...planted.map(text => `planted in ${plain(text)}`),
    `${plain(folder)}: a tape for each, truth.jsonl, positions.jsonl, config.json`,
  ]
}

/** Of a quote; the rest of it, and why, stands in truth.jsonl. */
function unsaidText({ opening }: Truth, carried: readonly (readonly string[])[]): string {
  const said = new Set(carried.flat())
  if (said.size === 0) return 'any quote'
  const known = new Set([...opening.values()].flatMap(fields => Object.keys(fields)))
  const unsaid = QUOTE_FIELD_NAMES.filter(name => known.has(name) && !said.has(name))
  return unsaid.length === 0 ? '-' : unsaid.join(', ')
}
