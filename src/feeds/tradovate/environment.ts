import type { ChosenOptions, OptionSpec } from '../feed.ts'

export type Environment = 'demo' | 'live'

/** Market data has one address for both; what differs is where a login is asked for, and the user's socket. */
export const ENVIRONMENT: OptionSpec = {
  name: 'environment',
  meaning: 'demo or live: which of the two a login, its renewal and the user socket are asked at',
  value: 'demo',
  refuse: value => (value === 'demo' || value === 'live' ? undefined : 'environment is demo or live'),
}

export function environmentOf(options: ChosenOptions | undefined): Environment {
  return options?.['environment'] === 'live' ? 'live' : 'demo'
}

/** Without an end slash: `https://demo.tradovateapi.com/v1`. */
export function restUrl(environment: Environment): string {
  return `https://${environment}.tradovateapi.com/v1`
}

/** Any of its hosts, and a venue on this machine; the user's socket and the market data one have the same path. */
export function isTradovateSocket(url: string, isHost: (label: string) => boolean): boolean {
  const parsed = URL.parse(url)
  if (parsed === null || !/^wss?:$/.test(parsed.protocol) || parsed.pathname !== '/v1/websocket') return false
  const [, label = ''] = /^([a-z0-9-]+)\.tradovateapi\.com$/.exec(parsed.hostname) ?? []
  return label !== '' && isHost(label)
}
