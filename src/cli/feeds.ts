import { FEEDS, type Feed, feedNamed } from '../feeds/index.ts'
import { excerpt, FeedtapeError } from '../model/errors.ts'
import { tableLines } from '../report/table.ts'
import type { CliCommand } from './command.ts'
import { type ExitCode, type Io, say } from './io.ts'
import { feedLines } from './record-help.ts'

interface Options {
  readonly json?: true
}

export const feedsCommand: CliCommand = {
  name: 'feeds',
  describe(command, start) {
    command
      .description(
        'Lists the wires that are known; of one, with its options, its variables, every kind of message and what ' +
          'becomes of it, with the evidence.',
      )
      .argument('[feed]', 'all about this one')
      .option('--json', 'print it as JSON')
      .action((name: string | undefined, options: Options) => start(io => run(io, name, options)))
  },
}

async function run(io: Io, name: string | undefined, { json }: Options): Promise<ExitCode> {
  if (name === undefined) {
    await say(io, json === true ? JSON.stringify(FEEDS.map(summaryOf)) : overview().join('\n'))
    return 0
  }
  const feed = feedNamed(name)
  if (feed === undefined) {
    throw new FeedtapeError('usage', 'there is no such feed', {
      expected: `one of: ${FEEDS.map(one => one.name).join(', ')}`,
      found: excerpt(name),
    })
  }
  await say(io, json === true ? JSON.stringify({ ...summaryOf(feed), kinds: feed.kinds }) : details(feed))
  return 0
}

function overview(): readonly string[] {
  return tableLines([
    ['feed', 'over', 'what it is'],
    ...FEEDS.map(feed => [feed.name, feed.transport, feed.title]),
  ])
}

function details(feed: Feed): string {
  const kinds = feed.kinds.map(({ dir, disposition, kind, reason, seen }) => [
    dir,
    kind,
    disposition,
    reason ?? seen,
  ])
  return [
    ...feedLines(feed),
    ...(feed.url === '' ? [] : [`      ${feed.url}`]),
    '',
    ...tableLines([['dir', 'kind', 'disposition', 'why, or where it was seen'], ...kinds], { indent: 2 }),
  ].join('\n')
}

function summaryOf({ name, session, title, transport, url }: Feed) {
  const { credentials, needsSymbols = true, options = [] } = session
  return {
    name,
    title,
    transport,
    url,
    needsSymbols,
    options: options.map(({ meaning, name: option, value }) => ({ name: option, meaning, value })),
    variables: credentials.map(({ meaning, variable }) => ({ name: variable, meaning })),
  }
}
