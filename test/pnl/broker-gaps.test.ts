import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isoFromEpochMicros } from '../../src/model/time.ts'
import { type BookPlan, type ReplayedBook, replayPnl } from '../../src/pnl/index.ts'
import type { EntryDraft } from '../../src/tape/entry.ts'
import { TapeReader, TapeWriter } from '../../src/tape/index.ts'
import { headerOf } from '../../tools/fixtures/script.ts'
import {
  ACCOUNT,
  fill,
  order,
  position,
  push,
  reply,
} from '../../tools/fixtures/tradovate-user-data/packets.ts'

const SECOND = 1_000_000
const feed = 'tradovate-user-data'
const url = 'wss://demo.tradovateapi.com/v1/websocket'
let folder = ''
let tapes = 0

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'feedtape-gaps-'))
})
afterAll(() => rm(folder, { recursive: true }))

type At = (seconds: number, conn?: number) => EntryDraft

const open: At = (seconds, conn = 1) => ({ kind: 'open', at: seconds * SECOND, conn, feed, url })
const resumed: At = (seconds, conn = 1) => ({ ...open(seconds, conn), resumed: true }) as EntryDraft
const closed =
  (by: 'us' | 'them'): At =>
  (seconds, conn = 1) => ({ kind: 'close', at: seconds * SECOND, conn, by })
const failed: At = (seconds, conn = 2) => ({
  kind: 'fail',
  at: seconds * SECOND,
  conn,
  feed,
  url,
  cause: 'refused',
  reason: 'synthetic',
})
const lost: At = seconds => ({ kind: 'lost', at: seconds * SECOND, from: 3, to: 4, reason: 'synthetic' })
const paused: At = (seconds, conn = 1) => ({ kind: 'pause', at: seconds * SECOND, conn, reason: 'synthetic' })
const said =
  (...items: readonly object[]): At =>
  (seconds, conn = 1) => {
    const text = `a[${items.map(item => JSON.stringify(item)).join(',')}]`
    return { kind: 'frame', at: seconds * SECOND, conn, dir: 'in', op: 'text', text }
  }

const held = push('position', position(1, { netPrice: 25600.25 }), 'Updated')
const bought = [push('order', order(8, 'Filled')), push('fill', fill(9, 8), 'Created')]
const lists = { users: [], accounts: [{ id: ACCOUNT }], cashBalances: [], orders: [order(8, 'Filled')] }
const answered = (positions: readonly object[], fills: readonly object[] = []): At =>
  said(reply(2, { ...lists, positions, fills }))

async function tapeOf(drafts: readonly EntryDraft[], end: number, lead?: number): Promise<TapeReader> {
  tapes += 1
  const path = join(folder, `${tapes}.tape.jsonl`)
  const header = headerOf({ feed, name: `gaps ${tapes}` })
  const writer = await TapeWriter.create(path, { ...header, ...(lead === undefined ? {} : { lead }) })
  for (const draft of drafts) writer.append(draft)
  await writer.seal(end * SECOND)
  return TapeReader.open(path)
}

async function replayed(
  from: 'broker' | 'fills',
  ...sources: readonly TapeReader[]
): Promise<ReplayedBook & { readonly events: readonly string[] }> {
  const events: string[] = []
  const plan: BookPlan = { from }
  try {
    const result = await replayPnl(
      sources,
      plan,
      { chain: ['last'], staleAfter: 60 * SECOND },
      {
        changed: ({ kind, at }, { uncertainSince }) => {
          const since = uncertainSince === undefined ? '' : ` since ${clockOf(uncertainSince)}`
          events.push(`${clockOf(at)} ${kind}${since}`)
        },
      },
    )
    return { ...result, events }
  } finally {
    for (const source of sources) await source.close()
  }
}

const clockOf = (at: number): string => isoFromEpochMicros(at).slice(17, 19)

describe('no gap', () => {
  test('a connection that never spoke of positions may come and go', async () => {
    const tape = await tapeOf([open(1), said(held)(2), open(3, 2), closed('them')(4, 2)], 5)
    const { events, source } = await replayed('broker', tape)
    expect(events).toEqual(['02 position'])
    expect(source).not.toHaveProperty('gaps')
  })

  test('the end of a recording, which ends its own connections', async () => {
    const tape = await tapeOf([open(1), said(held)(2), closed('us')(3)], 4)
    expect((await replayed('broker', tape)).events).toEqual(['02 position'])
  })

  test('a pause loses nothing', async () => {
    const tape = await tapeOf([open(1), said(held)(2), paused(3), said(held)(5)], 6)
    expect((await replayed('broker', tape)).events).toEqual(['02 position'])
  })
})

