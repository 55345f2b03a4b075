import { describe, expect, test } from 'vitest'
import type { Feed } from '../../src/feeds/index.ts'
import { tradeManager } from '../../src/feeds/trade-manager/index.ts'
import { tradingviewScanner } from '../../src/feeds/tradingview-scanner/index.ts'
import { tradingviewSocket } from '../../src/feeds/tradingview-socket/index.ts'
import { tradovateUserData } from '../../src/feeds/tradovate-user-data/index.ts'
import { type Random, randomInteger, seededRandom } from '../../src/model/random.ts'
import { isoFromEpochMicros } from '../../src/model/time.ts'
import { type BookPlan, type EngineOptions, readPositions } from '../../src/pnl/index.ts'
import type { Host } from '../../src/serve/index.ts'
import { count, hostOf, type LiveScene, MNQ, NQ, RULES, replayed, startLive } from './live-scene.ts'

const STEP = 5_000
/** Whatever lines there are. */
const ALL = { stats: true, equity: true, showDays: true, currency: 'USD' }

interface At {
  readonly after?: number
  readonly side: 'buy' | 'sell'
  readonly instrument: string
  readonly quantity?: string
}

/** A file of fills at times after the start, in µs. */
function fillsAt(start: number, fills: readonly At[], file = 'fills.jsonl'): BookPlan {
  const lines = fills.map(({ after, quantity = '1', ...fill }, index) =>
    JSON.stringify({
      id: `${index}`,
      ...(after === undefined ? {} : { at: isoFromEpochMicros(start + after) }),
      ...fill,
      quantity,
      price: '25600.25',
      fee: '0.62',
    }),
  )
  return readPositions(lines.join('\n'), file)
}

function socketOf(host: Host) {
  return { feed: tradingviewSocket, symbols: [NQ, MNQ], url: host.urlOf(tradingviewSocket.conversation) }
}

function given({ session }: Feed) {
  return Object.fromEntries(session.credentials.map(({ key }) => [key, `synthetic0${key}0value`]))
}

/** The lines and the digest of the tape's replay are those that came live. */
async function expectReplayEqual(
  scene: LiveScene,
  plans: readonly BookPlan[],
  rules?: EngineOptions,
): Promise<void> {
  const { pnl } = await scene.stop()
  if (pnl.kind === 'failed') throw pnl.error
  const again = await replayed(scene, plans, rules)
  expect(scene.lines).toEqual(again.lines)
  expect(pnl.digest).toBe(again.digest)
}

/** Plays the market until so many more quotes have changed a figure. */
async function playUntilMoved(host: Host, scene: LiveScene, moves = 5): Promise<void> {
  const before = count(scene.lines, 'quote')
  while (count(scene.lines, 'quote') < before + moves) {
    await host.play(5, STEP)
    await host.settled()
  }
}

async function untilStale(scene: LiveScene): Promise<void> {
  const before = count(scene.lines, 'stale')
  await scene.until(lines => count(lines, 'stale') > before)
}

describe('what cannot be counted', () => {
  test('a fill that is later than the end: the tape is whole, and its replay says the same', async () => {
    const host = await hostOf(1, tradingviewSocket.conversation)
    const plansAt = (start: number) => [fillsAt(start, [{ after: 3_600e6, side: 'buy', instrument: NQ }])]
    const scene = await startLive({ sources: [socketOf(host)], plans: plansAt })
    const { pnl, summary } = await scene.stop()
    expect(summary.sealed).toBe(summary.entries)
    expect(pnl).toMatchObject({ kind: 'failed', error: { code: 'bad-positions' } })
    await expect(replayed(scene, plansAt(scene.look().start))).rejects.toMatchObject({
      code: 'bad-positions',
    })
  })

  test('what fails in the middle is told at once and at the end, and the recording goes on', async () => {
    const host = await hostOf(1, tradingviewSocket.conversation)
    let quotes = 0
    const scene = await startLive({
      sources: [socketOf(host)],
      plans: start => [fillsAt(start, [{ side: 'buy', instrument: NQ }])],
      changed({ kind }) {
        if (kind === 'quote') quotes += 1
        if (quotes === 3) throw new Error('planted')
      },
    })
    await scene.until(lines => count(lines, 'quote') > 0)
    while (scene.look().isCounted) await host.play(5, STEP)
    await host.play(20, STEP)
    await host.settled()
    const { pnl, summary } = await scene.stop()
    expect(pnl).toMatchObject({ kind: 'failed', error: { message: 'planted' } })
    expect(count(scene.lines, 'quote')).toBe(3)
    expect(summary.quotes).toBeGreaterThan(10)
    expect(summary.sealed).toBe(summary.entries)
  })
})

