import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { Packet } from '../../../src/feeds/feed.ts'
import { tradovateUserData as feed } from '../../../src/feeds/tradovate-user-data/index.ts'
import { decimalText } from '../../../src/model/decimal.ts'
import type { Observation } from '../../../src/model/observation.ts'
import { isoFromEpochMicros } from '../../../src/model/time.ts'
import { describeWithSamples } from '../../samples.ts'
import { decodeMessage, frameOf } from '../wire-driver.ts'

interface Read {
  readonly packets: readonly Packet[]
  readonly observations: readonly Observation[]
}

/** One connection's frames. */
function read(frames: readonly string[]): Read {
  const decoder = feed.createDecoder()
  const decoded = frames.map(text => decodeMessage(feed, frameOf(text), decoder))
  return {
    packets: decoded.flatMap(({ packets }) => packets),
    observations: decoded.flatMap(({ observations }) => [...observations.values()].flat()),
  }
}

function linesOf(path: string): readonly string[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter(line => line.trim() !== '')
}

/** A saved line that has lost its `a[…]`. */
const framed = (line: string): string => `a[${line}]`
/** A REST body, as the socket answers with it. */
const answered = (body: string): string => `a[{"s":200,"i":1,"d":${body}}]`

function countsOf(packets: readonly Packet[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { kind } of packets) counts[kind] = (counts[kind] ?? 0) + 1
  return counts
}

function fillsOf({ observations }: Read): readonly string[] {
  return observations.flatMap(fill =>
    fill.kind === 'fill' ? [`${fill.side} ${decimalText(fill.quantity)} at ${decimalText(fill.price)}`] : [],
  )
}

interface Expected {
  readonly pushes: number
  readonly by_type: Readonly<Record<string, number>>
  readonly sync_collections: Readonly<Record<string, number>>
}

