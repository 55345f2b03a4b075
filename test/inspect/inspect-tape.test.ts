import { describe, expect, test } from 'vitest'
import { inspectionText } from '../../src/report/inspection.ts'
import { close, inspected, open, packet, quote } from './tapes.ts'

const EPOCH = 1_767_623_400

function request(atSeconds: number, method: string, ...parameters: readonly string[]) {
  return packet(atSeconds, JSON.stringify({ m: method, p: ['qs_1', ...parameters] }), { dir: 'out' })
}

describe('the end of a tape', () => {
  test('that was not sealed is said', async () => {
    const { ending } = await inspected([open(1, 0)])
    expect(ending).toMatchObject({ isSealed: false, isWhole: false, problemCount: 1 })
    expect(ending.problems[0]).toMatchObject({ what: 'not sealed' })
  })
})

describe('packets', () => {
  test('that nobody knows are counted and shown with their beginning', async () => {
    const { packets } = await inspected([
      open(1, 0),
      packet(1, '{"m":"brand_new","p":[1]}'),
      packet(2, 'rubbish'),
    ])
    expect(packets.dispositions).toMatchObject({ unknown: 1, malformed: 1 })
    expect(packets.troubles).toMatchObject([
      {
        disposition: 'unknown',
        kind: 'brand_new',
        count: 1,
        seq: 2,
        packet: 0,
        sample: expect.stringContaining('brand_new'),
      },
      { disposition: 'malformed', count: 1, seq: 3, sample: expect.stringContaining('rubbish') },
    ])
    expect(packets.addsUp).toBe(true)
  })

  test('behind a wrong length are stray, and still add up', async () => {
    const { packets } = await inspected([
      open(1, 0),
      { kind: 'frame', at: 1, conn: 1, dir: 'in', op: 'text', text: '~m~4~m~~h~1~m~99~m~{}' },
    ])
    expect(packets).toMatchObject({ packets: 2, addsUp: true })
    expect(packets.lengths.stray).toBeGreaterThan(0)
  })

  test('in the shorthand of the seed notes are a kind of their own', async () => {
    const { packets } = await inspected([
      open(1, 0),
      packet(1, '{"m":"qsd","p":["CME_MINI:MNQ1!",{"n":"25650.25"}]}'),
    ])
    expect(packets.kinds.map(({ kind }) => kind)).toEqual(['qsd (shorthand)'])
  })

  test('of a connection that no feed reads are counted as frames', async () => {
    const { packets, connections } = await inspected([open(1, 0, 'unknown'), packet(1, 'x')])
    expect(packets).toMatchObject({ unreadable: 1, packets: 0, messages: { in: 1, out: 0 } })
    expect(connections).toMatchObject([{ feed: 'unknown', frames: { in: 1, out: 0 } }])
  })

  test('with binary noise are counted', async () => {
    const { packets } = await inspected([open(1, 0), quote(1, { lp: 2647.1000000000004 })])
    expect(packets.noise).toBe(1)
  })
})

describe('connections', () => {
  test('say how they ended, whom the venue took us for, and what they carried', async () => {
    const { connections, exchanges } = await inspected([
      {
        kind: 'request',
        at: 0,
        conn: 1,
        feed: 'tradingview-socket',
        exchange: 1,
        method: 'GET',
        url: 'ws://x/',
        headers: [],
      },
      { kind: 'response', at: 1, conn: 1, exchange: 1, status: 101, headers: [] },
      open(1, 1),
      { kind: 'mark', at: 2_000_000, conn: 1, standing: 'guest', note: 'as guest' },
      { kind: 'frame', at: 2_000_000, conn: 1, dir: 'in', op: 'text', text: 'ä' },
      { kind: 'frame', at: 2_000_000, conn: 1, dir: 'out', op: 'binary', base64: '/wA=' },
      close(1, 3),
      {
        kind: 'fail',
        at: 4_000_000,
        conn: 2,
        feed: 'tradingview-socket',
        url: 'ws://y/',
        cause: 'dns',
        reason: 'no',
      },
    ])
    expect(connections).toEqual([
      {
        conn: 1,
        feed: 'tradingview-socket',
        url: 'ws://x/',
        openedAt: 1_000_000,
        closedAt: 3_000_000,
        ended: { by: 'them', code: 1006 },
        standing: 'guest',
        frames: { in: 1, out: 1 },
        bytes: { in: 2, out: 2 },
      },
      {
        conn: 2,
        feed: 'tradingview-socket',
        url: 'ws://y/',
        closedAt: 4_000_000,
        ended: { by: 'failure', reason: 'dns: no' },
        frames: { in: 0, out: 0 },
        bytes: { in: 0, out: 0 },
      },
    ])
    expect(exchanges).toEqual([{ status: 101, count: 1 }])
  })
})

