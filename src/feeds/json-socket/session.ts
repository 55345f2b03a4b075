import { FeedtapeError } from '../../model/errors.ts'
import type { ClientSession, OptionSpec, SessionOptions, SessionPlan, SessionStep } from '../feed.ts'
import { findForeignSecrets } from '../foreign-secrets.ts'

const OPTIONS: readonly OptionSpec[] = [
  {
    name: 'hello',
    meaning: 'a message that is sent as soon as the socket is open; never one with a credential',
    value: '',
    refuse: refuseSecret,
  },
  {
    name: 'subscribe',
    meaning:
      'the message that asks for a symbol, with {symbol} where it stands: {"op":"sub","id":"{symbol}"}',
    value: '',
    refuse: template =>
      template === '' || template.includes('{symbol}')
        ? refuseSecret(template)
        : 'there is no {symbol} in it',
  },
]

/** How often this venue speaks is not known; a socket that says nothing for so long is taken for dead. */
const SILENCE = 300_000_000

/** No credentials: which login a venue wants cannot be known, and what a browser did can be imported. */
export const session: SessionPlan = {
  credentials: [],
  options: OPTIONS,
  needsSymbols: false,
  start: startSession,
}

function refuseSecret(text: string): string | undefined {
  const found = findForeignSecrets({ kind: 'frame', at: 0, conn: 1, dir: 'out', op: 'text', text })
  if (found.length === 0) return undefined
  return (
    'it looks as if it held a credential: a command line keeps none. Log in in a browser, export a HAR and use ' +
    '`feedtape import`'
  )
}

function startSession({ symbols, url, options }: SessionOptions): ClientSession {
  if (url === undefined || url === '') {
    throw new FeedtapeError('usage', 'json-socket is any venue’s: nobody knows where', {
      where: 'json-socket',
      expected: 'the address of the socket',
      next: 'say it: --url wss://…',
    })
  }
  const hello = options?.['hello'] ?? ''
  const template = options?.['subscribe'] ?? ''
  let isIn = false
  return {
    url,
    headers: {},
    standing: 'guest',
    silence: SILENCE,
    opened: () => [
      ...(hello === '' ? [] : [{ kind: 'send', text: hello } as const]),
      ...(template === '' ? noteOf(symbols) : symbols.map(symbol => asking(template, symbol))),
    ],
    received() {
      if (isIn) return []
      isIn = true
      return [{ kind: 'accepted' }]
    },
  }
}

/** As a piece of a JSON string, whatever is in the name. */
function asking(template: string, symbol: string): SessionStep {
  const name = JSON.stringify(symbol).slice(1, -1)
  return { kind: 'send', text: template.replaceAll('{symbol}', () => name) }
}

function noteOf(symbols: readonly string[]): readonly SessionStep[] {
  if (symbols.length === 0) return []
  const text = `nothing says how to ask for ${symbols.join(', ')}: give --option subscribe=… with {symbol} in it`
  return [{ kind: 'note', text }]
}
