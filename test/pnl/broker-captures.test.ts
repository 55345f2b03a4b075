import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readConfig } from '../../src/instruments/index.ts'
import { decimalText } from '../../src/model/decimal.ts'
import { bestSource, countWords, type ReplayedBook, replayPnl } from '../../src/pnl/index.ts'
import { TapeReader, TapeWriter } from '../../src/tape/index.ts'
import { headerOf } from '../../tools/fixtures/script.ts'
import { describeWithSamples } from '../samples.ts'
import { textOf } from './decimals.ts'

const feed = 'tradovate-user-data'

describeWithSamples('real captures of an account', samples => {
  const path = (...names: readonly string[]): string => join(samples, 'tradovate', ...names)
  const linesOf = (file: string): readonly string[] =>
    readFileSync(file, 'utf8')
      .split('\n')
      .filter(line => line.trim() !== '')
  const demo = linesOf(path('ws', 'demo_user_socket_2026-06-14.frames.jsonl')).map(
    line => JSON.parse(line) as { readonly t: number; readonly frame: string },
  )
  let folder = ''
  let tapes = 0

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'feedtape-captures-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  /** One connection's frames, each 1 ms behind the one before where it has no time. */
  async function tapeOf(frames: readonly { readonly t?: number; readonly frame: string }[]): Promise<string> {
    tapes += 1
    const file = join(folder, `${tapes}.tape.jsonl`)
    const writer = await TapeWriter.create(file, headerOf({ feed, name: 'captured' }))
    writer.append({ kind: 'open', at: 0, conn: 1, feed, url: 'wss://demo.tradovateapi.com/v1/websocket' })
    let at = 0
    for (const { t, frame } of frames) {
      at = t === undefined ? at + 1000 : Math.round(t * 1_000_000)
      writer.append({ kind: 'frame', at, conn: 1, dir: 'in', op: 'text', text: frame })
    }
    await writer.seal(at + 1000)
    return file
  }

  async function replayed(
    from: 'broker' | 'fills',
    file: string,
    instruments: object = {},
  ): Promise<ReplayedBook> {
    const tape = await TapeReader.open(file)
    const config = readConfig(JSON.stringify({ instruments }), 'test').instruments
    try {
      return await replayPnl([tape], { from }, { chain: ['last'], staleAfter: 60_000_000, config })
    } finally {
      await tape.close()
    }
  }

  test('a flat position without netPrice stays flat, with what its day has brought', async () => {
    const body = JSON.stringify(
      JSON.parse(readFileSync(path('rest', 'position_list_flat_2025-09-17.json'), 'utf8')),
    )
    const file = await tapeOf([{ frame: `a[{"s":200,"i":1,"d":${body}}]` }])
    // Made up: the sample's contract id is redacted, and its price is that of an ES.
    const { positions, source } = await replayed('broker', file, { '123455234': { pointValue: '50' } })
    const [only] = positions
    expect([only?.quantity, only?.average, only?.realized, only?.unrealized].map(textOf)).toEqual([
      '0',
      undefined,
      '25',
      '0',
    ])
    expect(source).toMatchObject({ account: '123455234', contracts: 1, words: 1 })
  })

  test('the demo of 2026-06-14 holds nothing by its broker and by its fills, and has one balance', async () => {
    const file = await tapeOf(demo)
    const broker = await replayed('broker', file)
    const fills = await replayed('fills', file)
    for (const { positions, contradictions, tallies, source } of [broker, fills]) {
      expect({ positions, contradictions }).toEqual({ positions: [], contradictions: [] })
      expect(tallies[0]?.dispositions()).toMatchObject({ unknown: 0, malformed: 0 })
      expect(source).not.toHaveProperty('gaps')
    }
    expect(fills.source).not.toHaveProperty('brokerDiffers')
    const balances = broker.source?.positions === 'broker' ? (broker.source.balances ?? []) : []
    expect(balances.map(({ account, amount }) => `${account} ${decimalText(amount)}`)).toEqual([
      '50000001 50000',
    ])
  })

  test('a reconnect of the demo, whose answer lists no position, leaves nothing uncertain', async () => {
    const twice = await tapeOf([...demo.slice(0, 2), ...demo.slice(0, 2)].map(({ frame }) => ({ frame })))
    const { source, positions } = await replayed('broker', twice)
    expect(positions).toEqual([])
    expect(source).toMatchObject({ contracts: 0, unlisted: 0 })
  })

  test('of the pushes of 2026-08-18 fills are the best, and make 6 MESU6', async () => {
    const lines = linesOf(path('ws', 'demo_user_sync_2026-08-18_MESU6.jsonl'))
    const file = await tapeOf(lines.map(line => ({ frame: `a[${line}]` })))
    const tape = await TapeReader.open(file)
    expect(bestSource(await countWords([tape]))).toEqual({
      source: 'fills',
      words: { fills: 4, broker: 0, signals: 0 },
    })
    await tape.close()
    const { positions } = await replayed('fills', file, { '4399631': { pointValue: '5' } })
    expect([positions[0]?.quantity, positions[0]?.average, positions[0]?.realized].map(textOf)).toEqual([
      '6',
      '7752',
      '-1.25',
    ])
  })
})
