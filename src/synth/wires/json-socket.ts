import { createEncode, jsonSocket } from '../../feeds/json-socket/index.ts'
import { QUOTE_FIELDS, type QuoteField, type QuoteFields } from '../../model/quote.ts'
import type { Random } from '../../model/random.ts'
import { oneOf } from '../seeds.ts'
import { talk } from '../socket-talk.ts'
import { tickOf } from '../truth-markets.ts'
import type { Scene, Wire } from '../wire.ts'

const UNITS = { ms: 1_000, us: 1, iso: 1 } as const
type Unit = keyof typeof UNITS

/** The messages of this made-up venue: which fields stand in which. */
const MESSAGES: Readonly<Record<string, readonly QuoteField[]>> = {
  BOOK: ['bid', 'bidSize', 'bidTime', 'ask', 'askSize', 'askTime'],
  TRADE: ['last', 'lastSize', 'lastTime', 'volume'],
  DAY: ['open', 'high', 'low', 'previousClose', 'change', 'changePercent', 'openTime'],
}
const FIELDS = Object.values(MESSAGES).flat()
const URL_OF_VENUE = 'wss://venue.example/socket'

/** A venue that only its mapping explains: three kinds of messages, times in a unit that the seed chooses. */
export const jsonSocketWire: Wire = {
  feed: jsonSocket,
  declare({ markets }, random) {
    const unit = unitFor(random)
    const settings = mappingFor(unit)
    const cut = UNITS[unit]
    return {
      carried: markets.map(({ facts, key, product, ticker }) => {
        const listed = { ...facts, tickSize: tickOf({ product }) }
        return { market: key, name: ticker, fields: FIELDS, facts: listed }
      }),
      cannot: {
        ...createEncode(settings).cannot,
        'the contract behind a continuous symbol': 'this venue’s messages do not name it',
      },
      hasSnapshot: true,
      precision: cut === 1 ? {} : Object.fromEntries(TIMES.map(name => [name, cut])),
      plants: ['wrong-price', 'lost-update', 'wrong-multiplier', 'swapped-sides', 'late', 'stale'],
      settings,
    }
  },
  render(scene) {
    const voice = createVoice(scene)
    talk(scene, {
      feed: jsonSocket,
      symbols: scene.view.names,
      credentials: {},
      url: URL_OF_VENUE,
      options: { subscribe: '{"type":"SUBSCRIBE","symbol":"{symbol}"}' },
      answers: text => voice.subscribed(text),
      says: ({ fields, name }) => voice.quotes(name, fields),
    })
  },
}

const TIMES = FIELDS.filter(name => QUOTE_FIELDS[name].type === 'time')

function unitFor(random: Random): Unit {
  return oneOf(random, ['ms', 'us', 'iso'] as const)
}

/** `{"type":"BOOK","data":{"symbol":"MNQ1!","bid":25600.25,…}}` */
function mappingFor(unit: Unit) {
  const place = (name: QuoteField) => {
    const path = `data.${name}`
    return QUOTE_FIELDS[name].type === 'time' ? { path, unit } : path
  }
  return {
    messages: [
      ...Object.entries(MESSAGES).map(([type, names]) => ({
        where: { type },
        name: 'data.symbol',
        fields: Object.fromEntries(names.map(name => [name, place(name)])),
      })),
      {
        where: { type: 'LISTED' },
        name: 'data.symbol',
        facts: { pointValue: 'data.multiplier', tickSize: 'data.tick', currency: 'data.currency' },
      },
    ],
  }
}

function createVoice({ declares, view }: Scene) {
  const encode = createEncode(declares.settings)
  const cut = (name: QuoteField, value: QuoteFields[QuoteField]) => {
    const unit = declares.precision[name]
    return typeof value === 'number' && unit !== undefined ? value - (value % unit) : value
  }

  function quotes(name: string, fields: QuoteFields): readonly string[] {
    return Object.values(MESSAGES).flatMap(names => {
      const own = names
        .filter(field => fields[field] !== undefined)
        .map(field => [field, cut(field, fields[field])])
      if (own.length === 0) return []
      return encode.message([{ kind: 'quote', session: '', name, fields: Object.fromEntries(own) }]) ?? []
    })
  }

  function subscribed(text: string): readonly string[] {
    const name = /"symbol":"([^"]+)"/.exec(text)?.[1] ?? ''
    const { currency, pointValue, tickSize } = view.facts(name) ?? {}
    if (pointValue === undefined || currency === undefined || tickSize === undefined) return []
    const listed = encode.message([{ kind: 'instrument', session: '', name, pointValue, tickSize, currency }])
    return [...(listed === undefined ? [] : [listed]), ...quotes(name, view.quote(name) ?? {})]
  }

  return { quotes, subscribed }
}
