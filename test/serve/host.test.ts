import { once } from 'node:events'
import { afterEach, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { conversation } from '../../src/feeds/tradingview-socket/conversation.ts'
import { frameMessage } from '../../src/feeds/tradingview-socket/framing.ts'
import { systemClock } from '../../src/model/clock.ts'
import { seededRandom } from '../../src/model/random.ts'
import { systemTimers, type Timers } from '../../src/model/timers.ts'
import { type Host, startHost } from '../../src/serve/host.ts'
import { createSyntheticMarket } from '../../src/synth/market.ts'

const NQ = 'CME_MINI:NQ1!'
const open: { close(): unknown }[] = []

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close()
})

interface Started {
  readonly host: Host
  readonly sent: string[]
}

async function started(timers: Timers = systemTimers): Promise<Started> {
  const sent: string[] = []
  const host = await startHost({
    conversations: [conversation],
    market: createSyntheticMarket({ seed: 1, start: 1_767_623_400_000_000 }),
    random: seededRandom(1),
    clock: systemClock,
    timers,
    sent: text => sent.push(text),
  })
  open.push(host)
  return { host, sent }
}

interface Client {
  readonly socket: WebSocket
  readonly heard: string[]
}

async function connected(host: Host): Promise<Client> {
  const socket = new WebSocket(host.urlOf(conversation))
  const heard: string[] = []
  socket.on('message', data => heard.push(String(data)))
  open.push({ close: () => socket.terminate() })
  await once(socket, 'open')
  return { socket, heard }
}

async function subscribed(host: Host): Promise<Client> {
  const client = await connected(host)
  const requests = [
    { m: 'quote_create_session', p: ['qs_1'] },
    { m: 'quote_add_symbols', p: ['qs_1', NQ] },
  ]
  const answer = once(client.socket, 'message')
  client.socket.send(frameMessage(requests.map(request => JSON.stringify(request))))
  await answer
  await host.settled()
  return client
}

/** Timers that fire when they are told to. */
function drivenTimers(): Timers & { fire(): void } {
  let waiting: (() => void)[] = []
  return {
    after(_delay, then) {
      waiting.push(then)
      return () => {
        waiting = waiting.filter(other => other !== then)
      }
    },
    fire() {
      for (const then of waiting.splice(0)) then()
    },
  }
}

describe('the host', () => {
  test('refuses a path that no wire answers at', async () => {
    const { host } = await started()
    const socket = new WebSocket(`ws://127.0.0.1:${host.port}/elsewhere`)
    const [, response] = await once(socket, 'unexpected-response')
    expect(response.statusCode).toBe(404)
    socket.on('error', () => {}).terminate()
  })

  test('refuses the next upgrade when it is told to, with the headers given, and only that one', async () => {
    const { host } = await started()
    host.refuse(429, { 'Retry-After': '7' })
    const refused = new WebSocket(host.urlOf(conversation))
    const [, response] = await once(refused, 'unexpected-response')
    expect([response.statusCode, response.headers['retry-after']]).toEqual([429, '7'])
    refused.on('error', () => {}).terminate()
    await connected(host)
    expect(host.connections()).toBe(1)
  })

  test('answers plain HTTP with 404', async () => {
    const { host } = await started()
    const response = await fetch(`http://127.0.0.1:${host.port}/`)
    expect(response.status).toBe(404)
  })

  test('hangs up without a code behind a bad token', async () => {
    const { host } = await started()
    const { socket, heard } = await connected(host)
    const closed = once(socket, 'close')
    socket.send(frameMessage(['{"m":"set_auth_token","p":[""]}']))
    const [code] = await closed
    expect(code).toBe(1005)
    expect(heard.at(-1)).toContain('bad auth token')
  })

  test('says hello first, and what it says is what arrives, in order', async () => {
    const { host, sent } = await started()
    const { heard } = await subscribed(host)
    await host.play(30, 0)
    await host.settled()
    expect(heard[0]).toContain('"session_id"')
    expect(heard.length).toBeGreaterThan(20)
    expect(heard).toEqual(sent)
  })

  test('beats by its timers and when it is told to, and stops for a client that is gone', async () => {
    const timers = drivenTimers()
    const { host, sent } = await started(timers)
    const { socket, heard } = await connected(host)
    timers.fire()
    host.beat()
    timers.fire()
    await host.settled()
    expect(heard.slice(1)).toEqual(['~m~4~m~~h~1', '~m~4~m~~h~2', '~m~4~m~~h~3'])
    const before = sent.length
    socket.close()
    await once(socket, 'close')
    await host.settled()
    timers.fire()
    expect(sent).toHaveLength(before)
  })

  test.each([
    [undefined, 1006],
    [1001, 1001],
  ])('drops its clients with %s, which they see as %i, and takes them in again', async (code, seen) => {
    const { host } = await started()
    const { socket } = await connected(host)
    const closed = once(socket, 'close')
    host.drop(code)
    expect((await closed)[0]).toBe(seen)
    const { heard } = await subscribed(host)
    expect(heard.some(text => text.includes('quote_completed'))).toBe(true)
  })

  test('gives a client that comes back the state as it is now', async () => {
    const { host } = await started()
    const first = await subscribed(host)
    await host.play(40, 0)
    await host.settled()
    host.drop()
    await once(first.socket, 'close')
    const second = await subscribed(host)
    const book = (heard: readonly string[]) =>
      heard
        .join('')
        .match(/"bid":[^}]*/g)
        ?.at(-1)
    expect(book(second.heard)).toBe(book(first.heard))
  })

  test('ends what is under way when it closes', async () => {
    const { host } = await started()
    const { socket } = await connected(host)
    const closed = once(socket, 'close')
    const play = host.play(1_000_000, 1_000_000)
    const rejection = expect(play).rejects.toThrow('the host was closed')
    await host.close()
    await rejection
    await closed
    await expect(fetch(`http://127.0.0.1:${host.port}/`)).rejects.toThrow()
  })
})
