import { mkdtempSync, rmSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { inspectTape } from '../../src/inspect/index.ts'
import { readConfig } from '../../src/instruments/index.ts'
import { decimalText } from '../../src/model/decimal.ts'
import { randomInteger, seededRandom } from '../../src/model/random.ts'
import { parseMarkChain, readPositions, replayPnl, replayToLines } from '../../src/pnl/index.ts'
import { runCli } from '../cli/run-cli.ts'
import { Conversations } from './two-feeds.ts'

const folder = mkdtempSync(join(tmpdir(), 'feedtape-identity-'))
afterAll(() => rmSync(folder, { recursive: true }))

const NQZ6 = 3267315
const NQH7 = 3267316
const T = '2025-12-18T04:10:50.000Z'
const options = { chain: parseMarkChain('exit-side,last'), staleAfter: 600_000_000 }
const buy = (instrument: string, price = '100') => ({ instrument, side: 'buy', quantity: '1', price })
const fills = (...list: object[]) => readPositions(list.map(one => JSON.stringify(one)).join('\n'), 'f.jsonl')
let tapes = 0

function tapeOf(talk: Conversations) {
  tapes += 1
  return talk.tape(folder, `${tapes}`)
}

async function replayed(talk: Conversations, positions: ReturnType<typeof fills>, config?: object) {
  const { instruments } = readConfig(JSON.stringify({ instruments: config ?? {} }), 'c.json')
  const tape = await tapeOf(talk)
  const run = replayPnl([tape], positions, { ...options, config: instruments })
  const result = await run.finally(() => tape.close())
  const shown = result.positions.map(({ instrument, mark, unrealized, unpriced }) => ({
    instrument,
    mark: mark === undefined ? unpriced?.reason : decimalText(mark.price),
    unrealized: unrealized === undefined ? undefined : decimalText(unrealized),
  }))
  return { ...result, shown }
}

describe('a position in NQZ6', () => {
  it('is marked by nothing while nobody has said what the others mean', async () => {
    const talk = new Conversations()
      .tradovate(NQZ6, 110, 111, T)
      .tradeManager('NQ1!', 120, 121)
      .tradingview('CME_MINI:NQ1!', { lp: 130 })
    const { shown, identities } = await replayed(talk, fills(buy('NQZ6')))
    expect(shown).toEqual([{ instrument: 'NQZ6', mark: 'no price yet', unrealized: undefined }])
    expect(identities).toEqual([])
  })

  it('is marked by the contract id’s quotes from the look-up on, also by those that came before it', async () => {
    const talk = new Conversations().tradovate(NQZ6, 110, 111, T).lookUp(NQZ6, 'NQZ6', false)
    const { shown, identities } = await replayed(talk, fills(buy('NQZ6')))
    expect(shown).toEqual([{ instrument: 'NQZ6', mark: '110', unrealized: '200' }])
    expect(identities).toMatchObject([
      { name: 'NQZ6', words: [{ word: '3267315', is: 'NQZ6', source: { kind: 'wire', says: 'symbol' } }] },
    ])
  })

  it('is marked by NQ1! where the wire calls the contract the front one, and never by NQ2!', async () => {
    const talk = new Conversations()
      .lookUp(NQZ6, 'NQZ6', true)
      .tradeManager('NQ1!', 120, 121)
      .tradeManager('NQ2!', 900, 901)
    const { shown, identities } = await replayed(talk, fills(buy('CME_MINI:NQZ2026')))
    expect(shown).toEqual([{ instrument: 'CME_MINI:NQZ2026', mark: '120', unrealized: '400' }])
    expect(identities.flatMap(({ words }) => words.map(({ word }) => word)).sort()).toEqual([
      '3267315',
      'NQ1!',
      'NQZ6',
    ])
  })

  it('is marked by the names that the config equates, at once', async () => {
    const talk = new Conversations().tradovate(NQZ6, 110, 111, T).tradingview('CME_MINI:NQ1!', { bid: 130 })
    const config = { [NQZ6]: { is: 'NQZ6' }, 'NQ1!': { is: 'CME_MINI:NQZ2026' } }
    const { shown } = await replayed(talk, fills(buy('NQZ26')), config)
    expect(shown).toEqual([{ instrument: 'CME_MINI:NQZ2026', mark: '130', unrealized: '600' }])
  })

  it('has one line for the equation that moved its figures', async () => {
    const tape = await tapeOf(new Conversations().tradovate(NQZ6, 110, 111, T).lookUp(NQZ6, 'NQZ6', false))
    const lines: string[] = []
    await replayToLines([tape], fills(buy('NQZ6')), options, line => lines.push(line))
    await tape.close()
    const events = lines.map(line => JSON.parse(line)).filter(({ kind }) => kind === 'facts')
    expect(events.map(({ instrument, mark }) => [instrument, mark])).toEqual([['NQZ6', '110']])
    const [identity] = lines.map(line => JSON.parse(line)).filter(({ kind }) => kind === 'identity')
    expect(identity.words).toEqual([
      {
        word: '3267315',
        is: 'NQZ6',
        by: 'wire:tradovate-market-data',
        says: 'symbol',
        tape: tape.header.id,
        seq: 6,
      },
    ])
  })
})

it('a position comes to the same figures wherever on the tape the names are found to be one', async () => {
  for (let seed = 1; seed <= 25; seed += 1) {
    const random = seededRandom(seed)
    const price = (): number => randomInteger(random, 400, 480) / 4
    const updates = Array.from({ length: 12 }, () => [random.next(), price()] as const)
    const figures = new Set<string>()
    for (const place of [0, randomInteger(random, 1, 11), 12]) {
      const talk = new Conversations()
      for (let at = 0; at <= updates.length; at += 1) {
        if (at === place) talk.lookUp(NQZ6, 'NQZ6', true)
        const [draw, bid] = updates[at] ?? [1, 0]
        const time = `2025-12-18T04:10:${40 + at}.000Z`
        if (draw < 0.3) talk.tradeManager('NQ1!', bid, bid + 1)
        else if (draw < 0.6) talk.tradovate(NQZ6, bid, bid + 1, time)
        else if (draw < 1) talk.tradingview('CME_MINI:NQ1!', { bid, ask: bid + 1 })
      }
      const { shown } = await replayed(talk, fills(buy('NQZ2026')))
      figures.add(JSON.stringify(shown.map(({ mark, unrealized }) => [mark, unrealized])))
    }
    expect([...figures], `seed ${seed}`).toHaveLength(1)
  }
})

describe('a roll', () => {
  const rolled = () =>
    new Conversations()
      .lookUp(NQZ6, 'NQZ6', true)
      .tradeManager('NQ1!', 120, 121)
      .lookUp(NQH7, 'NQH7', true)
      .tradeManager('NQ1!', 500, 501)

  it('leaves the old position at its last mark, and the new price with the new contract', async () => {
    const { shown, rolls } = await replayed(rolled(), fills(buy('NQ1!'), buy('NQH7', '400')))
    expect(shown).toEqual(
      [
        { instrument: 'NQH7', mark: '500', unrealized: '2000' },
        { instrument: 'NQZ6', mark: '120', unrealized: '400' },
      ].reverse(),
    )
    expect(rolls).toMatchObject([{ word: 'NQ1!', from: 'NQZ6', to: 'NQH7' }])
  })

  it('is none while the config says what the name means: what the wire says is a contradiction', async () => {
    const { shown, rolls, contradictions } = await replayed(rolled(), fills(buy('NQ1!')), {
      'NQ1!': { is: 'NQZ6' },
    })
    expect(shown).toEqual([{ instrument: 'NQZ6', mark: '500', unrealized: '8000' }])
    expect(rolls).toEqual([])
    expect(contradictions).toMatchObject([
      {
        instrument: 'NQ1!',
        value: 'front',
        kept: { source: 'config', text: 'NQZ6' },
        other: { source: 'wire:tradovate-market-data', text: 'NQH7' },
      },
    ])
  })

  it('that takes the front back lets the name stand for itself again', async () => {
    const talk = new Conversations()
      .lookUp(NQZ6, 'NQZ6', true)
      .tradeManager('NQ1!', 120, 121)
      .maturity(NQZ6, false)
      .tradeManager('NQ1!', 500, 501)
    const { shown } = await replayed(talk, fills(buy('NQZ6')))
    expect(shown).toEqual([{ instrument: 'NQZ6', mark: '120', unrealized: '400' }])
  })
})

describe('fills of two names that turn out to be one', () => {
  const talk = () => new Conversations().lookUp(NQZ6, 'NQZ6', true)

  it('are refused where the tape says so only later', async () => {
    const run = replayed(talk(), fills(buy('NQ1!'), buy('NQZ6')))
    await expect(run).rejects.toMatchObject({ code: 'ambiguous' })
  })

  it('are one position where the config says so from the beginning', async () => {
    const { shown } = await replayed(
      talk().tradovate(NQZ6, 110, 111, T),
      fills(buy('NQ1!'), buy('NQZ6', '104')),
      { 'NQ1!': { is: 'NQZ6' } },
    )
    expect(shown).toEqual([{ instrument: 'NQZ6', mark: '110', unrealized: '320' }])
  })
})

describe('the commands', () => {
  const talk = () =>
    new Conversations().tradovate(NQZ6, 110, 111, T).tradeManager('NQ1!', 109, 112).lookUp(NQZ6, 'NQZ6', true)

  it('quotes has one line for all words, and says which is which', async () => {
    const path = await talk().write(folder, 'quotes')
    const { code, stdout } = await runCli(['quotes', path, '--json'])
    expect(code).toBe(0)
    const lines = stdout
      .trim()
      .split('\n')
      .map(line => JSON.parse(line))
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatchObject({
      instrument: 'NQZ6',
      updates: 2,
      words: [
        { word: '3267315', is: 'NQZ6', says: 'symbol' },
        { word: 'NQ1!', is: '3267315', says: 'isFront' },
      ],
    })
    const config = join(folder, 'words.json')
    await writeFile(config, '{"instruments":{"NQ2!":{"is":"NQH7"},"NQH7":{"is":"NQ2!"}}}')
    const { code: refused, stderr } = await runCli(['quotes', path, '--config', config])
    expect({ refused, isNamed: stderr.includes('instruments.NQ2!.is') }).toEqual({
      refused: 4,
      isNamed: true,
    })
    const { stdout: text } = await runCli(['quotes', path])
    expect(text).toContain('NQZ6 is also 3267315 (wire:tradovate-market-data symbol, entry 7 of ')
  })

  it('inspect counts them as one symbol, under the names as they were sent', async () => {
    const { symbols } = await inspectTape(await tapeOf(talk()))
    expect(symbols).toMatchObject([{ symbol: 'NQZ6', updates: 2 }])
    expect([...(symbols[0]?.names ?? [])].sort()).toEqual(['3267315', 'NQ1!'])
    const { stdout } = await runCli(['inspect', await talk().write(folder, 'inspect')])
    expect(stdout).toMatch(/NQZ6, also (3267315, NQ1!|NQ1!, 3267315)/)
  })
})
