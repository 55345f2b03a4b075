import { systemClock } from '../model/clock.ts'
import type { BookPlan } from '../pnl/index.ts'
import { cliConfigOf } from './cli-config.ts'
import { collect } from './collect.ts'
import type { CliCommand } from './command.ts'
import { tellFillsToCome } from './fills-to-come.ts'
import type { ExitCode, Io } from './io.ts'
import { refuseNoFills } from './nothing-held.ts'
import { describePnlOutput, describePnlRules, POSITIONS_MEANING } from './pnl-options.ts'
import { describeRecording } from './record-flags.ts'
import { feedsHelp } from './record-help.ts'
import { feedNames } from './record-options.ts'
import { type RecordFlags, type RecordRequest, requestOf } from './record-request.ts'
import { withCredentials } from './record-start.ts'
import { plansOf, type RuleOptions, rulesOf, type SourceOptions } from './replay-rules.ts'
import { durationOption } from './tapes.ts'
import { refuseOwnInput } from './watch-input.ts'
import { describePublishing, type PublishFlags, publishRequestOf } from './watch-publish.ts'
import { runWatch } from './watch-run.ts'

interface WatchFlags extends Omit<RecordFlags, 'every'>, RuleOptions, SourceOptions, PublishFlags {
  readonly pollEvery?: readonly string[]
  readonly every?: string
  readonly digest?: true
}

export const watchCommand: CliCommand = {
  name: 'watch',
  describe(command, start) {
    command
      .description(
        'Live P&L while the feeds are recorded: the engine of replay on each entry as it is put on the tape. ' +
          'Replaying that tape with the same options prints the same. On a terminal a table; elsewhere what replay prints.',
      )
      .argument('[feed...]', `any of: ${feedNames()}`)
      .requiredOption('--positions <source>', POSITIONS_MEANING, collect)
    describePnlOutput(describePnlRules(command))
    describePublishing(command)
    describeRecording(command, '--poll-every')
      .addHelpText('after', () => `\n${feedsHelp()}`)
      .action((feeds: string[], flags: WatchFlags) => start(io => watch(io, feeds, flags)))
  },
}

/** All that can be wrong with the words is found before anything is published, recorded or asked. */
async function watch(io: Io, names: readonly string[], flags: WatchFlags): Promise<ExitCode> {
  // Whoever reads our progress may leave: the recording goes on.
  io.stderr.on('error', () => {})
  const { every, pollEvery, ...rest } = flags
  const config = await cliConfigOf(flags.config)
  const recordFlags: RecordFlags = { ...rest, ...(pollEvery === undefined ? {} : { every: pollEvery }) }
  const request = requestOf(names, recordFlags, config, { command: 'watch', pace: '--poll-every' })
  const rules = { ...rulesOf(flags, config), config: config.instruments, settings: config.settings }
  const publish = publishRequestOf(flags)
  const plans = await plansOf(io, flags)
  refuseNoFills(plans)
  tellFillsToCome(io, plans, systemClock.now())
  await refuseOwnInput(request.output, inputsOf(plans, flags, request))
  return await runWatch(io, {
    request,
    sources: await withCredentials(io, request),
    overwrite: flags.overwrite === true,
    rules,
    plans,
    publish,
    isJson: flags.json === true,
    isDigested: flags.digest === true,
    every: every === undefined ? undefined : durationOption('--every', every),
  })
}

/** The files that a run is made of, each with the option that names it. */
function inputsOf(
  plans: readonly BookPlan[],
  { config, positions }: WatchFlags,
  { credentialsFile }: RecordRequest,
): readonly (readonly [string, string])[] {
  const files = positions.flatMap((source, index) => {
    const plan = plans[index]
    if (plan === undefined || !('from' in plan)) return [source]
    return plan.from === 'signals-file' ? [source.slice(source.indexOf(':') + 1)] : []
  })
  return [
    ...files.map(file => ['--positions', file] as const),
    ...(config === undefined ? [] : [['--config', config] as const]),
    ...(credentialsFile === undefined ? [] : [['--credentials', credentialsFile] as const]),
  ]
}
