import { expect, test } from 'vitest'
import { parseCliConfig } from '../../src/cli/config.ts'
import { FeedtapeError } from '../../src/model/errors.ts'

const SECRET = 'synthetic-secret-1234567890'

function refusalOf(record: unknown): FeedtapeError {
  try {
    parseCliConfig(JSON.stringify({ record }), 'my.json')
  } catch (thrown) {
    if (thrown instanceof FeedtapeError) return thrown
    throw thrown
  }
  throw new Error('it was not refused')
}

test.each([
  [{ credentials: { FEEDTAPE_TRADOVATE_TOKEN: SECRET } }, 'my.json record.credentials'],
  [{ for: SECRET }, 'my.json record.for'],
  [{ sources: [{ feed: SECRET }] }, 'my.json record.sources.0.feed'],
  [
    { sources: [{ feed: 'tradingview-scanner', symbols: ['A'], options: { market: SECRET } }] },
    'my.json record.sources.0.options.market',
  ],
  [
    { sources: [{ feed: 'trade-manager', url: `https://x/?token=${SECRET}` }] },
    'my.json record.sources.0.url',
  ],
])('what may be a credential in the wrong place is not repeated: %j', (record, where) => {
  const refusal = refusalOf(record)
  expect(refusal.where).toBe(where)
  expect(refusal.explain()).not.toContain(SECRET.slice(0, 8))
  expect(refusal.found).toBe('something that is not shown: it may hold a credential')
})

test('a slip is shown', () => {
  expect(refusalOf({ for: '10 min' }).found).toContain('10 min')
  expect(refusalOf({ frames: 0 }).found).toBe('"0"')
})
