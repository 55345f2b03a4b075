import { describe, expect, it } from 'vitest'
import { Identities, type IdentitiesOptions, readConfig } from '../../src/instruments/index.ts'
import type { InstrumentFacts } from '../../src/model/observation.ts'

const date = (day: string): number => Date.parse(day) * 1_000
const DATE = date('2026-03-02')

/** Identities with a record of what they told. */
function room(options: IdentitiesOptions & { readonly words?: Readonly<Record<string, string>> } = {}) {
  const told: string[] = []
  const instruments = Object.fromEntries(
    Object.entries(options.words ?? {}).map(([word, is]) => [word, { is }]),
  )
  const identities = new Identities({
    date: DATE,
    config: readConfig(JSON.stringify({ instruments }), 'c.json').instruments,
    moved: (from, to) => told.push(`${from} to ${to}`),
    rolled: (from, to) => told.push(`${from} then ${to}`),
    ...options,
  })
  let seq = 0
  const learn = (name: string, facts: Partial<InstrumentFacts>, feed = 'feed'): boolean => {
    seq += 1
    return identities.learn({ kind: 'instrument', session: '', name, ...facts }, { feed, tape: 't', seq })
  }
  /** After all of them were met. */
  const meanings = (...names: string[]): string[] => {
    for (const name of names) identities.canonical(name)
    return names.map(name => identities.canonical(name))
  }
  return { identities, learn, meanings, told }
}

describe('words that are never one by themselves', () => {
  it.each([
    ['CME_MINI:NQZ2026', 'CME_MINI:NQH2027'],
    ['CME_MINI:NQ1!', 'CME_MINI:NQZ2026'],
    ['CME_MINI:NQ1!', 'CME_MINI:NQ2!'],
    ['CME_MINI:NQ1!', 'CME_MINI:MNQ1!'],
    ['CME_MINI:NQ1!', 'CBOT:NQ1!'],
    ['COMEX:SI1!', 'ICEEUR:SI1!'],
    ['3267315', 'NQZ6'],
    ['NQZ6', '={"symbol":"NQZ6","currency-id":"EUR"}'],
    // No root of the table: perhaps two shares.
    ['BMFBOVESPA:KLBN4', 'BMFBOVESPA:KLBN34'],
    ['NSE:JUNIPER', 'BSE:JUNIPER'],
  ])('%s and %s', (one, other) => {
    const { meanings } = room()
    expect(new Set(meanings(one, other)).size).toBe(2)
  })

  it('a one-digit year where the recording’s date is not known', () => {
    const identities = new Identities()
    expect(identities.canonical('NQZ6')).not.toBe(identities.canonical('NQZ2026'))
  })
})

describe('spellings of one contract', () => {
  const SPELLINGS = ['NQZ6', 'NQZ26', 'NQZ2026', 'CME:NQZ2026', 'CME_MINI:NQZ6', 'CME_MINI:NQZ2026']

  it('are one, under the fullest of them, in whatever order they come', () => {
    for (let turn = 0; turn < SPELLINGS.length; turn += 1) {
      const order = [...SPELLINGS.slice(turn), ...SPELLINGS.slice(0, turn)]
      for (const names of [order, order.toReversed()]) {
        const { identities, meanings } = room()
        for (const name of names) identities.canonical(name)
        expect(new Set(meanings(...names))).toEqual(new Set(['CME_MINI:NQZ2026']))
        expect(
          identities
            .identity('NQZ6')
            .words.map(({ word }) => word)
            .sort(),
        ).toEqual(SPELLINGS.filter(name => name !== 'CME_MINI:NQZ2026').sort())
      }
    }
  })

  it.each([
    ['2026-01-02', 'NQZ5', 'NQZ2025'],
    ['2026-01-02', 'NQZ6', 'NQZ2026'],
    ['2026-01-02', 'NQZ4', 'NQZ2034'],
    ['2025-12-31', 'NQZ4', 'NQZ2024'],
    ['2029-06-01', 'NQZ0', 'NQZ2030'],
    ['2030-06-01', 'NQZ9', 'NQZ2029'],
    ['2026-01-02', 'NQZ09', 'NQZ2009'],
    ['2026-01-02', 'NQZ75', 'NQZ2075'],
    ['2026-01-02', 'NQZ76', 'NQZ1976'],
  ])('on a recording of %s %s is %s', (day, short, full) => {
    const { meanings } = room({ date: date(day) })
    expect(new Set(meanings(short, full)).size).toBe(1)
    const year = Number(full.slice(-4))
    for (const other of [year - 10, year + 10]) {
      expect(meanings(`NQZ${other}`, short)[0]).not.toBe(meanings(short)[0])
    }
  })

  it('of a root that no table has are one once a wire has called it a root', () => {
    const { learn, meanings, told } = room()
    expect(new Set(meanings('XYZZ6', 'XYZZ2026')).size).toBe(2)
    expect(learn('77', { symbol: 'XYZZ6', root: 'XYZ' })).toBe(true)
    expect(new Set(meanings('XYZZ6', 'XYZZ2026', '77'))).toEqual(new Set(['XYZZ2026']))
    expect(told).toContain('XYZZ6 to XYZZ2026')
  })

  it('of a continuous symbol are one over the exchange’s two names', () => {
    const { identities, meanings } = room()
    meanings('NQ1!', 'CME:NQ1!', 'CME_MINI:NQ1!')
    expect(new Set(meanings('NQ1!', 'CME:NQ1!'))).toEqual(new Set(['CME_MINI:NQ1!']))
    expect(identities.candidates('NQ1!')).toEqual([])
  })
})

