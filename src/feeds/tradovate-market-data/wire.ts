import type { MessageKind } from '../feed.ts'
import { ENDPOINTS } from './endpoints.ts'

/**
 * Every kind of packet that is known, with a sample. No real frame of this socket is public: evidence is the
 * official documentation, clients' tests, and tradovate-and-trade-manager.md 2 and 3.
 */
type Row = readonly [kind: string, disposition: MessageKind['disposition'], sample: string, seen: string]

const DOC = 'official documentation'

const FROM_SERVER: readonly Row[] = [
  ['open', 'status', 'o', `${DOC}, four clients; TS did not see it`],
  ['heartbeat', 'status', 'h', `${DOC}; JT: every 2.5 s while nothing else comes`],
  ['close', 'status', 'c[3000,"Go away!"]', DOC],
  ['shutdown', 'status', '{"e":"shutdown","d":{"reasonCode":"Maintenance","reason":"…"}}', DOC],
  [
    'clock',
    'status',
    '{"e":"clock","d":"{\\"t\\":\\"2019-08-26T16:43:08.599Z\\",\\"s\\":20}"}',
    `${DOC}: a string of JSON; in replay sessions only`,
  ],
  [
    'md quotes',
    'read',
    '{"e":"md","d":{"quotes":[{"timestamp":"2021-04-13T04:59:06.588Z","contractId":123456,"entries":{"Bid":{"price":18405.123,"size":7.123},"TotalTradeVolume":{"size":4118.123},"Offer":{"price":18410.012,"size":12.35},"LowPrice":{"price":18355.23},"Trade":{"price":18405.023,"size":2.1},"OpenInterest":{"size":40702.024},"OpeningPrice":{"price":18515.123},"HighPrice":{"price":18520.125},"SettlementPrice":{"price":18520.257}}}]}}',
    `${DOC}; half real: md_quotes_MNQM6_semireal`,
  ],
  [
    'md doms',
    'read',
    '{"e":"md","d":{"doms":[{"contractId":123456,"timestamp":"2021-04-13T11:33:57.488Z","bids":[{"price":2335.25,"size":33.54},{"price":2333,"size":758.21}],"offers":[{"price":2335.5,"size":255.12},{"price":2337.75,"size":466.64}]}]}}',
    DOC,
  ],
  [
    'md histograms',
    'read',
    '{"e":"md","d":{"histograms":[{"contractId":123456,"timestamp":"2017-04-13T11:33:57.412Z","tradeDate":{"year":2022,"month":4,"day":13},"base":2338.75,"items":{"-14":5906.67,"2":1234.55},"refresh":false}]}}',
    `${DOC}; gives no observation`,
  ],
  [
    'chart bars',
    'read',
    '{"e":"chart","d":{"charts":[{"id":9,"td":20170413,"bars":[{"timestamp":"2017-04-13T11:00:00.000Z","open":2334.25,"high":2334.5,"low":2333,"close":2333.75,"upVolume":4712.234,"downVolume":201.124,"upTicks":1333.567,"downTicks":82.89,"bidVolume":2857.123,"offerVolume":2056.224}]}]}}',
    DOC,
  ],
  [
    'chart ticks',
    'read',
    '{"e":"chart","d":{"charts":[{"id":16335,"s":"db","td":20210718,"bp":11917,"bt":1563421179735,"ts":0.25,"tks":[{"t":0,"p":0,"s":3,"b":-1,"a":0,"bs":122.21,"as":28.35,"id":11768401}]}]}}',
    DOC,
  ],
  ['chart end', 'status', '{"e":"chart","d":{"charts":[{"id":16335,"eoh":true}]}}', DOC],
  [
    'quotes (web trader)',
    'read',
    '{"d":{"q":[{"id":3267315,"t":1789000000,"bid":24958.25,"bs":3,"ask":24958.5,"as":1,"last":24958.5,"ls":2}]}}',
    'other clients’ tests only, its values made here; never seen on a wire',
  ],
  ['reply', 'status', '{"s":200,"i":1}', 'issue #56: any answer whose request is not on the tape'],
  [
    'reply',
    'read',
    '{"s":200,"i":23,"d":{"id":65543,"name":"CLZ6","contractMaturityId":6727}}',
    `${DOC}: an answer that is told by its looks`,
  ],
  [
    'reply',
    'error',
    '{"s":404,"i":1,"d":"\\"Not found: quote/subscribe\\""}',
    'Just-Trades TEST_RESULTS_SUMMARY: a JSON string in a string',
  ],
  [
    'reply',
    'error',
    '{"s":200,"i":0,"d":{"failureReason":"UnknownReason","failureText":"Access is denied"}}',
    'community thread 4037: without the right to market data',
  ],
  [
    'reply',
    'status',
    '{"s":200,"i":2,"d":{"p-ticket":"synthetic","p-time":0}}',
    'issue #56: a penalty to wait out',
  ],
]

export const KINDS: readonly MessageKind[] = [
  ...FROM_SERVER.map(([kind, disposition, sample, seen]): MessageKind => {
    return { kind, dir: 'in', disposition, sample, seen }
  }),
  ...ENDPOINTS.map(({ answer, answerSeen, isRead, name, sample }): MessageKind => {
    const disposition = isRead === true ? 'read' : 'status'
    return { kind: `reply ${name}`, dir: 'in', disposition, sample: answer, behind: sample, seen: answerSeen }
  }),
  { kind: 'heartbeat', dir: 'out', disposition: 'status', sample: '[]', seen: `${DOC}: every 2.5 s, always` },
  ...ENDPOINTS.map(({ name, sample, seen }): MessageKind => {
    return { kind: name, dir: 'out', disposition: 'request', sample, seen }
  }),
]