test('a live run and the replay of its tape are the same bytes, through a drop and stale spells', async () => {
  const host = await hostOf(1, tradingviewSocket.conversation)
  const plansAt = (start: number) => [
    fillsAt(start, [
      { side: 'buy', instrument: NQ, quantity: '2' },
      { after: 250_001, side: 'sell', instrument: NQ },
      { after: 600_000, side: 'buy', instrument: MNQ, quantity: '3' },
    ]),
  ]
  const scene = await startLive({ sources: [socketOf(host)], plans: plansAt })
  await playUntilMoved(host, scene)
  await untilStale(scene)
  host.drop()
  await playUntilMoved(host, scene)
  await untilStale(scene)
  await scene.until(lines => count(lines, 'fill') === 3)
  const plans = plansAt(scene.look().start)
  await expectReplayEqual(scene, plans)
  expect(count(scene.lines, 'quote')).toBeGreaterThanOrEqual(10)
})

test('with several feeds, one of them polled, and books side by side it is the same', async () => {
  const host = await hostOf(2, tradingviewSocket.conversation, tradingviewScanner.conversation)
  const broker = await hostOf(3, tradovateUserData.conversation)
  const signals = await hostOf(4, tradeManager.conversation)
  const plansAt = (start: number): readonly BookPlan[] => [
    { from: 'fills' },
    { from: 'broker' },
    { from: 'signals' },
    fillsAt(start, [{ side: 'sell', instrument: NQ }], 'a.jsonl'),
    fillsAt(start, [{ after: 300_000, side: 'buy', instrument: MNQ }], 'b.jsonl'),
  ]
  const rules: EngineOptions = {
    ...RULES,
    chain: ['exit-side', 'last'],
    matching: 'fifo',
    pairs: true,
    ...ALL,
  }
  const scene = await startLive({
    sources: [
      socketOf(host),
      { feed: tradingviewScanner, symbols: [NQ, MNQ], url: host.origin, pace: 200_000 },
      {
        feed: tradovateUserData,
        symbols: [],
        url: broker.urlOf(tradovateUserData.conversation),
        credentials: given(tradovateUserData),
        exchangeUrl: broker.origin,
      },
      {
        feed: tradeManager,
        symbols: [NQ],
        url: signals.urlOf(tradeManager.conversation),
        credentials: given(tradeManager),
        exchangeUrl: signals.origin,
      },
    ],
    plans: plansAt,
    rules,
  })
  await playUntilMoved(host, scene)
  while (!scene.lines.some(line => line.includes('"book":"fills"'))) await broker.play(40, 1_000)
  await signals.play(40, 1_000)
  for (const venue of [host, broker, signals]) venue.drop()
  await untilStale(scene)
  await playUntilMoved(host, scene)
  await scene.until(lines => lines.some(line => line.includes('"book":"file-2"')))
  await expectReplayEqual(scene, plansAt(scene.look().start), rules)
})

test('a recording in parts is replayed as one tape, and is the same', async () => {
  const host = await hostOf(4, tradingviewSocket.conversation)
  const plansAt = (start: number) => [fillsAt(start, [{ side: 'buy', instrument: NQ }])]
  const scene = await startLive({
    sources: [socketOf(host)],
    plans: plansAt,
    rotate: { bytes: 10_000 },
  })
  await playUntilMoved(host, scene, 30)
  await expectReplayEqual(scene, plansAt(scene.look().start))
  expect(scene.recording.parts).toBeGreaterThan(1)
})

test.each([1, 2, 3, 4])('whatever happens meanwhile it is the same (seed %i)', async seed => {
  const random = seededRandom(seed)
  const host = await hostOf(seed, tradingviewSocket.conversation)
  const fills = Array.from({ length: 6 }, () => ({
    after: randomInteger(random, 0, 900_000),
    side: random.next() < 0.5 ? ('buy' as const) : ('sell' as const),
    instrument: random.next() < 0.5 ? NQ : MNQ,
  }))
  // Never flat, so that quotes always move something.
  const opening: At = { side: 'buy', instrument: NQ, quantity: '10' }
  const plansAt = (start: number) => [fillsAt(start, [...fills, opening])]
  const rules: EngineOptions = { ...RULES, ...ALL, staleAfter: randomInteger(random, 20_000, 200_000) }
  const scene = await startLive({ sources: [socketOf(host)], plans: plansAt, rules })
  for (let step = 0; step < 6; step += 1) await happen(random, host, scene)
  await scene.until(lines => count(lines, 'fill') === 7)
  await expectReplayEqual(scene, plansAt(scene.look().start), rules)
})

async function happen(random: Random, host: Host, scene: LiveScene): Promise<void> {
  switch (randomInteger(random, 0, 3)) {
    case 0:
      return await playUntilMoved(host, scene, randomInteger(random, 1, 12))
    case 1:
      // A flood: more than the recorder takes one by one.
      return await host.play(150, 0)
    case 2:
      host.drop()
      return await playUntilMoved(host, scene, 1)
    default:
      await playUntilMoved(host, scene, 1)
      await untilStale(scene)
  }
}
