import { frameMessage } from '../../../src/feeds/tradingview-socket/framing.ts'
import { type Random, randomInteger } from '../../../src/model/random.ts'
import type { EntryDraft } from '../../../src/tape/entry.ts'

const NAMES = [
  'CME_MINI:NQ1!',
  'NQ1!',
  '={"symbol":"CME_MINI:NQ1!"}',
  'BMFBOVESPA:NQ1!',
  'NSE:JUNIPER',
] as const
const OTHER = '={"currency-id":"USD","symbol":"NSE:JUNIPER"}'
const MODES = ['streaming', 'delayed_streaming_600', 'endofday', null] as const
/** Epoch seconds; wire times wander about here, so that late, equal and newer ones are all common. */
const WIRE_START = 1_772_463_600

/** A synthetic session as nobody would record it: all that can happen to a quote, often. */
export function randomSession(random: Random, length: number): EntryDraft[] {
  const drafts: EntryDraft[] = []
  const open: number[] = []
  let at = 0
  let conns = 0
  const pick = <T>(list: readonly T[]): T => list[randomInteger(random, 0, list.length - 1)] as T
  const connect = (): void => {
    conns += 1
    open.push(conns)
    const url = 'wss://data.tradingview.com/socket.io/websocket'
    const http = { kind: 'request', at, conn: conns, feed: 'tradingview-socket', exchange: conns } as const
    drafts.push({ ...http, method: 'GET', url, headers: [] })
    drafts.push({ kind: 'response', at, conn: conns, exchange: conns, status: 101, headers: [] })
    drafts.push({ kind: 'open', at, conn: conns, feed: 'tradingview-socket', url })
    frame(conns, 'out', ['{"m":"quote_create_session","p":["qs_a"]}'])
    frame(conns, 'out', [resolve('sds_sym_1', pick(NAMES))])
  }
  const frame = (conn: number, dir: 'in' | 'out', payloads: readonly string[]): void => {
    drafts.push({ kind: 'frame', at, conn, dir, op: 'text', text: frameMessage(payloads) })
  }
  connect()
  while (drafts.length < length) {
    at += randomInteger(random, 0, 3) * 100_000
    const draw = random.next()
    const conn = pick(open)
    if (draw < 0.03 && open.length < 3) connect()
    else if (draw < 0.06) {
      drafts.push({ kind: 'close', at, conn, by: 'them' })
      open.splice(open.indexOf(conn), 1)
      if (open.length === 0) connect()
    } else if (draw < 0.1) frame(conn, pick(['in', 'out'] as const), [`~h~${drafts.length}`])
    else if (draw < 0.13) frame(conn, 'out', [resolve(pick(['sds_sym_1', 'sds_sym_2']), pick(NAMES))])
    else if (draw < 0.17) frame(conn, 'in', [resolved(pick(['sds_sym_1', 'sds_sym_2']), random)])
    else if (draw < 0.18) drafts.push({ kind: 'mark', at, note: 'synthetic' })
    else if (draw < 0.19) drafts.push({ kind: 'clock', at, step: 5 })
    else {
      const count = draw < 0.8 ? 1 : randomInteger(random, 2, 3)
      frame(
        conn,
        'in',
        Array.from({ length: count }, () => quote(random, pick)),
      )
    }
  }
  return drafts
}

type Pick = <T>(list: readonly T[]) => T

function quote(random: Random, pick: Pick): string {
  const v: Record<string, unknown> = {}
  const has = (chance: number): boolean => random.next() < chance
  const number = (): unknown => pick([1, 2, 2.5, 0, null, 3])
  if (has(0.45)) v['lp'] = number()
  if (has(0.5)) v['lp_time'] = pick([0, null, ...Array.from({ length: 6 }, (_, n) => WIRE_START + n)])
  if (has(0.2)) v['bid'] = number()
  if (has(0.2)) v['ask'] = number()
  if (has(0.1)) v['bid_size'] = number()
  if (has(0.2)) v['volume'] = number()
  if (has(0.15)) v['high_price'] = number()
  if (has(0.1)) v['rtc'] = number()
  if (has(0.1)) v['update_mode'] = pick(MODES)
  if (has(0.05)) v['current_session'] = 'market'
  if (has(0.05)) v['pointvalue'] = pick([1, 2, 0])
  const name = has(0.1) ? OTHER : pick(NAMES)
  return JSON.stringify({ m: 'qsd', p: [pick(['qs_a', 'qs_b']), { n: name, s: 'ok', v }] })
}

function resolve(id: string, name: string): string {
  return JSON.stringify({ m: 'resolve_symbol', p: ['cs_a', id, name] })
}

function resolved(id: string, random: Random): string {
  const facts = {
    pro_name: 'CME_MINI:NQ1!',
    ...(random.next() < 0.5 ? { pointvalue: randomInteger(random, 0, 3) } : {}),
    ...(random.next() < 0.5 ? { minmov: 25, pricescale: 100 } : {}),
    ...(random.next() < 0.5 ? { currency_code: random.next() < 0.3 ? '' : 'USD' } : {}),
  }
  return JSON.stringify({ m: 'symbol_resolved', p: ['cs_a', id, facts] })
}