describe('gaps', () => {
  const beat = (atSeconds: number) => packet(atSeconds, '~h~1')

  test('a silence as long as the limit is none, a longer one is', async () => {
    const short = await inspected([open(1, 0), quote(30, { lp: 1 }), quote(60, { lp: 1 })])
    expect(short.gaps).toEqual([])
    const long = await inspected([open(1, 0), quote(1, { lp: 1 }), quote(31.000001, { lp: 1 })])
    expect(long.gaps).toEqual([{ kind: 'silence', conn: 1, from: 1_000_000, to: 31_000_001 }])
  })

  test('heartbeats do not end a silence, neither do answers and our own messages', async () => {
    const { gaps } = await inspected([
      open(1, 0),
      quote(1, { lp: 1 }),
      beat(20),
      request(25, 'quote_add_symbols', 'NSE:Y'),
      packet(30, '{"m":"quote_completed","p":["qs_1","NSE:Y"]}'),
      beat(40),
    ])
    expect(gaps).toEqual([{ kind: 'silence', conn: 1, from: 1_000_000, to: 40_000_000 }])
  })

  test('what nobody can read ends a silence: it may be data', async () => {
    const { gaps } = await inspected([open(1, 0, 'unknown'), packet(25, 'x'), packet(50, 'y')])
    expect(gaps).toEqual([])
  })

  test('a reconnect is a gap from the last connection’s end to the next one’s opening', async () => {
    const { gaps } = await inspected([
      open(1, 0),
      open(2, 1),
      close(1, 2),
      close(2, 3),
      open(3, 5),
      close(3, 6),
    ])
    expect(gaps).toEqual([{ kind: 'reconnect', conn: 3, from: 3_000_000, to: 5_000_000 }])
  })

  test('a socket that we held is one, too', async () => {
    const { gaps } = await inspected([
      open(1, 0),
      { kind: 'pause', at: 1_000_000, conn: 1, reason: 'the disk is slow' },
      { kind: 'resume', at: 1_500_000, conn: 1 },
    ])
    expect(gaps).toEqual([{ kind: 'pause', conn: 1, from: 1_000_000, to: 1_500_000 }])
  })
})

describe('updates after removal', () => {
  const count = async (...entries: Parameters<typeof inspected>[0]) =>
    (await inspected([open(1, 0), ...entries])).afterRemoval.count

  test('are not looked for in what a client sent and nobody can read', async () => {
    expect(await count(packet(1, '{"m":"quote_', { dir: 'out' }), quote(2, { lp: 1 }))).toBe(0)
    expect(await count(packet(1, '["quote_remove_symbols"]', { dir: 'out' }), quote(2, { lp: 1 }))).toBe(0)
  })

  test('are none before it, and none for another name or session', async () => {
    expect(await count(quote(1, { lp: 1 }), request(2, 'quote_remove_symbols', 'NSE:X'))).toBe(0)
    expect(await count(request(1, 'quote_remove_symbols', 'NSE:Y'), quote(2, { lp: 1 }))).toBe(0)
    const other = packet(1, '{"m":"quote_remove_symbols","p":["qs_2","NSE:X"]}', { dir: 'out' })
    expect(await count(other, quote(2, { lp: 1 }))).toBe(0)
  })

  test('are counted with their place', async () => {
    const { afterRemoval } = await inspected([
      open(1, 0),
      request(1, 'quote_remove_symbols', 'NSE:Y', 'NSE:X'),
      quote(2, { lp: 1 }),
    ])
    expect(afterRemoval).toEqual({
      count: 1,
      first: [{ seq: 3, packet: 0, at: 2_000_000, conn: 1, session: 'qs_1', name: 'NSE:X' }],
    })
  })

  test('end with a new subscription, and with the connection', async () => {
    const removal = request(1, 'quote_remove_symbols', 'NSE:X')
    expect(await count(removal, request(2, 'quote_add_symbols', 'NSE:X'), quote(3, { lp: 1 }))).toBe(0)
    expect(await count(removal, close(1, 2), open(2, 3), quote(4, { lp: 1 }, 'NSE:X', 2))).toBe(0)
  })

  test('of a session that was deleted are counted for all of its names', async () => {
    expect(await count(request(1, 'quote_delete_session'), quote(2, { lp: 1 }))).toBe(1)
  })
})

describe('the wire’s own change of the day', () => {
  const found = async (fields: object) => (await inspected([open(1, 0), quote(1, fields)])).otherChanges
  const prices = { lp: 253.42, prev_close_price: 258.55 }

  test('is not judged without the prices of its own packet', async () => {
    expect((await found({ ch: -5.15, lp: 253.42 })).count).toBe(0)
    expect((await found({ ...prices, ch: null })).count).toBe(0)
  })

  test('may be off by its last digit, and is found beyond it', async () => {
    expect((await found({ ...prices, ch: -5.13 })).count).toBe(0)
    expect((await found({ ...prices, ch: -5.14 })).count).toBe(0)
    expect((await found({ ...prices, ch: -5.1 })).count).toBe(0)
    expect(await found({ ...prices, ch: -5.15 })).toMatchObject({
      count: 1,
      first: [{ seq: 2, packet: 0, change: '-5.15', byPrices: '-5.13' }],
    })
  })
})