describe('a name without an exchange', () => {
  it('has candidates where two instruments have its ticker, and goes on to mean the first', () => {
    const { identities, meanings } = room()
    meanings('SIZ6', 'COMEX:SIZ2026', 'ICEEUR:SIZ2026')
    expect(identities.candidates('SIZ26')).toEqual(['COMEX:SIZ2026', 'ICEEUR:SIZ2026'])
    expect(meanings('SIZ6')).toEqual(['COMEX:SIZ2026'])
  })

  it('is what the wire calls it in full, and then it is not ambiguous', () => {
    const { identities, learn, meanings } = room()
    learn('NQ1!', { symbol: 'OTHER:NQ1!' })
    expect(meanings('CME_MINI:NQ1!', 'NQ1!')).toEqual(['CME_MINI:NQ1!', 'OTHER:NQ1!'])
    expect(identities.candidates('NQ1!')).toEqual([])
  })

  it('is no bridge between two instruments, whatever the wire calls it later', () => {
    const { identities, learn, meanings } = room()
    meanings('NQ1!', 'CME_MINI:NQ1!', 'OTHER:NQ1!')
    learn('NQ1!', { symbol: 'OTHER:NQ1!' })
    expect(meanings('NQ1!', 'OTHER:NQ1!')).toEqual(['CME_MINI:NQ1!', 'OTHER:NQ1!'])
    expect(identities.candidates('NQ1!')).toHaveLength(2)
  })

  it('is not renamed by a wire to another ticker: a share’s feed is not its exchange', () => {
    const { learn, meanings } = room()
    learn('NASDAQ:AAPL', { symbol: 'BATS:AAPL' })
    learn('AAPL', { symbol: 'BATS:APPLE' })
    expect(meanings('AAPL', 'BATS:APPLE')).toEqual(['AAPL', 'BATS:APPLE'])
  })
})

describe('a contract id', () => {
  it('stands for itself, and then for what its feed calls it; what was kept moves', () => {
    const { learn, meanings, told } = room()
    expect(meanings('3267315')).toEqual(['3267315'])
    expect(learn('3267315', { symbol: 'NQZ6' })).toBe(true)
    expect(learn('3267315', { symbol: 'NQZ6' })).toBe(false)
    expect(meanings('3267315', 'NQZ2026', '3267315')).toEqual(['NQZ2026', 'NQZ2026', 'NQZ2026'])
    expect(told).toEqual(['3267315 to NQZ6', 'NQZ6 to NQZ2026'])
  })

  it('is no share of the same digits, named or not, in whatever order they come', () => {
    const { learn, meanings } = room()
    learn('7203', { symbol: 'NQZ6' })
    expect(meanings('7203', 'TSE:7203')).toEqual(['NQZ6', 'TSE:7203'])
    for (const order of [
      ['7203', 'TSE:7203'],
      ['TSE:7203', '7203'],
    ]) {
      const later = room()
      expect(later.meanings(...order)).toEqual(order)
      later.learn('7203', { symbol: 'NQZ6' })
      expect(later.meanings('TSE:7203', '7203')).toEqual(['TSE:7203', 'NQZ6'])
    }
  })

  it('keeps its first name where another contradicts it, and the report says who and where', () => {
    const { identities, learn, meanings } = room()
    learn('3267315', { symbol: 'NQZ6' }, 'a')
    learn('3267315', { symbol: 'NQH7' }, 'b')
    expect(meanings('3267315', 'NQH7')).toEqual(['NQZ6', 'NQH7'])
    expect(identities.contradictions()).toEqual([
      {
        instrument: '3267315',
        value: 'contract',
        kept: { source: 'wire:a', text: 'NQZ6', tape: 't', seq: 1 },
        other: { source: 'wire:b', text: 'NQH7', tape: 't', seq: 2 },
      },
    ])
  })
})

