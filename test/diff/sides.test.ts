import { describe, expect, test } from 'vitest'
import { readSideChoice, readTolerance } from '../../src/diff/index.ts'
import { FeedtapeError } from '../../src/model/errors.ts'
import { last, report, tapeOf, walk } from './tapes.ts'

const choice = (text: string, ...files: readonly string[]) =>
  readSideChoice(text, path => files.includes(path))

describe('TAPE#KEY', () => {
  test('that is no key is refused with what it could be', () => {
    expect(() => choice('a.tape.jsonl#nowhere')).toThrow(FeedtapeError)
    expect(() => choice('a.tape.jsonl#')).toThrow('this selects nothing of a tape')
  })

  test.each([
    ['a.tape.jsonl', { kind: 'all' }],
    ['a.tape.jsonl#trade-manager', { kind: 'feed', feed: 'trade-manager' }],
    ['a.tape.jsonl#3', { kind: 'conn', conn: 3 }],
    ['a.tape.jsonl#qs_1|NSE:X', { kind: 'stream', session: 'qs_1', name: 'NSE:X' }],
    [
      'a.tape.jsonl#|={"symbol":"NSE:X#1"}',
      { kind: 'stream', session: undefined, name: '={"symbol":"NSE:X#1"}' },
    ],
    ['a.tape.jsonl#qs_*|', { kind: 'stream', session: 'qs_*', name: undefined }],
  ])('%s is read', (text, key) => {
    expect(choice(text, 'a.tape.jsonl')).toEqual({ path: 'a.tape.jsonl', key, text })
  })

  test('means the file where one is called so', () => {
    expect(choice('a#3', 'a#3')).toMatchObject({ path: 'a#3', key: { kind: 'all' } })
    expect(choice('a#3#1', 'a#3')).toMatchObject({ path: 'a#3', key: { kind: 'conn', conn: 1 } })
  })
})

describe('sides of one tape', () => {
  const moves = walk(100)
  const said = moves.flatMap(({ at, ticks }) => [
    { ...last(at, ticks), session: 'qs_one', conn: 1 },
    { ...last(at + 0.5, ticks), session: 'qs_two', conn: 2 },
  ])

  test.each([
    ['1', '2'],
    ['qs_one|', 'qs_two|'],
    ['qs_o*|CME_MINI:NQ1!', '2'],
  ])('%s and %s are held against each other', async (a, b) => {
    const tape = await tapeOf(said)
    const { pairs, verdict } = await report(`${tape}#${a}`, `${tape}#${b}`)
    expect(pairs[0]?.lag.spread?.median).toBe(500_000)
    expect(verdict.isWithin).toBe(true)
  })

  test('that name one name each are paired, whatever these are', async () => {
    const other = '={"symbol":"CME_MINI:NQ1!","currency-id":"EUR"}'
    const tape = await tapeOf([...said.slice(0, 100), { ...last(300, 1), name: other }])
    const { pairs } = await report(`${tape}#|CME_MINI:NQ1!`, `${tape}#|${other}`)
    expect(pairs.map(({ b }) => b.names)).toEqual([[other]])
  })
})

describe('instruments', () => {
  test('in other spellings are one, those of one side only are named, and a map pairs what belongs together', async () => {
    const a = await tapeOf([last(1, 100), { ...last(2, 100), name: 'NASDAQ:AAPL' }])
    const b = await tapeOf(
      [
        { ...last(1, 100), name: 'NQ1!' },
        { ...last(2, 100), name: 'BATS:AAPL' },
      ],
      { id: 'b' },
    )
    const plain = await report(a, b)
    expect(plain.pairs.map(({ a: { names }, b: { names: others } }) => [names, others])).toEqual([
      [['CME_MINI:NQ1!'], ['NQ1!']],
    ])
    expect(plain.only).toEqual({ a: ['NASDAQ:AAPL'], b: ['BATS:AAPL'] })
    const mapped = await report(a, b, { map: new Map([['BATS:AAPL', 'NASDAQ:AAPL']]) })
    expect(mapped.pairs).toHaveLength(2)
    expect(mapped.only).toEqual({ a: [], b: [] })
  })
})

describe('a tolerance', () => {
  test.each(['last', 'last=', 'last=1 tick', 'last=-1', 'price=1', 'volume=1tick', 'mode=1', '=1'])(
    '%s is refused',
    text => {
      expect(() => readTolerance(text)).toThrow('not a tolerance')
    },
  )

  test.each([
    ['last=1tick', 'tick'],
    ['bid=0.5ticks', 'tick'],
    ['volume=5', 'absolute'],
    ['last=0.1%', 'percent'],
    ['band=2ticks', 'tick'],
  ])('%s is read', (text, unit) => {
    expect(readTolerance(text)[1].unit).toBe(unit)
  })
})