describe('times of the wire', () => {
  test('an older quote that comes late is counted and does not become the last price', async () => {
    const { olderQuotes, symbols } = await inspected([
      open(1, 0),
      quote(1, { lp: 2, lp_time: EPOCH }),
      quote(2, { lp: 1, lp_time: EPOCH - 1 }),
    ])
    expect(olderQuotes).toMatchObject({ count: 1, first: [{ seq: 3 }] })
    expect(symbols).toMatchObject([{ symbol: 'NSE:X', updates: 2, last: '2' }])
  })

  test('lateness is receipt less the wire’s time less the declared delay, of new trades alone', async () => {
    const { lateness } = await inspected([
      open(1, 0),
      quote(1, { lp: 1, lp_time: EPOCH - 86_400, update_mode: 'delayed_streaming_600' }),
      quote(602, { lp: 1, lp_time: EPOCH + 1 }),
      quote(603, { lp: 1, lp_time: EPOCH + 1 }),
      quote(604.5, { lp: 1, lp_time: EPOCH + 2 }),
      quote(609, { lp: 1, lp_time: EPOCH + 3 }),
    ])
    expect(lateness).toEqual({ count: 3, min: 1_000_000, median: 2_500_000, max: 6_000_000 })
  })

  test('a clock ahead of ours gives a negative lateness, which stays', async () => {
    const { lateness } = await inspected([
      open(1, 0),
      quote(1, { lp: 1, lp_time: EPOCH }),
      quote(2, { lp: 1, lp_time: EPOCH + 3 }),
    ])
    expect(lateness).toMatchObject({ count: 1, min: -1_000_000, max: -1_000_000 })
  })
})

test('redactions are counted by what they were', async () => {
  const { redactions } = await inspected([
    {
      kind: 'request',
      at: 0,
      conn: 1,
      feed: 'tradingview-socket',
      exchange: 1,
      method: 'GET',
      url: 'ws://x/',
      headers: [['cookie', 'aaaaaaaa bbbbbbbb']],
      redacted: [
        [0, 8, 'headers.0#cookie a'],
        [9, 8, 'headers.0#cookie b'],
      ],
    },
    { kind: 'mark', at: 1, note: 'aaaaaaaa', redacted: [[0, 8, 'note#cookie a']] },
  ])
  expect(redactions).toEqual([
    { place: 'cookie a', count: 2 },
    { place: 'cookie b', count: 1 },
  ])
})

test('as text it has its sections, and foreign names cannot steer the terminal', async () => {
  const inspection = await inspected([
    open(1, 0),
    quote(1, { lp: 101.25, lp_time: EPOCH, update_mode: 'delayed_streaming_900' }, 'NSE:\u001b[2J'),
    packet(2, '{"m":"brand_new","p":[]}'),
  ])
  expect(inspectionText(inspection)).toMatchInlineSnapshot(`
    "tape       synthetic
    id         00000000000000000000000000000000
    start      2026-01-05T14:30:00.000000Z, 2 s long
    feeds      tradingview-socket
    made by    feedtape-test 0; clock none
    synthetic  yes: no venue sent this
    entries    3: 1 open, 2 frame
    end        NOT SEALED: the recording did not end in order; 1 problem
      line 5, entry 4  not sealed  expected a seal as the last line, found nothing

    1 connection
      conn  feed                 opened  closed           in      bytes  out    bytes  taken for  url
         1  tradingview-socket  0.000 s  open to the end   2  173 bytes    0  0 bytes  not said   ws://127.0.0.1/

    2 packets in 2 messages (2 in, 0 out)
      kind          read  status  request  error  ignored  unknown  malformed
      in:qsd           1
      in:brand_new                                               1
      all              1       0        0      0        0        1          0
      payload 156 + framing 17 + stray 0 = 173 units of the messages: it adds up
      unknown: 1 × in:brand_new, no such kind is known (first: entry 3, packet 0)
        "{\\"m\\":\\"brand_new\\",\\"p\\":[]}"

    tradingview-socket, from what stands on the tape
      by its looks            tradingview-socket: certain, 2 messages (~m~ framing, qsd)
      wrapped in type/data?   no: m and p 2 × (entry 2); in front stands ~m~N~m~
      price fields            last at p.1.v.lp (entry 2)
      contract id or ticker?  ticker: 1, such as NSE:\\u001b[2J (entry 2)
      how positions come      unseen: neither positions nor fills, orders or signals

    1 symbol
      name           updates    first   latest    last  traded                       mode                   delay
      NSE:\\u001b[2J        1  1.000 s  1.000 s  101.25  2026-01-05T14:30:00.000000Z  delayed_streaming_900  900 s

    no gaps

    delays declared
      900 s  NSE:\\u001b[2J
      lateness beyond that (receipt less the wire's time): none measured: no new trade came with its own time"
  `)
})
