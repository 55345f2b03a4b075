import type { Observation } from '../../model/observation.ts'
import type { Encode } from '../feed.ts'
import { frameOf } from '../tradovate/framing.ts'
import { idOfName } from './write-number.ts'
import { barText, depthText, factsEntities, tickText } from './write-others.ts'
import { quoteText, UNSAID } from './write-quote.ts'

/** The inverse of decode for everything that this wire can say: decode(encode(x)) is x. */
export const encode: Encode = {
  frame: frameOf,
  message(observations) {
    const items: string[] = []
    const facts = observations.filter(({ kind }) => kind === 'instrument')
    // A reader adds what it hears of a contract to what it has heard: a second time is not the same again.
    if (new Set(facts.map(({ name }) => name)).size < facts.length) return undefined
    for (const observation of observations) {
      const said = observation.session === '' ? itemsFor(observation) : undefined
      if (said === undefined) return undefined
      items.push(...said)
    }
    return items.length === 0 ? undefined : frameOf(items)
  },
  cannot: {
    ...UNSAID,
    'quote with a field that is null':
      'an entry is there or it is not; only EmptyBook empties, both sides at once',
    'quote bidTime, askTime': 'one timestamp for the whole quote: not two, and none without its side',
    'any name': 'quotes, books and facts are named by a contract’s id, charts by their own',
    'any session': 'this wire has none',
    'any decimal': 'not 10^100, and no non-integer of more than 15 significant digits (binary noise)',
    'bar interval, volume, current, previous':
      'the interval stands in the request; volumes come in two halves, twice',
    'trade in a quote': 'a repeated Trade is no trade: only a tick chart has them, in whole milliseconds',
    'instrument currency, exchange': 'a product names its currency by an id, which another answer names',
    'instrument of one name twice': 'a reader adds what comes later to what it has',
    'instrument in part': 'a maturity needs its expiry, and a product its root, point value and tick size',
    'account, signal': 'not on this socket',
  },
}

function itemsFor(observation: Observation): readonly string[] | undefined {
  switch (observation.kind) {
    case 'quote': {
      const id = idOfName(observation.name)
      return id === undefined ? undefined : within('md', 'quotes', quoteText(id, observation.fields))
    }
    case 'depth':
      return within('md', 'doms', depthText(observation))
    case 'bar':
      return within('chart', 'charts', barText(observation))
    case 'trade':
      return within('chart', 'charts', tickText(observation))
    case 'instrument':
      return factsEntities(observation)?.map(entity => `{"s":200,"i":0,"d":${entity}}`)
    default:
      return undefined
  }
}

function within(event: string, list: string, text: string | undefined): readonly string[] | undefined {
  return text === undefined ? undefined : [`{"e":"${event}","d":{"${list}":[${text}]}}`]
}