describeWithSamples('real captures of the user socket', folder => {
  const ws = (name: string): string => join(folder, 'tradovate', 'ws', name)
  const rest = (name: string): string => readFileSync(join(folder, 'tradovate', 'rest', name), 'utf8')
  const demo = linesOf(ws('demo_user_socket_2026-06-14.frames.jsonl')).map(
    line => (JSON.parse(line) as { frame: string }).frame,
  )
  const expected = (
    JSON.parse(readFileSync(join(folder, 'tradovate', 'EXPECTED.json'), 'utf8')) as {
      'demo_user_socket_2026-06-14': Expected
    }
  )['demo_user_socket_2026-06-14']

  it('an entityType that was invented in a copy of the demo’s pushes is unknown', () => {
    const copy = demo.map(text => text.replace('"entityType":"command"', '"entityType":"inventedThing"'))
    const unknown = read(copy).packets.filter(packet => packet.disposition === 'unknown')
    expect(new Set(unknown.map(packet => packet.kind))).toEqual(new Set(['props inventedThing']))
    expect(unknown).toHaveLength(36)
  })

  it('a list that was invented in a copy of the sync reply is unknown, and the others are read', () => {
    const copy = demo.map(text => text.replace('"fillFees":[', '"inventedThings":['))
    const { packets, observations } = read(copy)
    const unknown = packets.filter(packet => packet.disposition === 'unknown')
    expect(unknown.map(packet => packet.reason)).toEqual(['the list inventedThings is not known'])
    expect(observations.some(observation => observation.kind === 'balance')).toBe(true)
  })

  it('demo, 2026-06-14: one sync reply and 101 pushes, each by its type, and nothing unknown', () => {
    const { packets, observations } = read(demo)
    const byType: Record<string, number> = {}
    for (const [key, count] of Object.entries(expected.by_type)) {
      const kind = `props ${key.split('/')[0]}`
      byType[kind] = (byType[kind] ?? 0) + count
    }
    expect(countsOf(packets)).toEqual({ reply: 1, 'reply user/syncrequest': 1, ...byType })
    expect(packets.filter(({ kind }) => kind.startsWith('props '))).toHaveLength(expected.pushes)
    expect(new Set(packets.map(packet => packet.disposition))).toEqual(new Set(['status', 'read']))
    const changes = observations.flatMap(o => ('change' in o ? [`${o.kind} ${o.change}`] : []))
    expect(changes.filter(change => change === 'order created')).toHaveLength(3)
    // Orders' own updates, and the ten versions.
    expect(changes.filter(change => change === 'order updated')).toHaveLength(8 + 10)
    expect(changes.filter(change => change.endsWith('snapshot'))).toEqual(['balance snapshot'])
  })

  it('demo, 2026-06-14: the sync reply’s 31 lists are as long as they were', () => {
    const reply = JSON.parse(demo[1]?.slice(1) ?? '') as readonly { d: Record<string, readonly unknown[]> }[]
    const lengths = Object.entries(reply[0]?.d ?? {}).map(([list, entities]) => [list, entities.length])
    expect(Object.fromEntries(lengths)).toEqual(expected.sync_collections)
    expect(lengths).toHaveLength(31)
  })

  it('demo, 2026-06-14: order 516124640015 gets price and contract from two entities with one id', () => {
    const orders = read(demo).observations.filter(o => o.kind === 'order' && o.id === '516124640015')
    expect(new Set(orders.map(o => o.name))).toEqual(new Set(['4327110']))
    const prices = orders.flatMap(o => (o.kind === 'order' && o.price ? [decimalText(o.price)] : []))
    expect(prices.slice(0, 2)).toEqual(['29506.25', '29513.25'])
  })

  it('2026-08-18: 4 fills, 3 orders, and one each of a report, an execution and a strategy', () => {
    const found = read(linesOf(ws('demo_user_sync_2026-08-18_MESU6.jsonl')).map(framed))
    expect(countsOf(found.packets)).toEqual({
      'props fill': 4,
      'props order': 3,
      'props commandReport': 1,
      'props executionReport': 1,
      'props orderStrategy': 1,
    })
    expect(fillsOf(found)).toEqual(['sell 1 at 7759.75', 'buy 1 at 7760', 'buy 2 at 7752', 'buy 4 at 7752'])
    expect(found.packets.every(packet => packet.disposition === 'read')).toBe(true)
  })

  it('2026-09-21: two fills without eventType', () => {
    const found = read(linesOf(ws('props_fill_2026-09-21_NQZ6.jsonl')).map(framed))
    expect(fillsOf(found)).toEqual(['buy 3 at 30231.75', 'sell 2 at 30246.5'])
    expect(found.observations.every(o => 'change' in o && o.change === 'updated')).toBe(true)
  })

  it('2026-09-21: the answer to placeOSO is known', () => {
    const found = read([answered(readFileSync(ws('placeoso_reply_2026-09-21.json'), 'utf8'))])
    expect(found.packets.map(({ kind, disposition }) => `${kind} ${disposition}`)).toEqual([
      'reply order/placeoso status',
    ])
  })

  it('REST: 5 fills, of which one has the trade date of the day after', () => {
    const bodies = [
      'fill_2026-02-17_MNQH6.json',
      'fill_deps_2022-10-20_tradedate_rolls.json',
      'fill_list_2022-10-25.json',
    ]
    const { observations } = read(bodies.map(name => answered(rest(name))))
    const days = observations.flatMap(o => (o.kind === 'fill' ? [[o.time, o.tradeDate]] : []))
    expect(days).toHaveLength(5)
    const later = days.filter(([time, day]) => isoFromEpochMicros(Number(time)).slice(0, 10) !== day)
    expect(later.map(([time, day]) => [isoFromEpochMicros(Number(time)), day])).toEqual([
      ['2022-10-20T22:17:41.350000Z', '2022-10-21'],
    ])
  })

  it('REST: a flat position has no average price; three contracts have their names; an account is none', () => {
    const { observations: positions } = read([answered(rest('position_list_flat_2025-09-17.json'))])
    expect(positions).toMatchObject([{ kind: 'position', quantity: { mantissa: 0, scale: 0 } }])
    expect(positions[0]).not.toHaveProperty('averagePrice')
    const { observations: contracts } = read([answered(rest('contract_suggest_ES_2022.json'))])
    expect(contracts).toEqual(
      [
        ['2710963', 'ESM2'],
        ['2830505', 'ESU2'],
        ['2830506', 'ESZ2'],
      ].map(([name, symbol]) => ({ kind: 'instrument', session: '', name, symbol })),
    )
    expect(read([answered(rest('account_list.json'))]).packets).toMatchObject([{ disposition: 'status' }])
  })

  it('documentation: an order that is pushed, a contract that was asked for, and the end', () => {
    const lines = linesOf(ws('documentation_frames_and_errors.jsonl'))
    const frames = lines.map(line => (JSON.parse(line) as { frame: string }).frame)
    const shown = [15, 14, 10, 12, 8].map(number => {
      const { packets, observations } = read([frames[number - 1] ?? ''])
      return [packets[0]?.disposition, observations.map(({ kind }) => kind).join()]
    })
    expect(shown).toEqual([
      ['read', 'order'],
      ['read', 'instrument'],
      ['status', ''],
      ['status', ''],
      ['error', ''],
    ])
  })

  it('keeps the names of the demo’s user off a tape', () => {
    const found = demo.flatMap(text =>
      feed.secrets.find({ kind: 'frame', at: 0, conn: 1, dir: 'in', op: 'text', text }),
    )
    const values = new Set(found.map(({ value }) => value))
    expect(values).toEqual(
      new Set([
        'demouser',
        'demo.user@example.com',
        'DEMO3701228',
        '****7dfd',
        '/203.0.113.10',
        '/203.0.113.20',
      ]),
    )
  })
})
