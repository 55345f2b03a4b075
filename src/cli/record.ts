import { type Command, Option } from 'commander'
import { FEEDS } from '../feeds/index.ts'
import { systemClock } from '../model/clock.ts'
import { FeedtapeError } from '../model/errors.ts'
import { systemRandom } from '../model/random.ts'
import type { Micros } from '../model/time.ts'
import { pause, systemTimers } from '../model/timers.ts'
import { isWhole, Recording, type RecordSummary, readCredentials, recordWebSocket } from '../record/index.ts'
import type { CliCommand } from './command.ts'
import { type ExitCode, type Io, say, tell } from './io.ts'
import {
  addSymbols,
  checkedFeed,
  checkedLimits,
  checkedRotation,
  checkedSymbols,
  checkedUrl,
  defaultPath,
  feedNames,
} from './record-options.ts'
import { createStop } from './record-stop.ts'
import { answerJson, answerText, createRecordView, summaryLines } from './record-view.ts'
import { packageVersion } from './version.ts'

interface RecordFlags {
  readonly symbol?: readonly string[]
  readonly for?: string
  readonly frames?: string
  readonly url?: string
  readonly authUrl?: string
  readonly output?: string
  readonly credentials?: string
  readonly overwrite?: true
  readonly fsync?: true
  readonly rotateSize?: string
  readonly rotateEvery?: string
  readonly forcePermission?: true
  readonly json?: true
}

/** What people try, and what must not stand in a shell's history: taken in order to be refused without an echo. */
const NEVER_ARGUMENTS = ['token', 'cookie', 'sessionid', 'sessionid-sign', 'auth-token', 'password']

export const recordCommand: CliCommand = {
  name: 'record',
  describe(command, start) {
    command
      .description(
        'Records a live session to a tape: every frame as it came, through reconnects, until Ctrl-C or a limit. ' +
          'Endpoints may be unofficial: record your own session, at a polite rate.',
      )
      .argument('<feed>', `one of: ${feedNames()}`)
      .option('--symbol <names>', 'what to subscribe to; again, or with commas, for more', addSymbols)
      .option('--for <duration>', 'end after so long: 90s, 10m, 1h30m')
      .option('--frames <count>', 'end after so many incoming frames')
      .option('--url <url>', 'connect here instead of the feed’s own address')
      .option(
        '-o, --output <file>',
        'the tape, as gzip if it ends in .gz; otherwise recordings/<feed>-<UTC time>.tape.jsonl',
      )
      .option('--rotate-size <size>', 'go on in NAME.part2.tape.jsonl and so on at this size of lines: 100MB')
      .option('--rotate-every <duration>', 'go on in the next part after so long: 1h')
      .option('--fsync', 'have the data on the disk itself every 100 ms, against a loss of power')
      .option('--credentials <file>', 'NAME=value lines with the variables below')
      .option('--overwrite', 'replace the file if it is there; needed for a pipe (mkfifo), too')
      .option('--force-permission', 'ask with the flag of that name; the venue refuses it since 2024')
      .option('--json', 'the answer as JSON')
      .addOption(new Option('--auth-url <url>', 'exchange the cookie here').hideHelp())
      .addHelpText('after', `\n${credentialHelp()}`)
      .action((feed: string, flags: RecordFlags) => start(io => run(io, feed, flags)))
    refuseCredentials(command)
  },
}

function refuseCredentials(command: Command): void {
  const refuse = (): never => {
    throw new FeedtapeError('usage', 'a credential is never given as an argument', {
      expected: FEEDS.flatMap(feed => feed.session.credentials.map(spec => spec.variable)).join(', '),
      next: 'set the variable in the environment, or name a file with --credentials',
    })
  }
  for (const name of NEVER_ARGUMENTS) {
    command.addOption(new Option(`--${name} [value]`).hideHelp().argParser(refuse).preset(''))
  }
}

