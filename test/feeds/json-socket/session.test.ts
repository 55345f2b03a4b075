import { describe, expect, it } from 'vitest'
import { jsonSocket } from '../../../src/feeds/json-socket/index.ts'
import { seededRandom } from '../../../src/model/random.ts'
import { decodeMessage, decoderOf, frameOf } from '../wire-driver.ts'

const URL_OF_VENUE = 'ws://127.0.0.1:9/socket'
const SUBSCRIBE = '{"type":"SUBSCRIBE","symbol":"{symbol}"}'

function client(
  options: Readonly<Record<string, string>>,
  symbols: readonly string[] = ['X:Y'],
  url?: string,
) {
  const at = url === undefined ? {} : { url }
  return jsonSocket.session.start({ symbols, credentials: {}, options, random: seededRandom(1), ...at })
}

function refusal(option: string, value: string): string | undefined {
  return jsonSocket.session.options?.find(({ name }) => name === option)?.refuse?.(value)
}

describe('connecting to a venue that nobody knows', () => {
  it('asks where it is', () => {
    expect(() => client({})).toThrow('json-socket is any venue’s')
  })

  it.each([
    ['hello', '{"token":"abcdef123456"}'],
    ['hello', '{"op":"auth","api_key":"0123456789abcdef"}'],
    ['hello', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln'],
    ['subscribe', '{"symbol":"{symbol}","password":"hunter22"}'],
    ['subscribe', '{"op":"sub"}'],
  ])('refuses the %s %s', (option, value) => {
    expect(refusal(option, value)).toMatch(
      option === 'subscribe' && !value.includes('{symbol}') ? /no \{symbol\}/ : /credential/,
    )
  })

  it('lets a plain hello and a plain subscription be', () => {
    expect([
      refusal('hello', '{"op":"hello"}'),
      refusal('hello', ''),
      refusal('subscribe', SUBSCRIBE),
    ]).toEqual([undefined, undefined, undefined])
  })

  it('sends the hello, then asks for each symbol, whatever is in its name', () => {
    const steps = client(
      { hello: '{"op":"hi"}', subscribe: SUBSCRIBE },
      ['X:Y', 'a"$&b'],
      URL_OF_VENUE,
    ).opened()
    expect(steps).toEqual([
      { kind: 'send', text: '{"op":"hi"}' },
      { kind: 'send', text: '{"type":"SUBSCRIBE","symbol":"X:Y"}' },
      { kind: 'send', text: '{"type":"SUBSCRIBE","symbol":"a\\"$&b"}' },
    ])
  })

  it('says that symbols cannot be asked for where nothing says how', () => {
    expect(client({}, ['X:Y'], URL_OF_VENUE).opened()).toMatchObject([
      { kind: 'note', text: expect.stringContaining('X:Y') },
    ])
    expect(client({}, [], URL_OF_VENUE).opened()).toEqual([])
  })

  it('takes the first message for a welcome', () => {
    const session = client({}, [], URL_OF_VENUE)
    expect(session.received('anything')).toEqual([{ kind: 'accepted' }])
    expect(session.received('anything')).toEqual([])
  })
})

describe('the synthetic venue', () => {
  const last = { mantissa: 2565025, scale: 2 }

  function venue() {
    const market = {
      quote: (name: string) => (name === 'X:Y' ? { last, lastTime: 1_772_463_600_123_456 } : undefined),
      facts: () => undefined,
    }
    return jsonSocket.conversation.start({ market, random: seededRandom(2), now: () => 0 })
  }

  it('refuses what it cannot read and whom it does not know', () => {
    const talk = venue()
    for (const text of ['', 'hello', '[]', '{"type":"SUBSCRIBE"}', '{"type":"SUBSCRIBE","symbol":"NO:PE"}']) {
      expect(talk.received(text)).toMatchObject([expect.stringContaining('"type":"ERROR"')])
    }
    expect(talk.moved('X:Y', { last })).toEqual([])
  })

  it('quotes what was asked for, now and when it moves, in words that the example’s mapping reads', () => {
    const talk = venue()
    const said = [
      ...talk.received('{"type":"SUBSCRIBE","symbol":"X:Y"}'),
      ...talk.moved('X:Y', { bid: last }),
    ]
    const decoder = decoderOf(jsonSocket)
    const fields = said.flatMap(text =>
      [...decodeMessage(jsonSocket, frameOf(text), decoder).observations.values()].flat(),
    )
    expect(fields).toMatchObject([
      { name: 'X:Y', fields: { last, lastTime: 1_772_463_600_123_000 } },
      { fields: { bid: last } },
    ])
  })

  it('talks with its own client', () => {
    const talk = venue()
    const session = client({ subscribe: SUBSCRIBE }, ['X:Y', 'NO:PE'], URL_OF_VENUE)
    const sent = session.opened().flatMap(step => (step.kind === 'send' ? [step.text] : []))
    const heard = [...talk.opened(), ...sent.flatMap(text => talk.received(text)), ...talk.beat()]
    expect(heard.flatMap(text => session.received(text))).toEqual([{ kind: 'accepted' }])
    const kinds = heard.map(text => decodeMessage(jsonSocket, frameOf(text)).packets[0]?.kind)
    expect(kinds).toEqual(['HELLO', 'DATA', 'ERROR', 'PING'])
    for (const text of sent) {
      const { packets } = decodeMessage(jsonSocket, frameOf(text, 'out'))
      expect(packets).toMatchObject([{ kind: 'SUBSCRIBE', disposition: 'request' }])
    }
  })

  it('knows a request by its meaning, not by its id or the order of its keys', () => {
    const { meanings, idsOf, rewrite } = jsonSocket.conversation
    expect(meanings('{"id":"7","type":"SUBSCRIBE","symbol":"X"}')).toEqual(
      meanings('{"symbol":"X","type":"SUBSCRIBE","id":"8"}'),
    )
    expect(idsOf('{"id":"7"}')).toEqual(['7'])
    expect(rewrite('{"id": "7","a":"7"}', new Map([['7', '9']]))).toBe('{"id":"9","a":"7"}')
  })
})
