import { describe, expect, test } from 'vitest'
import type { Conversation } from '../../../src/feeds/feed.ts'
import { conversation } from '../../../src/feeds/tradingview-socket/conversation.ts'
import { createDecoder } from '../../../src/feeds/tradingview-socket/decode.ts'
import { frameMessage, payloadsOf } from '../../../src/feeds/tradingview-socket/framing.ts'
import { session } from '../../../src/feeds/tradingview-socket/session.ts'
import { seededRandom } from '../../../src/model/random.ts'
import { createSyntheticMarket, type SyntheticMarket } from '../../../src/synth/market.ts'

const AT = 1_767_623_400_123_456
const NQ = 'CME_MINI:NQ1!'
const NQ_SPEC = '={"adjustment":"splits","session":"regular","symbol":"CME_MINI:NQ1!"}'

interface Venue {
  readonly market: SyntheticMarket
  readonly client: Conversation
  /** Sends requests in one message, and gives the payloads of the answer as JSON. */
  ask(...requests: readonly (readonly unknown[])[]): Answer[]
}
type Answer = { m?: string; p?: unknown[]; [key: string]: unknown }

function venue(seed = 1): Venue {
  const market = createSyntheticMarket({ seed, start: AT })
  const client = conversation.start({ market, random: seededRandom(seed), now: () => AT })
  return {
    market,
    client,
    ask: (...requests) =>
      answers(client.received(frameMessage(requests.map(([m, ...p]) => JSON.stringify({ m, p }))))),
  }
}

function answers(messages: readonly string[]): Answer[] {
  return messages.flatMap(payloadsOf).map(payload => JSON.parse(payload) as Answer)
}

/** The `v` of each qsd. */
function values(packets: readonly Answer[]): Record<string, unknown>[] {
  return packets.flatMap(packet => (packet.m === 'qsd' ? [bodyOf(packet).v] : []))
}

function bodyOf({ p = [] }: Answer): { readonly n: string; readonly v: Record<string, unknown> } {
  return p[1] as { n: string; v: Record<string, unknown> }
}

function subscribed(...names: readonly string[]): Venue {
  const at = venue()
  at.ask(['quote_create_session', 'qs_1'], ['quote_add_symbols', 'qs_1', ...names])
  return at
}

describe('what the venue refuses', () => {
  test.each(['', 'no token at all'])('the token %j: it says so and hangs up', token => {
    const { client, ask } = venue()
    expect(ask(['set_auth_token', token], ['quote_create_session', 'qs_1'])).toEqual([
      { m: 'protocol_error', p: ['bad auth token'] },
    ])
    expect(client.isOver()).toBe(true)
  })

  test.each(['no framing', '~m~3~m~abc', '~m~2~m~[]', '~m~9~m~{"m":"x"}'])(
    'words that it cannot read: %s',
    text => {
      const { client } = venue()
      expect(answers(client.received(text))).toEqual([{ m: 'protocol_error', p: ['wrong data'] }])
      expect(client.isOver()).toBe(true)
    },
  )

  test('a request on a session that was never created', () => {
    expect(venue().ask(['quote_add_symbols', 'qs_9', NQ])).toEqual([
      { m: 'critical_error', p: ['qs_9', 'invalid_session', 'quote_add_symbols'] },
    ])
  })

  test('a method that it does not know, on either kind of session', () => {
    const { client, ask } = venue()
    ask(['quote_create_session', 'qs_1'], ['chart_create_session', 'cs_1', ''])
    expect(ask(['quote_dance', 'qs_1'], ['create_series', 'cs_1', 'sds_1'])).toEqual([
      { m: 'critical_error', p: ['qs_1', 'unknown_method', 'quote_dance'] },
      { m: 'critical_error', p: ['cs_1', 'unknown_method', 'create_series'] },
    ])
    expect(client.isOver()).toBe(false)
  })

  test('flags among the symbols, as the real venue does since 2024', () => {
    const { ask } = venue()
    const flags = { flags: ['force_permission'] }
    expect(ask(['quote_create_session', 'qs_1'], ['quote_add_symbols', 'qs_1', NQ, flags])).toEqual([
      { m: 'critical_error', p: ['qs_1', 'invalid_parameters', 'quote_add_symbols'] },
    ])
  })

  test.each(['NASDAQ:NOPE', '={"symbol":"NASDAQ:NOPE"}', '={"symbol":1}', '={'])('the symbol %s', name => {
    const { ask } = venue()
    expect(ask(['quote_create_session', 'qs_1'], ['quote_add_symbols', 'qs_1', name])).toEqual([
      { m: 'qsd', p: ['qs_1', { n: name, s: 'error', errmsg: 'no_such_symbol', v: {} }] },
    ])
  })

  test('to resolve a symbol that there is not', () => {
    const { ask } = venue()
    expect(ask(['chart_create_session', 'cs_1', ''], ['resolve_symbol', 'cs_1', 'sds_sym_1', 'A:B'])).toEqual(
      [{ m: 'symbol_error', p: ['cs_1', 'sds_sym_1', 'invalid symbol'], t: 1767623400, t_ms: 1767623400123 }],
    )
  })
})

