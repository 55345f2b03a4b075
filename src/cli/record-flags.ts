import { type Command, Option } from 'commander'
import { FEEDS } from '../feeds/index.ts'
import { FeedtapeError } from '../model/errors.ts'
import { collect } from './collect.ts'

/** What people try, and what must not stand in a shell's history: taken in order to be refused without an echo. */
const NEVER_ARGUMENTS = ['token', 'cookie', 'sessionid', 'sessionid-sign', 'auth-token', 'password', 'secret']

/** What to record and where to: the same words for every command that makes a tape of live feeds. */
export function describeRecording(command: Command, paceFlag: '--every' | '--poll-every'): Command {
  command
    .option(
      '--symbol <names>',
      '[FEED=]NAMES: what to subscribe to; again, or with commas, for more',
      collect,
    )
    .option(`${paceFlag} <duration>`, '[FEED=]1s: how often a polled feed is asked', collect)
    .option(
      '--option <choice>',
      '[FEED:]NAME=VALUE: a choice of the feed’s own, see below; again for more',
      collect,
    )
    .option('--url <url>', '[FEED=]URL: connect here instead of the feed’s own address', collect)
    .option('--config <file>', 'JSON: sources, limits, what feeds are taught, instruments; flags win')
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
    .option(
      '--overwrite',
      'replace the file and the parts of its name, if there; needed for a pipe (mkfifo), too',
    )
    .option('--force-permission', 'ask with the flag of that name; the venue refuses it since 2024')
    .addOption(new Option('--auth-url <url>', '[FEED=]URL: sign in here').argParser(collect).hideHelp())
  refuseCredentials(command)
  return command
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
