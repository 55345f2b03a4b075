import { describe, expect, test } from 'vitest'
import { decimalText } from '../../../src/model/decimal.ts'
import { readForeignFile } from '../../../src/pnl/reconcile/index.ts'

const BALANCES = 'Account ID,Trade Date,Total Realized PNL'
const TRADE = {
  id: 1,
  Ticker: 'MES1!',
  Direction: 'SELL',
  Open_Price: '6856.50',
  Running_Pos: -2,
  Position_Size: -2,
}

describe('a foreign file', () => {
  test.each([
    ['time,value\n', 'mine.csv', 'the file has a header and no rows'],
    ['buyFillId,sellFillId,qty,buyPrice,sellPrice,pnl\n', 'mine.csv', 'the file has a header and no rows'],
    [`${BALANCES}\n`, 'mine.csv', 'the file has a header and no rows'],
    ['[]', 'mine.csv', 'the list has no trades'],
  ])('that says nothing is refused: %j', (text, where, message) => {
    expect(() => readForeignFile(text, 'mine.csv')).toThrow(
      expect.objectContaining({ code: 'bad-foreign', where, message }),
    )
  })

  test.each([
    ['time;value\n1772463601;1,5', 'mine.csv:1', 'the cells are not separated by commas', /^semicolons/],
    ['time\tvalue\n1772463601\t1', 'mine.csv:1', 'the cells are not separated by commas', /^tabs/],
    ['[{"time":1772463601,"value":1}]', 'mine.csv', 'a series is read from CSV, and this is JSON', /time/],
    ['[[1772463601,1]]', 'mine.csv', 'a series is read from CSV, and this is JSON', /1772463601/],
    ['{"time":1772463601,"value":1}\n', 'mine.csv', 'a series is read from CSV, and this is JSON', /time/],
    ['\n \n', 'mine.csv', 'the file is empty', /^nothing$/],
  ])('that is written in another way is told what it is: %j', (text, where, message, found) => {
    expect(() => readForeignFile(text, 'mine.csv')).toThrow(
      expect.objectContaining({ code: 'bad-foreign', where, message, found: expect.stringMatching(found) }),
    )
  })

  test.each([
    ['time,value,value\n1772463601,1,2', 'mine.csv:1', 'a column is there twice', '"value"'],
    ['time,pnl,net\n1772463601,1,2', 'mine.csv', 'there are several columns for the value', 'pnl, net'],
    [
      'time,symbol,contract,pnl\n1772463601,NQ1!,NQZ6,2',
      'mine.csv',
      'there are several columns for the instrument',
      'symbol, contract',
    ],
  ])('that says two things by one name is refused: %j', (text, where, message, found) => {
    expect(() => readForeignFile(text, 'mine.csv')).toThrow(
      expect.objectContaining({ code: 'bad-foreign', where, message, found }),
    )
  })

  test.each([
    ['an empty instrument', 'time,symbol,value\n1772463601,,1', 'the cell symbol cannot be read'],
    ['nanoseconds', 'time,value\n1772463601000000000,1', 'the cell time cannot be read'],
    ['a trade date by the American way', `${BALANCES}\n1,01/30/2026,2`, 'the cell trade date cannot be read'],
    ['a trade date that is none', `${BALANCES}\n1,2026-02-30,2`, 'the cell trade date cannot be read'],
  ])('with %s is refused, with its place', (_, text, message) => {
    expect(() => readForeignFile(text, 'mine.csv')).toThrow(
      expect.objectContaining({ code: 'bad-foreign', where: 'mine.csv:2', message }),
    )
  })

  test('may tell times in seconds, milliseconds and microseconds: both sides of each border', () => {
    const times = ['99999999999', '100000000000', '99999999999999', '100000000000000', '1772463601000000']
    const file = readForeignFile(['time,value', ...times.map(time => `${time},1`)].join('\n'), 'mine.csv')
    const points = file.kind === 'series' ? file.points : []
    expect(new Map(points.map(({ line, at }) => [line, at]))).toEqual(
      new Map([
        [2, 99_999_999_999_000_000],
        [3, 100_000_000_000_000],
        [4, 99_999_999_999_999_000],
        [5, 100_000_000_000_000],
        [6, 1_772_463_601_000_000],
      ]),
    )
  })

  test('may begin with blank lines, and call the instrument its contract', () => {
    const file = readForeignFile('\uFEFF\n \ntime,contract,value\n\n1772463601,NQZ6,1\n', 'mine.csv')
    expect(file).toMatchObject({ kind: 'series', points: [{ instrument: 'NQZ6', line: 5 }] })
  })

  test('may end its rows with empty columns, as spreadsheets do', () => {
    const file = readForeignFile('time,value,,\n1772463601,1,,', 'mine.csv')
    expect(file).toMatchObject({ kind: 'series', points: [{ line: 2 }] })
  })

  test('of balances keeps whose they are', () => {
    const file = readForeignFile(`${BALANCES}\n1000001,2026-01-30,"1,413.38"`, 'mine.csv')
    const days = file.kind === 'balances' ? file.days : []
    expect(days.map(({ account, realized }) => [account, decimalText(realized)])).toEqual([
      ['1000001', '1413.38'],
    ])
  })
})

describe('a list of trades', () => {
  test.each([undefined, null, ''])('with one whose id is %j is refused', id => {
    expect(() => readForeignFile(JSON.stringify([{ ...TRADE, id }]), 'list.json')).toThrow(
      expect.objectContaining({ code: 'bad-foreign', where: 'list.json [0]', expected: 'an id' }),
    )
  })

  test('takes one whose Closed_Price is null for open', () => {
    const file = readForeignFile(JSON.stringify([{ ...TRADE, Closed_Price: null }]), 'list.json')
    const trades = file.kind === 'trades' ? file.trades : []
    expect(trades.map(({ closedPrice }) => closedPrice)).toEqual([undefined])
  })
})