describe('a conversation', () => {
  test('begins with a hello of the venue’s present shape that cannot be taken for a real one', () => {
    const [hello = {}] = answers(venue().client.opened())
    expect(Object.keys(hello)).toEqual([
      'session_id',
      'timestamp',
      'timestampMs',
      'release',
      'studies_metadata_hash',
      'auth_scheme_vsn',
      'protocol',
      'via',
      'javastudies',
    ])
    expect(hello).toMatchObject({ timestamp: 1767623400, timestampMs: 1767623400123, via: '127.0.0.1:0' })
    expect(hello['session_id']).toMatch(/synthetic/)
  })

  test('is silent to what needs no answer', () => {
    const { client, ask } = venue()
    expect(ask(['set_auth_token', 'unauthorized_user_token'], ['set_locale', 'en', 'US'])).toEqual([])
    expect(ask(['quote_create_session', 'qs_1'], ['quote_fast_symbols', 'qs_1', NQ])).toEqual([])
    expect(client.received('~m~4~m~~h~1')).toEqual([])
    expect(client.isOver()).toBe(false)
  })

  test('counts its heartbeats, and every sixth brings facts without a price in the same message', () => {
    const { client } = subscribed(NQ)
    const beats = Array.from({ length: 6 }, () => client.beat())
    expect(beats.slice(0, 5)).toEqual([1, 2, 3, 4, 5].map(n => [`~m~4~m~~h~${n}`]))
    const [sixth, ...facts] = beats[5]?.flatMap(payloadsOf) ?? []
    expect(sixth).toBe('~h~6')
    expect(facts).toHaveLength(1)
    expect(facts[0]).toContain('"pointvalue":20')
    expect(facts[0]).not.toMatch(/"(?:lp|bid|volume)"/)
  })

  test('opens a symbol with load flags, the whole book, the full quote with its facts, and quote_completed', () => {
    const { ask } = venue()
    const packets = ask(['quote_create_session', 'qs_1'], ['quote_add_symbols', 'qs_1', NQ])
    expect(packets.map(({ m }) => m)).toEqual(['qsd', 'qsd', 'qsd', 'quote_completed'])
    const [flags = {}, book = {}, full = {}] = values(packets)
    expect(flags).toEqual({ metrics_loaded: false })
    expect(Object.keys(book)).toEqual(['trade_loaded', 'bid', 'bid_size', 'ask', 'ask_size'])
    expect(full).toMatchObject({
      update_mode: 'delayed_streaming_600',
      rtc: null,
      pointvalue: 20,
      minmov: 25,
      pricescale: 100,
      currency_code: 'USD',
      current_session: 'market',
    })
    expect(Object.keys(full)).toEqual(expect.arrayContaining(['lp', 'lp_time', 'volume', 'ch', 'chp']))
    expect(packets.at(-1)).toEqual({ m: 'quote_completed', p: ['qs_1', NQ] })
  })

  test('sends just the keys that a session has asked for', () => {
    const { ask } = venue()
    const packets = ask(
      ['quote_create_session', 'qs_1'],
      ['quote_set_fields', 'qs_1', 'lp', 'volume', 'bid'],
      ['quote_add_symbols', 'qs_1', NQ],
    )
    expect(values(packets).map(v => Object.keys(v))).toEqual([['bid'], ['lp', 'volume']])
  })

  test('answers a name under the name as it was sent', () => {
    const { ask } = venue()
    const packets = ask(['quote_create_session', 'qs_1'], ['quote_add_symbols', 'qs_1', NQ_SPEC])
    expect(packets.at(-1)).toEqual({ m: 'quote_completed', p: ['qs_1', NQ_SPEC] })
  })

  test('resolves a symbol to its facts, with the server’s time', () => {
    const { ask } = venue()
    const [resolved] = ask(
      ['chart_create_session', 'cs_1', ''],
      ['resolve_symbol', 'cs_1', 'sds_sym_1', NQ_SPEC],
    )
    expect(resolved).toMatchObject({
      m: 'symbol_resolved',
      p: ['cs_1', 'sds_sym_1', { pro_name: NQ, full_name: NQ, pointvalue: 20, type: 'futures' }],
      t_ms: 1767623400123,
    })
  })
})

