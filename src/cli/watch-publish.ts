import { isIP } from 'node:net'
import type { Command } from 'commander'
import { excerpt, FeedtapeError } from '../model/errors.ts'
import { type Micros, microsFromDuration } from '../model/time.ts'
import { collect } from './collect.ts'

export interface PublishFlags {
  readonly publish?: string
  readonly publishHost?: string
  readonly publishEvery: string
  readonly publishOrigin?: readonly string[]
}

export interface PublishRequest {
  readonly host: string
  readonly port: number
  readonly every: Micros | 'event'
  readonly origins: readonly string[]
}

export function describePublishing(command: Command): Command {
  return command
    .option(
      '--publish <[host:]port>',
      'the figures to clients of this machine by WebSocket; 0: any free port',
    )
    .option('--publish-host <host>', 'let others than this machine reach it, at this address of ours')
    .option(
      '--publish-every <duration>',
      'a message with what has changed so often, or with each event: event',
      '1s',
    )
    .option(
      '--publish-origin <origin>',
      'a page of this origin may listen, too: https://example.org; again for more',
      collect,
    )
}

/** Throws `usage`. */
export function publishRequestOf(flags: PublishFlags): PublishRequest | undefined {
  if (flags.publish === undefined) {
    const lonely = flags.publishHost !== undefined ? 'host' : flags.publishOrigin && 'origin'
    if (lonely === undefined) return undefined
    throw new FeedtapeError('usage', 'nothing is published', {
      where: `--publish-${lonely}`,
      expected: '--publish PORT beside it',
      next: 'add --publish 8787',
    })
  }
  return {
    ...addressOf(flags.publish, flags.publishHost),
    every: everyOf(flags.publishEvery),
    origins: (flags.publishOrigin ?? []).map(checkedOrigin),
  }
}

function addressOf(text: string, wider: string | undefined): Pick<PublishRequest, 'host' | 'port'> {
  if (wider !== undefined) checkHost(wider)
  const [, bracketed, plain, digits = ''] = /^(?:\[([^\]]+)\]:|([^:]+):)?(\d{1,5})$/.exec(text) ?? []
  const port = Number(digits)
  if (digits === '' || port > 65_535) {
    throw new FeedtapeError('usage', 'this is no port', {
      where: '--publish',
      expected:
        'a number up to 65535, with an address of this machine before it or without: 8787, [::1]:8787',
      found: excerpt(text),
    })
  }
  const named = bracketed ?? plain
  if (named !== undefined && wider !== undefined && named !== wider) throw twoHosts(named, wider)
  const host = named ?? wider ?? '127.0.0.1'
  if (isLoopback(host) || host === wider) return { host, port }
  throw new FeedtapeError('usage', 'others than this machine could read the figures there', {
    where: '--publish',
    expected: 'an address that only this machine reaches: 127.0.0.1, [::1], localhost',
    found: excerpt(host),
    next: `say --publish-host ${host} if you mean it: whoever reaches it can read your P&L`,
  })
}

/** Of an address that is no host, such as an empty one, Node makes all addresses of this machine. */
function checkHost(host: string): void {
  if (isIP(host) !== 0 || HOST_NAME.test(host)) return
  throw new FeedtapeError('usage', 'this is no address of this machine', {
    where: '--publish-host',
    expected: 'an IP address or a host name, without a port: 192.168.1.5, ::, desk.example',
    found: excerpt(host),
    next:
      host.trim() === ''
        ? 'leave it out: 127.0.0.1 is for this machine only; is a variable of the shell unset?'
        : 'write the address alone; its port is --publish',
  })
}

/** Labels of letters, digits and hyphens; the last has a letter, so that 1.2.3 is no name. */
const HOST_NAME =
  /^(?=.{1,253}$)(?:[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?\.)*(?=[\d-]*[a-z])[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?$/i

function twoHosts(named: string, wider: string): FeedtapeError {
  return new FeedtapeError('usage', 'two addresses to publish at', {
    where: '--publish',
    expected: 'the address once: before the port, or in --publish-host',
    found: `${named} and --publish-host ${wider}`,
    next: 'leave one of them out: --publish-host lets others than this machine read your P&L',
  })
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
}

const FASTEST: Micros = 50_000

function everyOf(text: string): Micros | 'event' {
  if (text === 'event') return text
  const every = microsFromDuration(text)
  if (every !== undefined && every >= FASTEST) return every
  throw new FeedtapeError('usage', 'not so often', {
    where: '--publish-every',
    expected: 'event, or a duration from 50ms',
    found: excerpt(text),
  })
}

function checkedOrigin(text: string): string {
  const origin = text.toLowerCase()
  if (origin === 'null' || URL.parse(origin)?.origin === origin) return origin
  throw new FeedtapeError('usage', 'this is no origin', {
    where: '--publish-origin',
    expected: 'what a browser sends: https://example.org, without a path; or null',
    found: excerpt(text),
  })
}
