import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Clock, systemClock } from '../model/clock.ts'
import { excerpt, FeedtapeError } from '../model/errors.ts'
import { type Random, systemRandom } from '../model/random.ts'
import { durationText } from '../model/time.ts'
import { systemTimers, type Timers } from '../model/timers.ts'
import { Normalizer, QuoteBook, type Tally } from '../normalize/index.ts'
import { type PnlResult, parseMarkChain, readPositions, replayPnl, summaryLines } from '../pnl/index.ts'
import { isWhole } from '../record/index.ts'
import { TapeMerge } from '../replay/index.ts'
import { pnlSummary } from '../report/pnl.ts'
import { quoteTable } from '../report/quotes.ts'
import { bytesText, counted } from '../report/table.ts'
import type { Tape } from '../tape/index.ts'
import type { CliCommand } from './command.ts'
import { claimFolder } from './demo-folder.ts'
import { type DemoRecording, recordDemo } from './demo-recording.ts'
import { type ExitCode, type Io, tell } from './io.ts'
import { LineOutput } from './line-output.ts'
import { closeTapes, openTapes, tellProblems } from './tapes.ts'
import { packageVersion } from './version.ts'

interface Options {
  readonly seed: string
  readonly dir?: string
  readonly json?: true
}

export const demoCommand: CliCommand = {
  name: 'demo',
  describe(command, start) {
    command
      .description(
        'Starts a venue on this machine that speaks TradingView’s protocol from a made-up market, records it while ' +
          'the connection breaks once, reads the tape back into quotes, and values a few fills on it. The same ' +
          'seed gives the same figures.',
      )
      .option('--seed <number>', 'which market', '1')
      .option('--dir <folder>', 'where the files go (default: .feedtape/demo-seed-N)')
      .option('--json', 'JSON lines: the recording, then the summary as replay --json prints it')
      .action((options: Options) => start(io => demo(io, options)))
  },
}

interface DemoDoors {
  readonly clock: Clock
  readonly timers: Timers
  readonly random: Random
}

async function demo(io: Io, options: Options): Promise<ExitCode> {
  const seed = seedOption(options.seed)
  const folder = options.dir ?? join('.feedtape', `demo-seed-${seed}`)
  const output = new LineOutput(io)
  const isJson = options.json === true
  const show = (line: string): void => {
    if (isJson) tell(io, line)
    else {
      output.put(line)
      output.flush()
    }
  }
  const doors = { clock: systemClock, timers: systemTimers, random: systemRandom }
  const { code, lines } = await runDemo(io, seed, folder, doors, show)
  if (isJson) for (const line of lines) output.put(JSON.stringify(line))
  output.flush()
  await output.drained()
  return code
}

interface DemoOutcome {
  readonly code: ExitCode
  readonly lines: readonly object[]
}

async function runDemo(
  io: Io,
  seed: number,
  folder: string,
  doors: DemoDoors,
  show: (line: string) => void,
): Promise<DemoOutcome> {
  await claimFolder(folder, seed)
  const tape = join(folder, 'demo.tape.jsonl')
  const positions = join(folder, 'demo.positions.jsonl')
  show(`Seed ${seed}. All of this is synthetic: a market made up on this machine, no venue is asked.`)
  show('')
  show('record: a venue that speaks tradingview-socket, and the real recorder on it')
  const recording = await recordDemo({ seed, tape, version: packageVersion(), ...doors, tell: show })
  for (const line of recordingLines(recording)) show(line)
  const text = recording.fills.map(fill => `${JSON.stringify(fill)}\n`).join('')
  await writeFile(positions, text)
  show('')
  for (const line of await normalized(tape)) show(line)
  show('')
  const { result, lines, code } = await valued(io, tape, positions, text)
  show(`replay: ${counted(recording.fills.length, 'fill')} on the tape, in virtual time`)
  for (const line of pnlSummary(result, RULES)) show(line === '' ? '' : `  ${line}`)
  show('')
  for (const line of closingLines(tape, positions)) show(line)
  const files = { tape, positions }
  return { code: isWhole(recording.summary) ? code : 3, lines: [demoLine(seed, files, recording), ...lines] }
}