describe('a move of the market', () => {
  const last = { last: { mantissa: 256505, scale: 1 } }

  test('reaches nobody who has not subscribed', () => {
    expect(venue().client.moved(NQ, last)).toEqual([])
    expect(subscribed('COMEX:GC1!').client.moved(NQ, last)).toEqual([])
  })

  test('says just what changed', () => {
    expect(values(answers(subscribed(NQ).client.moved(NQ, last)))).toEqual([{ lp: 25650.5 }])
  })

  test('says the whole book where any of it changed, in a packet of its own', () => {
    const { market, client } = subscribed(NQ)
    const { bid } = market.quote(NQ) ?? {}
    const packets = values(answers(client.moved(NQ, { ...last, ...(bid === undefined ? {} : { bid }) })))
    expect(packets.map(v => Object.keys(v))).toEqual([
      ['trade_loaded', 'bid', 'bid_size', 'ask', 'ask_size'],
      ['lp'],
    ])
  })

  test('is told once for each session and each name', () => {
    const { client, ask } = subscribed(NQ, NQ_SPEC)
    ask(['quote_create_session', 'qs_2'], ['quote_add_symbols', 'qs_2', NQ])
    const keys = answers(client.moved(NQ, last)).map(packet => [packet.p?.[0], bodyOf(packet).n])
    expect(keys).toEqual([
      ['qs_1', NQ],
      ['qs_1', NQ_SPEC],
      ['qs_2', NQ],
    ])
  })

  test.each([['quote_remove_symbols', NQ], ['quote_hibernate_all'], ['quote_delete_session']])(
    'reaches a session no more after %s',
    (method, ...names) => {
      const { client, ask } = subscribed(NQ)
      ask([method, 'qs_1', ...names])
      expect(client.moved(NQ, last)).toEqual([])
    },
  )

  test('reaches a session again that asks for fast symbols after its sleep', () => {
    const { client, ask } = subscribed(NQ)
    ask(['quote_hibernate_all', 'qs_1'], ['quote_fast_symbols', 'qs_1', NQ])
    expect(values(answers(client.moved(NQ, last)))).toEqual([{ lp: 25650.5 }])
  })

  test('comes sometimes with several packets in a message, and sometimes with each alone', () => {
    const { market, client } = subscribed(NQ)
    const counts = new Set<string>()
    for (let step = 0; step < 100; step += 1) {
      for (const { name, fields } of market.step()) {
        const messages = client.moved(name, fields)
        counts.add(messages.map(message => payloadsOf(message).length).join('+'))
      }
    }
    expect([...counts]).toEqual(expect.arrayContaining(['1', '2', '1+1']))
  })
})

