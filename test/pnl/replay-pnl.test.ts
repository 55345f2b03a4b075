import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readConfig } from '../../src/instruments/index.ts'
import { decimalText } from '../../src/model/decimal.ts'
import { parseMarkChain, readPositions, replayPnl, replayToLines } from '../../src/pnl/index.ts'
import { TapeReader } from '../../src/tape/index.ts'
import { type FixtureScript, open, type Step, wait } from '../../tools/fixtures/script.ts'
import { qsd, receive } from '../../tools/fixtures/tradingview-socket/packets.ts'
import { makeFixture } from '../../tools/make-fixtures.ts'

const QS = 'qs_SyntheticAaa'

async function tapeOf(name: string, steps: readonly Step[]): Promise<TapeReader> {
  const folder = await mkdtemp(join(tmpdir(), 'feedtape-pnl-'))
  const script: FixtureScript = { feed: 'tradingview-socket', name, about: 'a test', steps: [open, ...steps] }
  await makeFixture(script, folder)
  return TapeReader.open(join(folder, `${name}.tape.jsonl`))
}

const options = { chain: parseMarkChain('last'), staleAfter: 60_000_000 }
const fillsOf = (...fills: object[]) =>
  readPositions(fills.map(f => JSON.stringify(f)).join('\n'), 'fills.jsonl')
const buy = (instrument: string, price: string, at?: string) => {
  return { instrument, side: 'buy', quantity: '1', price, ...(at === undefined ? {} : { at }) }
}

describe('names without an exchange', () => {
  it('a bare name that two instruments of the tape have is refused, with both', async () => {
    const tape = await tapeOf('two', [
      receive(qsd(QS, 'CME_MINI:NQ1!', { lp: 1 })),
      receive(qsd(QS, 'OTHER:NQ1!', { lp: 2 })),
    ])
    const run = replayPnl([tape], fillsOf(buy('NQ1!', '1')), options)
    await expect(run).rejects.toMatchObject({ code: 'ambiguous', found: 'CME_MINI:NQ1!, OTHER:NQ1!' })
  })

  it('a bare and a full name in one positions file are one position', async () => {
    const tape = await tapeOf('both', [receive(qsd(QS, 'CME_MINI:NQ1!', { lp: 110 }))])
    const { positions } = await replayPnl(
      [tape],
      fillsOf(buy('NQ1!', '100'), buy('CME_MINI:NQ1!', '104')),
      options,
    )
    expect(positions).toHaveLength(1)
    expect(positions.map(p => [p.instrument, decimalText(p.quantity)])).toEqual([['CME_MINI:NQ1!', '2']])
    // (110 − 100) × 20 + (110 − 104) × 20
    expect(positions[0]?.unrealized).toEqual({ mantissa: 320, scale: 0 })
  })

  it('a bare name finds its instrument when that comes, and the config under the bare name goes along', async () => {
    const tape = await tapeOf('later', [wait(1), receive(qsd(QS, 'XCME:ZZ1!', { lp: 12 }))])
    const config = readConfig(
      '{"instruments":{"ZZ1!":{"pointValue":"7","currency":"USD"}}}',
      'c.json',
    ).instruments
    const { positions } = await replayPnl([tape], fillsOf(buy('ZZ1!', '10')), { ...options, config })
    expect(positions[0]?.unrealized).toEqual({ mantissa: 14, scale: 0 })
    const again = await tapeOf('later-full', [receive(qsd(QS, 'XCME:ZZ1!', { lp: 12 }))])
    const full = await replayPnl([again], fillsOf(buy('XCME:ZZ1!', '10')), { ...options, config })
    expect(full.positions[0]?.unrealized).toEqual({ mantissa: 14, scale: 0 })
  })
})

describe('order at one time', () => {
  it('a price that grows stale does so before a fill of that moment, and a fill comes before the entry', async () => {
    const tape = await tapeOf('order', [
      receive(qsd(QS, 'CME_MINI:MNQ1!', { lp: 100 })),
      wait(59.999001),
      receive('~h~1'),
      receive(qsd(QS, 'CME_MINI:MNQ1!', { lp: 101 })),
    ])
    const lines: { kind: string; at: string; mark: string | null }[] = []
    // The price of entry 3 (00:00.002) is stale from 01:00.002001 on; the fill is at that microsecond.
    const fills = fillsOf(
      buy('CME_MINI:MNQ1!', '100'),
      buy('CME_MINI:MNQ1!', '100', '2026-03-02T15:01:00.002001Z'),
    )
    await replayToLines([tape], fills, options, line => lines.push(JSON.parse(line)))
    const events = lines.filter(({ kind }) => ['fill', 'quote', 'stale'].includes(kind))
    expect(events.map(({ kind, mark }) => [kind, mark])).toEqual([
      ['fill', null],
      ['quote', '100'],
      ['stale', null],
      ['fill', null],
      ['quote', '101'],
    ])
  })

  it('entries of two tapes at one time come in the order in which the tapes are named', async () => {
    const tapes = async () => [
      await tapeOf('first', [receive(qsd(QS, 'CME_MINI:MNQ1!', { lp: 100 }))]),
      await tapeOf('second', [receive(qsd(QS, 'CME_MINI:MNQ1!', { lp: 200 }))]),
    ]
    const final = async (order: readonly TapeReader[]) =>
      (await replayPnl(order, fillsOf(buy('CME_MINI:MNQ1!', '100')), options)).positions[0]?.unrealized
    expect(await final(await tapes())).toEqual({ mantissa: 200, scale: 0 })
    expect(await final((await tapes()).reverse())).toEqual({ mantissa: 0, scale: 0 })
  })
})

describe('fills and the tape’s time', () => {
  it('a fill after the end of the tape is refused with its line', async () => {
    const tape = await tapeOf('late', [receive(qsd(QS, 'CME_MINI:MNQ1!', { lp: 100 }))])
    const run = replayPnl([tape], fillsOf(buy('CME_MINI:MNQ1!', '1', '2026-03-02T16:00:00Z')), options)
    await expect(run).rejects.toMatchObject({ code: 'bad-positions', where: 'fills.jsonl:1 at' })
  })
})