const RULES = { chain: parseMarkChain('last'), staleAfter: 60_000_000 }

function recordingLines({ summary, messagesSent, marketSteps }: DemoRecording): string[] {
  const { connections, entries, bytes, elapsed, framesReceived, gaps } = summary
  const gap = gaps.map(({ from, to }) => durationText(to - from)).join(', ')
  return [
    `  ${counted(messagesSent, 'message')} sent in ${counted(marketSteps, 'step')} of the market, ` +
      `${counted(framesReceived, 'frame')} received with the pings, over ${counted(connections, 'connection')}` +
      (gap === '' ? '' : ` with a gap of ${gap}`),
    `  ${counted(entries, 'entry', 'entries')} on the tape (${bytesText(bytes)}) in ${durationText(elapsed)}` +
      (isWhole(summary) ? ', sealed: every frame that was received is on it' : ', NOT WHOLE'),
  ]
}

/** The tape alone says all of this. */
async function normalized(tape: string): Promise<readonly string[]> {
  return await withTape(tape, async reader => {
    const book = new QuoteBook()
    const merge = new TapeMerge([reader])
    let at = 0
    const normalizer = new Normalizer({
      observation: (observation, { conn, seq }, packet) => {
        if (observation.kind === 'quote') book.apply(observation, { at, seq, packet }, conn)
      },
    })
    await merge.run((entry, _tape, time) => {
      at = time
      normalizer.apply(entry)
      if (entry.kind === 'close') book.disconnect(entry.conn)
    })
    const table = quoteTable(book.quotes(), merge.end).map(line => `  ${line}`)
    return [`normalize: ${tallyText(normalizer.tally)}`, ...table]
  })
}

function tallyText(tally: Tally): string {
  const dispositions = Object.entries(tally.dispositions()).filter(([, count]) => count > 0)
  const words = dispositions.map(([disposition, count]) => `${count} ${disposition}`).join(', ')
  const sum = tally.addsUp() ? 'every character is accounted for' : 'THE ACCOUNT DOES NOT ADD UP'
  return `${counted(tally.packets, 'packet')} in ${counted(tally.messages, 'frame')} (${words}); ${sum}`
}

interface Valued extends DemoOutcome {
  readonly result: PnlResult
}

async function valued(io: Io, tape: string, file: string, text: string): Promise<Valued> {
  return await withTape(tape, async reader => {
    const result = await replayPnl([reader], readPositions(text, file), RULES)
    return { result, lines: summaryLines(result, [reader.header], RULES), code: tellProblems(io, [reader]) }
  })
}

async function withTape<T>(path: string, use: (reader: Tape) => Promise<T>): Promise<T> {
  const tapes = await openTapes([path])
  try {
    const [reader] = tapes
    if (reader === undefined) throw new Error('one path, no tape')
    return await use(reader)
  } finally {
    await closeTapes(tapes)
  }
}

function demoLine(
  seed: number,
  files: { readonly tape: string; readonly positions: string },
  { summary, messagesSent, marketSteps }: DemoRecording,
): object {
  const { connections, framesReceived, framesRecorded, entries } = summary
  const counts = { marketSteps, messagesSent, connections, framesReceived, framesRecorded, entries }
  return { kind: 'demo', seed, synthetic: true, ...files, ...counts }
}

function closingLines(tape: string, positions: string): string[] {
  return [
    'files (the next run with this seed replaces them):',
    `  ${tape}`,
    `  ${positions}`,
    'and now:',
    `  npx feedtape inspect ${tape}`,
    `  npx feedtape quotes ${tape} --updates`,
    `  npx feedtape replay ${tape} --positions ${positions} --every 500ms`,
  ]
}

function seedOption(text: string): number {
  const seed = Number(text)
  if (/^\d{1,9}$/.test(text)) return seed
  throw new FeedtapeError('usage', 'not a seed', {
    where: '--seed',
    expected: 'a whole number from 0 to 999999999',
    found: excerpt(text),
    next: 'write it like --seed 2',
  })
}
