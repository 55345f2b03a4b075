import { type Command, Option } from 'commander'
import { FEEDS } from '../feeds/index.ts'
import { systemClock } from '../model/clock.ts'
import { FeedtapeError } from '../model/errors.ts'
import { systemRandom } from '../model/random.ts'
import type { Micros } from '../model/time.ts'
import { pause, systemTimers } from '../model/timers.ts'
import {
  checkCredentials,
  Recording,
  readCredentials,
  recordSession,
  type SourceOptions,
} from '../record/index.ts'
import { cliConfigOf } from './cli-config.ts'
import { collect } from './collect.ts'
import type { CliCommand } from './command.ts'
import { type ExitCode, type Io, say, tell } from './io.ts'
import { recordExit } from './record-exit.ts'
import { feedsHelp } from './record-help.ts'
import { defaultPath, feedNames } from './record-options.ts'
import { type RecordFlags, type RecordRequest, requestOf } from './record-request.ts'
import { createStop } from './record-stop.ts'
import { answerJson, answerText, createRecordView, summaryLines } from './record-view.ts'
import { packageVersion } from './version.ts'

/** What people try, and what must not stand in a shell's history: taken in order to be refused without an echo. */
const NEVER_ARGUMENTS = ['token', 'cookie', 'sessionid', 'sessionid-sign', 'auth-token', 'password', 'secret']

export const recordCommand: CliCommand = {
  name: 'record',
  describe(command, start) {
    command
      .description(
        'Records live sessions to a tape: every frame and answer as it came, through reconnects, until Ctrl-C or a ' +
          'limit. Several feeds share one tape and one clock; none of them stops another. Endpoints may be ' +
          'unofficial: record your own session, at a polite rate.',
      )
      .argument('[feed...]', `any of: ${feedNames()}`)
      .option(
        '--symbol <names>',
        '[FEED=]NAMES: what to subscribe to; again, or with commas, for more',
        collect,
      )
      .option('--every <duration>', '[FEED=]1s: how often a polled feed is asked', collect)
      .option(
        '--option <choice>',
        '[FEED:]NAME=VALUE: a choice of the feed’s own, see below; again for more',
        collect,
      )
      .option('--url <url>', '[FEED=]URL: connect here instead of the feed’s own address', collect)
      .option('--config <file>', 'JSON: sources, limits, what feeds are taught, instruments; flags win')
      .option('--config-schema', 'print the JSON schema of that file, for editors')
      .option('--for <duration>', 'end after so long: 90s, 10m, 1h30m')
      .option('--frames <count>', 'end after so many incoming frames and answers')
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
      .addOption(new Option('--auth-url <url>', '[FEED=]URL: sign in here').argParser(collect).hideHelp())
      .addHelpText('after', () => `\n${feedsHelp()}`)
      .action((feeds: string[], flags: RecordFlags) => start(io => run(io, feeds, flags)))
    refuseCredentials(command)
  },
}

function refuseCredentials(command: Command): void {
  const refuse = (): never => {
    throw new FeedtapeError('usage', 'a credential is never given as an argument', {
      expected: [...new Set(FEEDS.flatMap(feed => feed.session.credentials.map(spec => spec.variable)))].join(
        ', ',
      ),
      next: 'set the variable in the environment, or name a file with --credentials',
    })
  }
  for (const name of NEVER_ARGUMENTS) {
    command.addOption(new Option(`--${name} [value]`).hideHelp().argParser(refuse).preset(''))
  }
}

async function run(io: Io, names: readonly string[], flags: RecordFlags): Promise<ExitCode> {
  // Whoever reads our progress may leave: the recording goes on.
  io.stderr.on('error', () => {})
  if (flags.configSchema === true) {
    const { configSchemaText } = await import('./config.ts')
    await say(io, configSchemaText().trimEnd())
    return 0
  }
  const request = requestOf(names, flags, await cliConfigOf(flags.config))
  const sources = await withCredentials(io, request)
  const recording = await Recording.create({
    path:
      request.output ??
      defaultPath(
        sources.map(source => source.feed),
        systemClock,
      ),
    feeds: sources.map(source => source.feed),
    clock: systemClock,
    random: systemRandom,
    version: packageVersion(),
    overwrite: flags.overwrite === true,
    fsync: request.fsync,
    timers: systemTimers,
    ...(request.rotate === undefined ? {} : { rotate: request.rotate }),
  })
  const view = createRecordView(io)
  const stopping = listenForStop(recording, text => view.note(text))
  const summary = await recordSession({
    recording,
    sources,
    clock: systemClock,
    timers: systemTimers,
    random: systemRandom,
    limits: request.limits,
    signal: stopping.signal,
    onProgress: progress => view.show(progress),
  }).finally(() => stopping.done())
  view.end()
  for (const line of summaryLines(summary)) tell(io, line)
  await say(io, flags.json === true ? answerJson(recording, summary) : answerText(recording, summary))
  return recordExit(io, recording, summary)
}

/** Throws `bad-config` where they are not enough, before there is a tape. */
async function withCredentials(
  io: Io,
  { credentialsFile, sources }: RecordRequest,
): Promise<readonly SourceOptions[]> {
  const feeds = sources.map(source => source.feed)
  const given = await readCredentials(feeds, io.env, credentialsFile)
  for (const warning of given.warnings) tell(io, `warning: ${warning}`)
  return sources.map(source => {
    const complete = { ...source, credentials: given.credentials.get(source.feed.name) ?? {} }
    checkCredentials(complete)
    return complete
  })
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
      note('ending: closing the connections, sealing the tape (once more to leave at once, without a seal)')
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