describe('a continuous symbol', () => {
  it('means the front contract that the venue names, in all its spellings', () => {
    const { identities, learn, meanings } = room()
    learn('CME_MINI:NQ1!', { front: 'CME_MINI:NQZ2026' })
    expect(new Set(meanings('NQ1!', 'CME:NQ1!', 'NQZ6'))).toEqual(new Set(['CME_MINI:NQZ2026']))
    expect(identities.identity('NQ1!').words).toMatchObject([
      { word: 'NQZ6', is: 'CME_MINI:NQZ2026', source: { kind: 'ticker' } },
      { word: 'CME_MINI:NQ1!', is: 'CME_MINI:NQZ2026', source: { says: 'front' } },
      { word: 'NQ1!', is: 'CME_MINI:NQ1!', source: { kind: 'ticker' } },
      { word: 'CME:NQ1!', is: 'CME_MINI:NQ1!', source: { kind: 'spelling' } },
    ])
  })

  it.each(['NQ2!', 'MNQ1!', 'BMFBOVESPA:NQ1!', 'CME_MINI:ES1!'])('%s is not the front of NQ', name => {
    for (const isBefore of [true, false]) {
      const { learn, meanings } = room()
      if (isBefore) meanings(name)
      learn('3267315', { symbol: 'NQZ6', root: 'NQ', isFront: true })
      learn(name, { front: name.includes('2!') ? 'NQZ6' : name })
      expect(meanings(name)).toEqual([name])
    }
  })

  it('that a root’s front has found is not another exchange’s symbol of that name', () => {
    const { learn, meanings } = room()
    learn('3267315', { symbol: 'NQZ6', isFront: true })
    expect(meanings('NQ1!', 'BMFBOVESPA:NQ1!', 'CME_MINI:NQ1!')).toEqual(['NQZ6', 'BMFBOVESPA:NQ1!', 'NQZ6'])
  })

  it('rolls where the same source names another, and not by an old word told again', () => {
    const { identities, learn, meanings, told } = room()
    meanings('NQ1!')
    learn('1', { symbol: 'NQZ6', isFront: true })
    learn('2', { symbol: 'NQH7', isFront: true })
    expect(learn('1', { symbol: 'NQZ6', isFront: true })).toBe(false)
    expect(meanings('NQ1!')).toEqual(['NQH7'])
    expect(told.at(-1)).toBe('NQZ6 then NQH7')
    expect(identities.rolls()).toMatchObject([{ word: 'NQ1!', from: 'NQZ6', to: 'NQH7' }])
    expect(identities.contradictions()).toEqual([])
  })

  it('follows the stronger of two sources, and says that they differ: config, its own front, the root’s', () => {
    const { identities, learn, meanings } = room()
    learn('1', { symbol: 'NQZ6', isFront: true }, 'a')
    meanings('NQ1!')
    learn('NQ1!', { front: 'NQH7' }, 'b')
    expect(meanings('NQ1!')).toEqual(['NQH7'])
    learn('2', { symbol: 'NQM7', isFront: true }, 'a')
    expect(meanings('NQ1!')).toEqual(['NQH7'])
    expect(identities.contradictions().map(({ kept, other }) => [kept.text, other.text])).toEqual([
      ['NQH7', 'NQZ6'],
      ['NQH7', 'NQM7'],
    ])
    const pinned = room({ words: { 'NQ1!': 'NQU6' } })
    pinned.learn('NQ1!', { front: 'NQH7' })
    expect(pinned.meanings('NQ1!')).toEqual(['NQU6'])
    expect(pinned.identities.contradictions()).toMatchObject([{ kept: { source: 'config' } }])
  })

  it('stands for itself again when its source takes the front back, and for nobody else’s word', () => {
    const { learn, meanings } = room()
    learn('1', { symbol: 'NQZ6', isFront: true }, 'a')
    meanings('NQ1!')
    learn('1', { symbol: 'NQZ6', isFront: false }, 'b')
    expect(meanings('NQ1!')).toEqual(['NQZ6'])
    learn('1', { isFront: false }, 'a')
    expect(meanings('NQ1!')).toEqual(['NQ1!'])
  })
})

describe('the user’s words', () => {
  it('are believed at once, whichever of the two comes first', () => {
    const { identities, meanings } = room({
      words: { 3267315: 'NQZ6', 'NQ1!': 'CME_MINI:NQZ2026', FRONT: 'NQ1!' },
    })
    expect(new Set(meanings('3267315', 'NQ1!', 'FRONT', 'NQZ26'))).toEqual(new Set(['CME_MINI:NQZ2026']))
    expect(identities.identity('3267315').words.map(({ word, is }) => `${word} = ${is}`)).toContain(
      '3267315 = NQZ6',
    )
  })

  it('may join roots that only the user knows to be one', () => {
    const { meanings } = room({ words: { ECZ6: '6EZ6' } })
    meanings('6EZ2026')
    expect(new Set(meanings('ECZ6', '6EZ6')).size).toBe(1)
  })

  it('that give one continuous symbol two contracts are reported, and the first is believed', () => {
    const { identities, meanings } = room({ words: { 'NQ1!': 'NQZ6', 'CME_MINI:NQ1!': 'NQH7' } })
    expect(meanings('NQ1!', 'CME_MINI:NQ1!')).toEqual(['NQZ6', 'NQZ6'])
    expect(identities.contradictions()).toMatchObject([
      { kept: { source: 'config', text: 'NQZ6' }, other: { source: 'config', text: 'NQH7' } },
    ])
  })

  it('may give a decorated name a plain one', () => {
    const name = '={"symbol":"CME_MINI:NQ1!","session":"regular"}'
    expect(room({ words: { [name]: 'CME_MINI:NQ1!' } }).meanings(name)).toEqual(['CME_MINI:NQ1!'])
  })
})
