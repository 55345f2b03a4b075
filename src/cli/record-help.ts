import { FEEDS, type Feed } from '../feeds/index.ts'
import { durationText } from '../model/time.ts'

/** Each feed with what can be chosen and which variables it reads. */
export function feedsHelp(feeds: readonly Feed[] = FEEDS): string {
  return ['Feeds:', ...feeds.flatMap(feedLines), '', ...CREDENTIALS].join('\n')
}

const CREDENTIALS = [
  'Without a credential you are a guest, where the feed has guests. Credentials stand in the environment or in',
  'the file of --credentials, with the names above; never in an argument, and never in the config.',
]

export function feedLines(feed: Feed): readonly string[] {
  const { credentials, needsSymbols = true, options = [] } = feed.session
  const pace =
    feed.transport === 'http'
      ? `; asked every ${durationText(feed.session.pace)}, at most every ${durationText(feed.session.fastest)}`
      : ''
  return [
    `  ${feed.name}`,
    `      ${feed.title}${pace}${needsSymbols ? '' : '; needs no symbols'}`,
    ...(feed.url === '' ? ['      --url is needed: it has no address of its own'] : []),
    ...options.flatMap(({ meaning, name, value }) => [
      `      --option ${name}=VALUE`,
      `          ${meaning}${value === '' ? '' : ` (${value})`}`,
    ]),
    ...credentials.flatMap(({ meaning, variable }) => [`      ${variable}`, `          ${meaning}`]),
  ]
}
