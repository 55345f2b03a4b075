import { describe, expect, it } from 'vitest'
import { feedOfSniffing, sniff } from '../../src/feeds/index.ts'

const QSD = '~m~55~m~{"m":"qsd","p":["qs",{"n":"X","s":"ok","v":{"lp":1.5}}]}'
const PROPS = 'a[{"e":"props","d":{"entityType":"fill","eventType":"Created","entity":{"id":1}}}]'
const MD = 'a[{"e":"md","d":{"quotes":[{"contractId":1,"entries":{}}]}}]'
const OF_ANYBODY = '{"type":"DATA","data":{"foo":1}}'

describe('sniffing', () => {
  it('finds nothing in what is no wire’s, and says so', () => {
    for (const texts of [[], ['hello'], ['7', 'null', '']]) {
      const sniffing = sniff(texts)
      expect(sniffing).toEqual({ looked: texts.length, matches: [], tie: [] })
      expect(feedOfSniffing(sniffing)).toBeUndefined()
    }
  })

  it('takes anybody’s JSON for the reader of any JSON, also where another feed finds it possible', () => {
    const sniffing = sniff([OF_ANYBODY])
    expect(sniffing.matches.map(({ feed, confidence }) => [feed, confidence])).toEqual([
      ['trade-manager', 'possible'],
      ['json-socket', 'possible'],
    ])
    expect(feedOfSniffing(sniffing)).toMatchObject({ feed: 'json-socket' })
  })

  it('names the wire, how sure that is, by what and in how many messages', () => {
    const sniffing = sniff([QSD, QSD, 'noise'])
    expect(sniffing).toMatchObject({ looked: 3, tie: [] })
    expect(feedOfSniffing(sniffing)).toEqual({
      feed: 'tradingview-socket',
      confidence: 'certain',
      why: '~m~ framing, qsd',
      messages: 2,
    })
  })

  it('says a tie, and says none where one wire is met far more often', () => {
    expect(sniff([MD, PROPS]).tie.toSorted()).toEqual(['tradovate-market-data', 'tradovate-user-data'])
    const mostly = sniff([MD, MD, MD, PROPS])
    expect(mostly.tie).toEqual([])
    expect(mostly.matches[0]).toMatchObject({ feed: 'tradovate-market-data' })
  })

  it('believes a wire’s own host, and of an address on this machine only that it could be', () => {
    const own = sniff([], ['wss://prodata.tradingview.com/socket.io/websocket'])
    expect(own.matches).toMatchObject([
      { feed: 'tradingview-socket', confidence: 'certain', why: 'the address' },
    ])
    const local = sniff([], ['ws://127.0.0.1:4000/socket.io/websocket'])
    expect(local.matches).toMatchObject([{ feed: 'tradingview-socket', confidence: 'possible' }])
  })
})
