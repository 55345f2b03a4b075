import { describe, expect, test } from 'vitest'
import { readConfig } from '../../src/instruments/index.ts'
import { FeedtapeError } from '../../src/model/errors.ts'

function refusal(text: string): FeedtapeError {
  try {
    readConfig(text, 'my.json')
  } catch (error) {
    if (error instanceof FeedtapeError) return error
  }
  throw new Error(`accepted: ${text}`)
}

function instrument(values: string): string {
  return `{"instruments":{"NSE:CNX500":${values}}}`
}

describe('a config that does not say what it should', () => {
  test('is refused with the place, what was expected, what was found and the next step', () => {
    const error = refusal(instrument('{"pointValue":1}'))
    expect(error.code).toBe('bad-config')
    expect(error.explain()).toMatchInlineSnapshot(`
      "my.json instruments.NSE:CNX500.pointValue: the config does not say what it should
        expected  a decimal above zero as a string, such as "0.05"
        found     the number 1
        next      put it in quotes: "1""
    `)
  })

  test.each([
    ['no JSON', '{', 'my.json', 'one JSON object, such as {"instruments":{}}'],
    ['a list', '[]', 'my.json', 'an object with the keys instruments'],
    ['an unknown key', '{"instrument":{}}', 'my.json instrument', 'only the keys instruments'],
    [
      'a list of instruments',
      '{"instruments":[]}',
      'my.json instruments',
      'an object of instruments by name',
    ],
    [
      'an unknown key of an instrument',
      instrument('{"pointvalue":"1"}'),
      'my.json instruments.NSE:CNX500.pointvalue',
      'only the keys is, pointValue, tickSize, currency, kind',
    ],
    [
      'a point value of zero',
      instrument('{"pointValue":"0"}'),
      'my.json instruments.NSE:CNX500.pointValue',
      'a decimal above zero as a string, such as "0.05"',
    ],
    [
      'a negative tick',
      instrument('{"tickSize":"-0.05"}'),
      'my.json instruments.NSE:CNX500.tickSize',
      'a decimal above zero as a string, such as "0.05"',
    ],
    [
      'a text that is no decimal',
      instrument('{"tickSize":"0,05"}'),
      'my.json instruments.NSE:CNX500.tickSize',
      'a decimal above zero as a string, such as "0.05"',
    ],
    [
      'null',
      instrument('{"tickSize":null}'),
      'my.json instruments.NSE:CNX500.tickSize',
      'a decimal above zero as a string, such as "0.05"',
    ],
    ...['"usd"', '"US"', '"DOLLAR"', '1'].map(currency => [
      `the currency ${currency}`,
      instrument(`{"currency":${currency}}`),
      'my.json instruments.NSE:CNX500.currency',
      'a currency such as "USD"',
    ]),
  ])('%s', (_, text, where, expected) => {
    const error = refusal(text)
    expect(error.code).toBe('bad-config')
    expect(error.where).toBe(where)
    expect(error.expected).toBe(expected)
  })

  test('one instrument in two spellings', () => {
    const error = refusal('{"instruments":{"NSE:X":{},"={\\"symbol\\":\\"NSE:X\\"}":{}}}')
    expect(error.message).toBe('the instrument NSE:X stands in it twice')
  })
})

describe('the word for another instrument', () => {
  const words = (...pairs: readonly [string, string][]) =>
    JSON.stringify({ instruments: Object.fromEntries(pairs.map(([word, is]) => [word, { is }])) })

  test.each([
    ['no text', '{"instruments":{"A":{"is":5}}}', 'A'],
    ['an empty one', '{"instruments":{"A":{"is":""}}}', 'A'],
    ['itself', words(['A', 'A']), 'A'],
    ['itself in another spelling', words(['A', '={"symbol":"A"}']), 'A'],
    ['a circle', words(['X', 'Y'], ['A', 'B'], ['B', 'C'], ['C', 'A']), 'A'],
    ['a way into a circle', words(['A', 'B'], ['B', 'C'], ['C', 'B']), 'A'],
    ['another month', words(['NQZ6', 'NQH6']), 'NQZ6'],
    ['another year', words(['CME:NQZ2026', 'NQZ7']), 'CME:NQZ2026'],
  ])('is refused where it is %s, and the key is named', (_, text, word) => {
    const error = refusal(text)
    expect(error.code).toBe('bad-config')
    expect(error.where).toBe(`my.json instruments.${word}.is`)
  })

  test('stands beside the values', () => {
    const { instruments } = readConfig('{"instruments":{"3267315":{"is":"NQZ6","currency":"USD"}}}', 'c.json')
    expect(instruments.get('3267315')).toEqual({ is: 'NQZ6', currency: 'USD' })
  })
})

describe('a config', () => {
  test('gives exact values by instrument', () => {
    const config = readConfig(instrument('{"pointValue":"1","tickSize":"0.05","currency":"INR"}'), 'my.json')
    expect(config.instruments.get('NSE:CNX500')).toEqual({
      pointValue: { mantissa: 1, scale: 0 },
      tickSize: { mantissa: 5, scale: 2 },
      currency: 'INR',
    })
  })

  test.each(['{}', '{"instruments":{}}', '\uFEFF{}\r\n'])('may be empty: %j', text => {
    expect(readConfig(text, 'my.json').instruments.size).toBe(0)
  })

  test.each(['USD', 'USDT', 'MATIC', '1INCH'])('knows the currency %s', currency => {
    const config = readConfig(instrument(`{"currency":"${currency}"}`), 'my.json')
    expect(config.instruments.get('NSE:CNX500')).toEqual({ currency })
  })
})