describe('a position is uncertain', () => {
  test.each([
    ['a connection that the venue closes', [closed('them')(3)]],
    ['entries that are lost', [lost(3)]],
  ] as const)('since %s, until the end where nobody confirms it', async (_, entries) => {
    for (const [from, word] of [
      ['broker', said(held)],
      ['fills', said(...bought)],
    ] as const) {
      const { events, source, positions } = await replayed(
        from,
        await tapeOf([open(1), word(2), ...entries], 9),
      )
      expect(events.at(-1)).toBe('03 uncertain since 03')
      expect(source).toMatchObject({ gaps: 1, unconfirmed: 1 })
      expect(clockOf(positions[0]?.uncertainSince ?? 0)).toBe('03')
    }
  })

  test('since we ended its connection, once the tape goes on with another', async () => {
    const tape = await tapeOf([open(1), said(held)(2), closed('us')(3), open(6, 2)], 9)
    expect((await replayed('broker', tape)).events).toEqual(['02 position', '06 uncertain since 03'])
    const vain = await tapeOf([open(1), said(held)(2), closed('us')(3), failed(6)], 14)
    expect((await replayed('broker', vain)).events).toEqual(['02 position', '13 uncertain since 03'])
  })

  test('since its tape ended, once another tape goes on for ten seconds', async () => {
    const account = await tapeOf([open(1), said(held)(2), closed('us')(3)], 3)
    const other = await tapeOf([{ kind: 'mark', at: 0, note: 'synthetic' }], 14)
    expect((await replayed('broker', account, other)).events).toEqual([
      '02 position',
      '13 uncertain since 03',
    ])
  })

  test('since its tape ended with its connection open, once another tape goes on for ten seconds', async () => {
    const other = await tapeOf([{ kind: 'mark', at: 0, note: 'synthetic' }], 17)
    const account = await tapeOf(
      [open(1), said(held)(2), { kind: 'mark', at: 4 * SECOND, note: 'synthetic' }],
      6,
    )
    const { events, source } = await replayed('broker', account, other)
    expect(events).toEqual(['02 position', '16 uncertain since 06'])
    expect(source).toMatchObject({ gaps: 1, unconfirmed: 1 })
    const alone = await replayed('broker', await tapeOf([open(1), said(held)(2)], 40))
    expect(alone.events).toEqual(['02 position'])
  })

  test('not where its tape is an export, which ends with its last row', async () => {
    const file: At = seconds => ({ ...open(seconds), url: 'file:Fills.csv' }) as EntryDraft
    const exported = await tapeOf([file(1), said(...bought)(2)], 2)
    const other = await tapeOf([{ kind: 'mark', at: 0, note: 'synthetic' }], 40)
    expect((await replayed('fills', exported, other)).events).toEqual(['02 fill'])
  })

  test('not where another tape has said it since its own ended', async () => {
    const account = await tapeOf([open(1), said(held)(2), closed('us')(3)], 3)
    const later = await tapeOf([open(4), said(held)(5), closed('us')(15)], 16)
    const { events, source } = await replayed('broker', account, later)
    expect(events).toEqual(['02 position'])
    expect(source).toMatchObject({ gaps: 1, unconfirmed: 0 })
  })

  test('since the later of two ends, where it was said between them', async () => {
    const account = await tapeOf([open(1), said(held)(2), closed('us')(3)], 3)
    const later = await tapeOf([open(4), said(held)(5), closed('us')(6)], 6)
    const other = await tapeOf([{ kind: 'mark', at: 0, note: 'synthetic' }], 30)
    const { events, source } = await replayed('broker', account, later, other)
    expect(events).toEqual(['02 position', '16 uncertain since 06'])
    expect(source).toMatchObject({ gaps: 2, unconfirmed: 1 })
  })

  test('since a part of the recording that is missing', async () => {
    const tape = await tapeOf([open(1), said(held)(2), resumed(4, 1)], 9)
    expect((await replayed('broker', tape)).events).toEqual(['02 position', '04 uncertain since 04'])
  })

  test('where only the lead of a cut tape told it', async () => {
    const tape = await tapeOf([open(1), said(held)(2), said({ e: 'clock' })(5)], 9, 3)
    const { events, source } = await replayed('broker', tape)
    expect(events).toEqual(['02 position since 02'])
    expect(source).toMatchObject({ gaps: 1, unconfirmed: 1 })
  })
})