async function run(io: Io, feedName: string, flags: RecordFlags): Promise<ExitCode> {
  // Whoever reads our progress may leave: the recording goes on.
  io.stderr.on('error', () => {})
  const feed = checkedFeed(feedName)
  const symbols = checkedSymbols(feed, flags.symbol ?? [])
  const limits = checkedLimits(flags)
  const rotate = checkedRotation(flags)
  const url = checkedUrl('--url', flags.url, /^wss?:$/)
  const exchangeUrl = checkedUrl('--auth-url', flags.authUrl, /^https?:$/)
  const given = await readCredentials(feed.session.credentials, io.env, flags.credentials)
  for (const warning of given.warnings) tell(io, `warning: ${warning}`)
  const path = flags.output ?? defaultPath(feed, systemClock)
  const clock = systemClock
  const recording = await Recording.create({
    path,
    feed,
    clock,
    random: systemRandom,
    version: packageVersion(),
    overwrite: flags.overwrite === true,
    fsync: flags.fsync === true,
    timers: systemTimers,
    ...(rotate === undefined ? {} : { rotate }),
  })
  const view = createRecordView(io)
  const stopping = listenForStop(recording, text => view.note(text))
  const summary = await recordWebSocket({
    recording,
    symbols,
    credentials: given.credentials,
    ...(url === undefined ? {} : { url }),
    ...(exchangeUrl === undefined ? {} : { exchangeUrl }),
    flags: new Set(flags.forcePermission === true ? ['force-permission'] : []),
    clock,
    timers: systemTimers,
    random: systemRandom,
    limits,
    signal: stopping.signal,
    onProgress: progress => view.show(progress),
  }).finally(() => stopping.done())
  view.end()
  for (const line of summaryLines(summary)) tell(io, line)
  await say(io, flags.json === true ? answerJson(recording, summary) : answerText(recording, summary))
  return exitCodeFor(io, recording, summary)
}

function exitCodeFor(io: Io, recording: Recording, summary: RecordSummary): ExitCode {
  const { ending, connections, standing } = summary
  const where = recording.path
  if (ending.kind === 'broken') throw ending.error
  if (summary.isGone) {
    const next = 'record again; nothing that was recorded since can be read'
    throw new FeedtapeError('file-unwritable', 'the tape was deleted while it was recorded', { where, next })
  }
  if (ending.kind === 'refused') {
    const refusal = new FeedtapeError('no-session', ending.reason, { where, next: ending.next })
    if (standing === undefined) throw refusal
    tell(io, `feedtape: ${refusal.explain()}`)
    return 3
  }
  if (connections === 0) {
    const next = 'check the address and the network; what was tried is on the tape'
    throw new FeedtapeError('no-session', 'no connection came about', { where, next })
  }
  if (isWhole(summary)) return 0
  tell(io, 'feedtape: the figures of socket, tape and seal differ: something was lost')
  tell(
    io,
    `  expected  ${summary.framesReceived} frames on the tape, ${summary.entries} entries written and sealed`,
  )
  tell(
    io,
    `  found     ${summary.framesRecorded} frames, ${summary.written} written, ${summary.sealed ?? 'none'} sealed`,
  )
  return 3
}

interface Stopping {
  readonly signal: AbortSignal
  done(): void
}

const LAST_CHANCE: Micros = 100_000

/** Once: end in order. Twice: now. */
function listenForStop(recording: Recording, note: (text: string) => void): Stopping {
  const controller = new AbortController()
  const leave = (): never => process.exit(3)
  const stop = createStop({
    clock: systemClock,
    onFirst() {
      note('ending: closing the socket, sealing the tape (once more to leave at once, without a seal)')
      controller.abort()
    },
    onSecond() {
      // What was received is written if the disk takes it now; it stays, without a seal.
      void Promise.race([recording.flush(), pause(systemTimers, LAST_CHANCE)]).then(leave)
    },
  })
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const name of signals) process.on(name, stop)
  return {
    signal: controller.signal,
    done() {
      for (const name of signals) process.off(name, stop)
    },
  }
}

function credentialHelp(): string {
  const lines = FEEDS.flatMap(feed =>
    feed.session.credentials.map(spec => `  ${spec.variable}\n      ${spec.meaning}`),
  )
  return ['Without a credential you are a guest. In the environment, never as an argument:', ...lines].join(
    '\n',
  )
}
