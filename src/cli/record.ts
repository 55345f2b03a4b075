import { systemClock } from '../model/clock.ts'
import { systemRandom } from '../model/random.ts'
import { systemTimers } from '../model/timers.ts'
import { recordSession } from '../record/index.ts'
import { cliConfigOf } from './cli-config.ts'
import type { CliCommand } from './command.ts'
import { type ExitCode, type Io, say, tell } from './io.ts'
import { recordExit } from './record-exit.ts'
import { describeRecording } from './record-flags.ts'
import { feedsHelp } from './record-help.ts'
import { feedNames } from './record-options.ts'
import { type RecordFlags, requestOf } from './record-request.ts'
import { listenForStop, openRecording, withCredentials } from './record-start.ts'
import { answerJson, answerText, createRecordView, summaryLines } from './record-view.ts'

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
    describeRecording(command, '--every')
      .option('--config-schema', 'print the JSON schema of the config file, for editors')
      .option('--json', 'the answer as JSON')
      .addHelpText('after', () => `\n${feedsHelp()}`)
      .action((feeds: string[], flags: RecordFlags) => start(io => run(io, feeds, flags)))
  },
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
  const recording = await openRecording(request, sources, flags.overwrite === true)
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