describe('behind a gap the broker’s position', () => {
  const before = [open(1), said(held)(2), closed('them')(3), open(4, 2)]

  test('is confirmed by the same word again', async () => {
    const { events } = await replayed('broker', await tapeOf([...before, said(held)(5, 2)], 9))
    expect(events).toEqual(['02 position', '03 uncertain since 03', '05 confirmed'])
  })

  test('is what the next word says', async () => {
    const word = push('position', position(-1, { netPrice: 25601 }), 'Updated')
    const { events } = await replayed('broker', await tapeOf([...before, said(word)(5, 2)], 9))
    expect(events.at(-1)).toBe('05 position')
  })

  test('is flat where a whole answer has it no more, and not by a part of one', async () => {
    const whole = await replayed('broker', await tapeOf([...before, answered([])(5, 2)], 9))
    expect(whole.events.at(-1)).toBe('05 position')
    expect(whole.positions[0]?.quantity).toEqual({ mantissa: 0, scale: 0 })
    const part = said(reply(2, { accounts: [{ id: ACCOUNT }], positions: [] }))
    const split = await replayed('broker', await tapeOf([...before, part(5, 2)], 9))
    expect(split.events.at(-1)).toBe('03 uncertain since 03')
  })

  test('is not flat where a position of the answer cannot be read', async () => {
    const broken = answered([{ id: 1, accountId: ACCOUNT, contractId: 1 }])
    const { events } = await replayed('broker', await tapeOf([...before, broken(5, 2)], 9))
    expect(events.at(-1)).toBe('03 uncertain since 03')
  })
})

describe('behind a gap a position of fills', () => {
  const before = [open(1), said(...bought)(2), closed('them')(3), open(4, 2)]
  const one = position(1, { netPrice: 25600.25 })

  test('is confirmed by the broker’s, behind the fills of the same answer', async () => {
    const { events } = await replayed(
      'fills',
      await tapeOf([...before, answered([one], [fill(9, 8)])(5, 2)], 9),
    )
    expect(events).toEqual(['02 fill', '03 uncertain since 03', '05 confirmed'])
    const two = answered([position(2, { netPrice: 25600.25 })], [fill(9, 8), fill(10, 8)])
    const missed = await replayed('fills', await tapeOf([...before, two(5, 2)], 9))
    expect(missed.events.slice(2)).toEqual(['05 fill since 03', '05 confirmed'])
  })

  test('stays uncertain where the broker’s is another, and that is said', async () => {
    const tape = await tapeOf([...before, answered([position(3)], [fill(9, 8)])(5, 2)], 9)
    const { events, source } = await replayed('fills', tape)
    expect(events.at(-1)).toBe('03 uncertain since 03')
    expect(source).toMatchObject({ repeated: 1, gaps: 1, unconfirmed: 1, brokerDiffers: 1 })
  })

  test('of a contract that nobody held before is uncertain, too, until all is told', async () => {
    const other = fill(11, 8, { contractId: 3267316 })
    const pushed = said(push('fill', other, 'Created'))(5, 2)
    const answer = answered([one, { ...one, id: 701, contractId: 3267316 }], [fill(9, 8), other])(6, 2)
    const { events } = await replayed('fills', await tapeOf([...before, pushed, answer], 9))
    expect(events.slice(2)).toEqual(['05 fill since 03', '06 confirmed', '06 confirmed'])
  })

  test('that begins behind a whole answer is in no doubt, also where that was flat and before any fill', async () => {
    const flat = answered([])
    const story = [open(1), flat(2), closed('them')(3), open(4, 2), flat(5, 2), said(...bought)(6, 2)]
    const { events, source } = await replayed('fills', await tapeOf(story, 9))
    expect(events).toEqual(['06 fill'])
    expect(source).toMatchObject({ gaps: 1, unconfirmed: 0 })
    // The second answer does not come.
    const untold = story.filter(entry => entry.at !== 5 * SECOND)
    expect((await replayed('fills', await tapeOf(untold, 9))).events).toEqual(['06 fill since 03'])
  })

  test('that begins behind a whole answer of another tape is in no doubt when ten seconds have passed', async () => {
    const first = await tapeOf([open(1), answered([])(2), closed('us')(3)], 3)
    const flat = [open(4), answered([])(5), said(...bought)(6), closed('us')(20)]
    expect((await replayed('fills', first, await tapeOf(flat, 20))).events).toEqual(['06 fill'])
    const again = await tapeOf([open(1), answered([])(2), closed('us')(3)], 3)
    const untold = flat.filter(entry => entry.at !== 5 * SECOND)
    expect((await replayed('fills', again, await tapeOf(untold, 20))).events).toEqual([
      '06 fill',
      '13 uncertain since 03',
    ])
  })

  test('is not confirmed by fills alone: how far back they are listed is not known', async () => {
    const fills = said(reply(2, { fills: [fill(9, 8)] }))
    const { source } = await replayed('fills', await tapeOf([...before, fills(5, 2)], 9))
    expect(source).toMatchObject({ unconfirmed: 1 })
  })

  test('is confirmed later, by what the broker pushes', async () => {
    const { events } = await replayed('fills', await tapeOf([...before, said(held)(6, 2)], 9))
    expect(events.at(-1)).toBe('06 confirmed')
  })
})
