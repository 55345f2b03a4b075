import { describe, expect, test } from 'vitest'
import { exportNumber } from '../../../src/feeds/tradovate-user-data/export-number.ts'
import { EXPORT_COLUMNS } from '../../../src/feeds/tradovate-user-data/export-rows.ts'
import { tradovateUserData as feed } from '../../../src/feeds/tradovate-user-data/index.ts'
import { cellsOf } from '../../../src/model/csv-row.ts'
import { decimalText } from '../../../src/model/decimal.ts'
import { decodeAll, decodeMessage, frameOf } from '../wire-driver.ts'

const ROW =
  '9,8,3267315,2026-06-14 22:00:22.045Z,2026-06-15,0,1,30231.75,true,2,9,8,06/14/2026 18:00:22,6/14/26,' +
  'DEMO1000001, Buy,1,30231.75,-2,0,0.25,NQZ6,NQ,E-Mini NASDAQ 100,3.1'

const secretsIn = (text: string): readonly string[] =>
  feed.secrets
    .find({ kind: 'frame', at: 0, conn: 1, dir: 'in', op: 'text', text })
    .map(({ value, place }) => `${place} ${value}`)

describe('a number of the export', () => {
  test.each([
    '',
    'one',
    '1e3',
    '1,23',
    '1,2345',
    '1.2.3',
    '--1',
    '(-1)',
    '(1',
    '1)',
    '$',
    '0x1',
    '１',
    '.5',
    '5.',
  ])('%j is none', text => {
    expect(exportNumber(text)).toBeUndefined()
  })

  test.each([
    ['25784.5', '25784.5'],
    ['505,420.00', '505420'],
    ['1,234,567.5', '1234567.5'],
    ['$80.00', '80'],
    ['$(10.00)', '-10'],
    ['($10.00)', '-10'],
    ['$(1,250.00)', '-1250'],
    ['-37.63', '-37.63'],
    ['-$2', '-2'],
    [' 2.6 ', '2.6'],
    ['0.015625', '0.015625'],
    ['9007199254740993', '9007199254740993'],
  ])('%s is %s, as it is written', (text, expected) => {
    const number = exportNumber(text)
    expect(number?.isNoise).toBe(false)
    expect(number === undefined ? undefined : decimalText(number.value)).toBe(expected)
  })

  test('more than 15 digits behind a point are binary noise, and are read as 15', () => {
    const number = exportNumber('2647.1000000000004')
    expect(number).toMatchObject({ isNoise: true, value: { mantissa: 26471, scale: 1 } })
    expect(exportNumber('2647.10000000000')?.isNoise).toBe(false)
  })
})

describe('a row’s cells', () => {
  test.each(['"', 'a,"b', '"a"b,c', '"a""'])('%j has none: a quote that does not end', row => {
    expect(cellsOf(row)).toBeUndefined()
  })

  test.each([
    ['', ['']],
    ['a', ['a']],
    [',', ['', '']],
    ['a,,b', ['a', '', 'b']],
    ['"505,420.00",x', ['505,420.00', 'x']],
    ['"a ""b""",""', ['a "b"', '']],
    ['a "b",c', ['a "b"', 'c']],
    ['"a\nb",c', ['a\nb', 'c']],
  ])('%j', (row, cells) => {
    expect(cellsOf(row)).toEqual(cells)
  })
})

describe('an export among the socket’s frames', () => {
  test('a row says of each contract once which id it has, then what the fill cost, then the fill', () => {
    const decoded = decodeAll(
      feed,
      [EXPORT_COLUMNS.join(), ROW, ROW].map(text => frameOf(`${text}\n`)),
    )
    const kinds = decoded.map(({ observations }) => [...observations.values()].flat().map(({ kind }) => kind))
    expect(kinds).toEqual([[], ['instrument', 'fee', 'fill'], ['fee', 'fill']])
  })

  test('the line end is framing, and the row the payload', () => {
    expect(decodeMessage(feed, frameOf(`${ROW}\r\n`)).packets).toEqual([
      {
        dir: 'in',
        index: 0,
        kind: 'export fill',
        disposition: 'read',
        payload: ROW.length,
        framing: 2,
        stray: 0,
      },
    ])
  })

  test('what the client says is never a row, and the socket’s frames behind a header row are its own', () => {
    const out = decodeMessage(feed, frameOf(ROW, 'out'))
    expect(out.observations.size).toBe(0)
    const texts = [EXPORT_COLUMNS.join(), 'o', 'h', 'a[{"s":200,"i":1}]', 'c[3000,"Go away!"]']
    const kinds = decodeAll(
      feed,
      texts.map(text => frameOf(text)),
    ).flatMap(({ packets }) => packets)
    expect(kinds.map(({ kind }) => kind)).toEqual(['export header', 'open', 'heartbeat', 'reply', 'close'])
  })

  test('without a header row a row counts only where its cells confirm each other', () => {
    expect(decodeMessage(feed, frameOf(ROW)).observations.size).toBe(1)
    const [packet] = decodeMessage(feed, frameOf(ROW.replace(' Buy', ' Sell'))).packets
    expect(packet).toMatchObject({ disposition: 'malformed', stray: ROW.length + 1 })
  })

  test('keeps the cells where the wire’s own fields are asked for', () => {
    const decoder = feed.createDecoder({ keepWire: true })
    const { observations } = decodeMessage(feed, frameOf(ROW), decoder)
    expect(observations.get(0)?.at(-1)).toMatchObject({ wire: { _price: '30231.75', 'B/S': ' Buy' } })
  })
})

describe('the account’s name in a row', () => {
  test.each([
    [ROW, 'Account DEMO1000001'],
    [ROW.replace('DEMO1000001', '"Smith, ""J"""'), 'Account Smith, ""J""'],
    [ROW.replace(' Buy', 'Sell').slice(60), 'Account DEMO1000001'],
    [`${EXPORT_COLUMNS.join()}\n${ROW}\n`, 'Account DEMO1000001'],
  ])('is found', (text, secret) => {
    expect(secretsIn(text)).toEqual([secret])
  })

  test('is no name of a column, and nothing of a socket’s frame is one', () => {
    expect(secretsIn(EXPORT_COLUMNS.join())).toEqual([])
    expect(secretsIn('a[{"e":"props","d":{"entityType":"fill","entity":{"action":"Buy","qty":1}}}]')).toEqual(
      [],
    )
  })
})