test('our own client and our own venue understand each other, and the decoder accounts for every packet', () => {
  const { market, client } = venue()
  const mine = session.start({ symbols: [NQ, 'NASDAQ:NOPE'], credentials: {}, random: seededRandom(9) })
  const kinds = new Map<string, number>()
  const decoder = createDecoder()
  const count = (dir: 'in' | 'out', text: string) =>
    decoder.decode(
      { kind: 'frame', seq: 1, at: 0, conn: 1, dir, op: 'text', text },
      {
        observe: () => {},
        packet: ({ disposition }) => kinds.set(disposition, (kinds.get(disposition) ?? 0) + 1),
      },
    )
  const hear = (messages: readonly string[]): void => {
    for (const text of messages) {
      count('in', text)
      for (const step of mine.received(text)) {
        if (step.kind === 'refused') throw new Error(step.reason)
        if (step.kind === 'send') say(step.text)
      }
    }
  }
  const say = (text: string): void => {
    count('out', text)
    hear(client.received(text))
  }
  hear(client.opened())
  for (const step of mine.opened()) if (step.kind === 'send') say(step.text)
  for (let step = 0; step < 20; step += 1) {
    for (const { name, fields } of market.step()) hear(client.moved(name, fields))
  }
  for (let beat = 0; beat < 12; beat += 1) hear(client.beat())
  expect([...kinds.keys()].sort()).toEqual(['error', 'read', 'request', 'status'])
  expect(kinds.get('error')).toBe(1)
})

describe('the meaning of a request', () => {
  const meaning = (m: string, ...p: readonly unknown[]) =>
    conversation.meanings(frameMessage([JSON.stringify({ m, p })]))

  test('holds none of the client’s own ids, and no token', () => {
    expect(meaning('set_auth_token', 'a.secret.token')).toEqual(['["set_auth_token"]'])
    expect(meaning('quote_create_session', 'qs_1')).toEqual(['["quote_create_session"]'])
    expect(meaning('quote_add_symbols', 'qs_1', NQ)).toEqual([`["quote_add_symbols","${NQ}"]`])
    expect(meaning('resolve_symbol', 'cs_1', 'sds_sym_1', NQ)).toEqual([`["resolve_symbol","${NQ}"]`])
    expect(meaning('create_series', 'cs_1', 'sds_1', 's1', 'sds_sym_1', '1D', 300, '')).toEqual([
      '["create_series","1D",300,""]',
    ])
    expect(meaning('set_locale', 'en', 'US')).toEqual(['["set_locale","en","US"]'])
  })

  test('keeps the symbols of the shorthand that has no session', () => {
    expect(meaning('quote_add_symbols', NQ)).toEqual([`["quote_add_symbols","${NQ}"]`])
  })

  test('is given for each packet of a message, also for those that nobody can read', () => {
    expect(conversation.meanings('~m~4~m~~h~7~m~3~m~abc')).toEqual(['heartbeat', 'unreadable abc'])
    expect(conversation.meanings('abc')).toEqual(['unreadable abc'])
  })
})

describe('a message with other ids', () => {
  const ids = new Map([
    ['qs_1', 'qs_much_longer'],
    ['sds_1', 'x'],
    ['s', 'series'],
  ])

  test('has them wherever they stand, with lengths that are right', () => {
    const text = frameMessage([
      '{"m":"qsd","p":["qs_1",{"n":"KRX:005930","s":"ok","v":{"lp":25650.250,"local_description":"삼성"}}]}',
      '~h~12',
      '{"m":"du","p":["cs_1",{"sds_1":{"s":[],"t":"s"}}]}',
    ])
    expect(payloadsOf(conversation.rewrite(text, ids))).toEqual([
      '{"m":"qsd","p":["qs_much_longer",{"n":"KRX:005930","s":"ok","v":{"lp":25650.250,"local_description":"삼성"}}]}',
      '~h~12',
      '{"m":"du","p":["cs_1",{"x":{"s":[],"t":"series"}}]}',
    ])
  })

  test('leaves strings alone that only contain one', () => {
    const text = frameMessage(['{"m":"qsd","p":["qs_12",{"n":"qs_1:A","s":"ok","v":{}}]}'])
    expect(conversation.rewrite(text, ids)).toBe(text)
  })

  test('keeps what has no framing as it came', () => {
    expect(conversation.rewrite('~m~8~m~["qs_1"]~m~99~m~["qs_1"]', ids)).toBe(
      '~m~8~m~["qs_1"]~m~99~m~["qs_1"]',
    )
    expect(conversation.rewrite('"qs_1"', ids)).toBe('"qs_1"')
  })
})
