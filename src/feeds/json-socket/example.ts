import type { Settings } from './settings.ts'

/** How the messages of our own venue are read (conversation.ts): what tests, docs and editors show of a mapping. */
export const EXAMPLE: Settings = {
  messages: [
    {
      where: { type: 'DATA' },
      name: 'data.ticker',
      fields: {
        bid: 'data.prices.bid',
        ask: 'data.prices.ask',
        last: 'data.prices.last',
        bidSize: 'data.sizes.bid',
        askSize: 'data.sizes.ask',
        lastSize: 'data.sizes.last',
        lastTime: { path: 'data.time', unit: 'ms' },
        volume: 'data.volume',
      },
      facts: { tickSize: 'data.tick.size', tickValue: 'data.tick.value', currency: 'data.currency' },
    },
    {
      where: { type: 'SNAPSHOT' },
      each: 'data.rows',
      name: 'data.rows.*.ticker',
      fields: {
        last: 'data.rows.*.last',
        open: 'data.rows.*.day.0',
        high: 'data.rows.*.day.1',
        low: 'data.rows.*.day.2',
      },
    },
  ],
}
