import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { conversation } from '../../../src/feeds/trade-manager/conversation.ts'
import { recognise } from '../../../src/feeds/trade-manager/recognise.ts'
import { secrets } from '../../../src/feeds/trade-manager/secrets.ts'
import { session } from '../../../src/feeds/trade-manager/session.ts'
import { observationToJson } from '../../../src/model/observation.ts'
import { seededRandom } from '../../../src/model/random.ts'
import { OPEN_LINE, read } from './wire.ts'

/** JSON that no venue should send, at the places where ours looks. */
const scalar = fc.oneof(
  fc.constantFrom(
    ...[
      'null',
      'true',
      '""',
      '0',
      '-0.0',
      '1e999',
      '-1e999',
      '1e+100',
      '1e-400',
      '5e-324',
      '2647.1000000000004',
    ],
    ...[
      '9007199254740993',
      '123456789012345678901234567890.5',
      '"1e400"',
      '"-"',
      '"6856.50"',
      '"BUY"',
      '"Refresh"',
    ],
    ...[
      '"\\ud800"',
      '"__proto__"',
      '{"__proto__":{"bid":1}}',
      '{"toString":1}',
      '[[[[[]]]]]',
      '"[RECORDER]"',
    ],
    `${'['.repeat(20_000)}${']'.repeat(20_000)}`,
    JSON.stringify(OPEN_LINE),
  ),
  fc.jsonValue().map(value => JSON.stringify(value)),
)
const TYPES = [
  'DATA',
  'LOGS',
  'TRADES',
  'ERROR',
  'AUTH',
  'AUTHID',
  'ACCSETUP',
  'ACCSETUP_COMPLETE',
  'PING',
  'X',
]
const KEYS = [
  'ticker',
  'prices',
  'tickinfo',
  'bid',
  'ask',
  'step',
  'amnt',
  'id',
  'Direction',
  'Running_Pos',
  'Ticker',
]
const MORE_KEYS = [
  'Open_Price',
  'Drawdown',
  'Closed_Time',
  'Profit',
  'Account',
  'action',
  'data',
  'type',
  '__proto__',
]

const object = (value: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc
    .array(fc.tuple(fc.constantFrom(...KEYS, ...MORE_KEYS), value), { maxLength: 8 })
    .map(members => `{${members.map(([key, json]) => `"${key}":${json}`).join(',')}}`)
const inner = fc.oneof(scalar, object(scalar))
const body = fc.oneof(
  object(inner),
  fc.array(object(inner), { maxLength: 4 }).map(rows => `[${rows.join(',')}]`),
  scalar,
)
const message = fc
  .tuple(fc.constantFrom(...TYPES), body, object(scalar))
  .map(([type, data, more]) => `{"type":"${type}","data":${data},${more.slice(1, -1) || '"x":1'}}`)

describe('hostile messages', () => {
  test('are accounted for, throw nothing, and give the same with their own fields kept', () => {
    fc.assert(
      fc.property(message, fc.constantFrom('in' as const, 'out' as const), (text, dir) => {
        const { packet, observations } = read(text, { dir })
        expect(packet).toMatchObject({ dir, index: 0, payload: text.length, framing: 0, stray: 0 })
        for (const observation of observations) JSON.stringify(observationToJson(observation))
        const kept = read(text, { dir, keepWire: true }).observations
        const said = kept.filter(one => one.kind !== 'quote' || Object.keys(one.fields).length > 0)
        if (read(text, { dir, keepWire: true }).packet.disposition === packet.disposition) {
          expect(said.map(observationToJson)).toEqual(observations.map(observationToJson))
        }
      }),
      { numRuns: 1500 },
    )
  })

  test('are taken by the client, the venue, the search for secrets and the sniffer', () => {
    const venue = conversation.start({
      market: { quote: () => undefined, facts: () => undefined },
      random: seededRandom(1),
      now: () => 0,
    })
    const client = session.start({ symbols: [], credentials: {}, random: seededRandom(1) })
    fc.assert(
      fc.property(message, text => {
        client.received(text)
        venue.received('{"type":"AUTH","user":"a","token":"b"}')
        venue.received(text)
        expect(conversation.meanings(text)).toHaveLength(1)
        recognise(text)
        secrets.find({ kind: 'frame', at: 0, conn: 1, dir: 'in', op: 'text', text })
      }),
      { numRuns: 1000 },
    )
  })

  test.each([
    ['line feeds', '\\n'.repeat(1_000_000)],
    ['emoji', '📊'.repeat(500_000)],
    ['tags', '[RECORDER]'.repeat(20_000)],
    ['stars and blanks', '** '.repeat(300_000)],
    ['lines of blanks', `${' '.repeat(990)}x\\n`.repeat(500)],
    ['lines of numbers', `${'1.'.repeat(495)}\\n`.repeat(500)],
    ['lines of labels', `${'Strategy: '.repeat(95)}\\n`.repeat(300)],
  ])(
    'of nothing but %s are read in bounded time',
    (_, data) => {
      const { packet } = read(`{"type":"LOGS","data":"${data}"}`)
      expect(packet.disposition).toBe('read')
    },
    5_000,
  )
})
