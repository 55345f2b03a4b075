import { type CutReport, cutTape } from '../edit/cut/index.ts'
import { excerpt, FeedtapeError } from '../model/errors.ts'
import { durationText, epochMicrosFromIso, type Micros, microsFromDuration } from '../model/time.ts'
import { counted, grouped, plain } from '../report/table.ts'
import type { Header } from '../tape/index.ts'
import { collect } from './collect.ts'
import type { CliCommand } from './command.ts'
import { cutFailing } from './cut-failing.ts'
import { describeFailing, type FailingFlags, refuseMixture } from './cut-failing-flags.ts'
import { type ExitCode, type Io, say } from './io.ts'
import { tellProblems } from './tapes.ts'

interface Options extends FailingFlags {
  readonly output?: string
  readonly from?: string
  readonly to?: string
  readonly conn?: readonly string[]
  readonly symbol?: readonly string[]
  readonly kind?: readonly string[]
  readonly overwrite?: true
  readonly json?: true
}

export const cutCommand: CliCommand = {
  name: 'cut',
  describe(command, start) {
    command
      .description(
        'Makes a new tape of a slice. It opens with a lead: how its connections began, what their clients asked for, ' +
          'and the frames that make up the quotes at the cut, so that from there on its quotes are those of the whole ' +
          'tape. Entries keep their numbers, times and bytes; the header says how it was cut and where the lead ends.\n' +
          'A frame is a message and stays whole: one that holds several symbols or kinds stays when one of them is ' +
          'wanted, and of the others in it the new tape holds only a part.\n' +
          'With --failing it is the smallest tape over which a command still fails, scrubbed, to be committed.',
      )
      .argument('<tape>', 'the tape; it stays as it is')
      .option('-o, --output <file>', 'the new tape (with --failing by default X.smallest.tape.jsonl)')
      .option('--from <when>', 'ISO 8601 with an offset, or how long after the start: 90s, 1m30s')
      .option('--to <when>', 'the same; what is from then on is left out')
      .option('--conn <number>', 'a connection, as inspect numbers them (repeatable)', collect)
      .option('--symbol <name>', 'frames that mention an instrument (repeatable)', collect)
      .option('--kind <kind>', 'frames with such a packet: qsd, in:qsd, out:heartbeat (repeatable)', collect)
      .option('--overwrite', 'replace a file that is there')
      .option('--json', 'print what was done as JSON')
    describeFailing(command)
    command.action((tape: string, options: Options) => start(io => run(io, tape, options)))
  },
}

async function run(io: Io, path: string, options: Options): Promise<ExitCode> {
  refuseMixture({ ...options })
  const { failing } = options
  if (failing !== undefined) return await cutFailing(io, path, { ...options, failing })
  const { symbol, kind } = options
  const output = refuse(path, options)
  const conns = options.conn?.map(connOption)
  const report = await cutTape(path, {
    output,
    overwrite: options.overwrite === true,
    ...(conns === undefined ? {} : { conns }),
    ...(symbol === undefined ? {} : { symbols: symbol }),
    ...(kind === undefined ? {} : { kinds: kind }),
    window: header => windowOf(header, options),
    derived: derivedText(options),
  })
  const { header, entries, lead, frames, connections } = report
  await say(
    io,
    options.json === true
      ? JSON.stringify({ output, id: header.id, entries, lead, frames, connections })
      : reportText(output, report),
  )
  return tellProblems(io, [report.source])
}

function reportText(output: string, { entries, lead, frames, connections }: CutReport): string {
  const leading = lead === 0 ? '' : `, ${grouped(lead)} of them its lead`
  const what = `${counted(frames, 'frame')} of ${counted(connections, 'connection')}`
  return `${plain(output)}: ${what}; ${counted(entries, 'entry', 'entries')} in all${leading}`
}

/** Gives the new tape's path. */
function refuse(path: string, { output, from, to, conn, symbol, kind }: Options): string {
  if (path === '-') {
    throw usage('-', 'a tape is cut in two passes', 'a file', path, 'save the tape first')
  }
  if (output === undefined) {
    throw usage('--output', 'where is the new tape to be?', 'a file', 'none', 'say -o NAME.tape.jsonl')
  }
  if (output === '-' || output.endsWith('.gz')) {
    throw usage('--output', 'a cut tape is written plain', 'NAME.tape.jsonl', output, 'gzip it afterwards')
  }
  if ([from, to, conn, symbol, kind].every(option => option === undefined)) {
    const next = 'say which slice; the whole tape can simply be copied'
    const expected = '--from, --to, --conn, --symbol, --kind or --failing'
    throw usage('cut', 'what is to stay?', expected, 'none of them', next)
  }
  return output
}

function windowOf(header: Header, options: Options): { from?: Micros; to?: Micros } {
  const from = options.from === undefined ? undefined : whenOption('--from', options.from, header)
  const to = options.to === undefined ? undefined : whenOption('--to', options.to, header)
  if (to !== undefined && to <= (from ?? 0)) {
    const found = `${durationText(Math.max(to, 0))} behind the tape’s start`
    const expected =
      from === undefined || from === 0 ? 'a time behind the tape’s start' : 'a time behind --from'
    throw usage('--to', 'the slice would be empty', expected, found, 'choose a later --to')
  }
  return { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) }
}

/** µs since the tape's start; before it is at it. */
function whenOption(option: string, text: string, { start }: Header): Micros {
  const since = microsFromDuration(text)
  if (since !== undefined) return since
  const at = epochMicrosFromIso(text)
  const startAt = epochMicrosFromIso(start)
  if (at === undefined || startAt === undefined) {
    const expected = `a time like ${start}, or a duration since the start like 1m30s`
    throw usage(option, 'not a time', expected, excerpt(text), 'write the offset too: Z or +01:00')
  }
  return option === '--from' ? Math.max(at - startAt, 0) : at - startAt
}

function connOption(text: string): number {
  const conn = Number(text)
  if (/^[1-9]\d*$/.test(text) && Number.isSafeInteger(conn)) return conn
  const next = 'feedtape inspect lists the connections'
  throw usage('--conn', 'not a connection', 'a whole number from 1', excerpt(text), next)
}

/** As it was asked for, in one order. */
function derivedText({ from, to, conn = [], symbol = [], kind = [] }: Options): string {
  const words = [
    ...(from === undefined ? [] : [`--from ${from}`]),
    ...(to === undefined ? [] : [`--to ${to}`]),
    ...conn.map(one => `--conn ${one}`),
    ...symbol.map(one => `--symbol ${one}`),
    ...kind.map(one => `--kind ${one}`),
  ]
  return `cut ${words.join(' ')}`
}

function usage(where: string, what: string, expected: string, found: string, next: string): FeedtapeError {
  return new FeedtapeError('usage', what, { where, expected, found, next })
}
