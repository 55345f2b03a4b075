import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { costOf, isAffordable } from '../../../src/feeds/trade-manager/pattern-cost.ts'
import { SETTINGS } from '../../../src/feeds/trade-manager/settings.ts'
import { suggestionFor } from '../../../src/feeds/trade-manager/suggestion.ts'
import { signalsOf } from './wire.ts'

describe('the cost of a pattern', () => {
  test.each(['(a+)+', '(a|a)*b', '(?:a{2,}){2,}', '(?<price>a)\\1', '(?<price>a)\\k<price>', '(.)+?'])(
    '%s is bounded by no line',
    pattern => {
      expect(costOf(pattern).refusal).toBeDefined()
    },
  )

  test.each(['\\(a+\\)+b', '[(a+)+]', '(a+)?b', '(?<price>[\\d.]+)$', 'a{3}'])('%s is', pattern => {
    expect(costOf(pattern).refusal).toBeUndefined()
  })

  test.each([
    '.*.*.*.*.*x',
    'a*a*a*a*a*b',
    `${'a?'.repeat(40)}`,
    `${'(?:a|b)'.repeat(40)}`,
    '\\s*\\s*\\s*\\s*$',
  ])('%s is not run on a long line, and on a short one it is done at once', pattern => {
    expect(isAffordable(costOf(pattern), 'a'.repeat(400))).toBe(false)
  })

  test('what stands behind a choice bounds it', () => {
    const cost = costOf(
      'Strategy: (?<strategy>.+?), Ticker: (?<ticker>.+?), Timeframe: (?<timeframe>.+?) — (?<price>.+)$',
    )
    expect(cost.choices).toEqual([', Ticker: ', ', Timeframe: ', ' — ', 1])
    expect(isAffordable(cost, `Strategy: a, Ticker: b, Timeframe: c — ${'x'.repeat(900)}`)).toBe(true)
  })

  test('whatever pattern is taken, a line takes it less than a second', () => {
    const piece = fc.constantFrom(
      'a',
      'a*',
      'a+?',
      '.*',
      '[ab]+',
      'a?',
      '(?:a|ab)',
      '(a)?',
      'b',
      '.{2,}',
      '$',
      '^',
    )
    const pattern = fc.array(piece, { maxLength: 12 }).map(pieces => pieces.join(''))
    const line = fc.array(fc.constantFrom('a', 'aa', 'b'), { maxLength: 400 }).map(parts => parts.join(''))
    let compared = 0
    let slowest = 0
    fc.assert(
      fc.property(pattern, line, (written, said) => {
        const cost = costOf(written)
        if (cost.refusal !== undefined || !isAffordable(cost, said)) return
        const before = performance.now()
        new RegExp(written, 'u').test(`${said}c`)
        slowest = Math.max(slowest, performance.now() - before)
        compared += 1
      }),
      { numRuns: 300, interruptAfterTimeLimit: 4_000, markInterruptAsFailure: false },
    )
    expect(compared).toBeGreaterThan(10)
    expect(slowest).toBeLessThan(1_000)
  })
})

describe('a suggestion', () => {
  test.each(['', '[ERROR] synthetic', 'ALL STRATEGIES DISABLED', '100 % done'])('is not made of %j', line => {
    expect(suggestionFor(line)).toBeUndefined()
  })

  test('names what it takes for ticker, side and price, and leaves the rest as it stands', () => {
    expect(suggestionFor('(x) Sold? 2 SHORT CME_MINI:ES1! @ 6,723.25 +$12.50')).toBe(
      String.raw`^\(x\) Sold\? (?<quantity>[\d.]+) (?<side>LONG|SHORT) (?<ticker>[^\s,]+) @ (?<price>-?[\d.,]+) [-+]?\$?[-+]?[\d.,]+$`,
    )
  })

  test('can be taught as it stands, and reads the line that it was made for', () => {
    const word = fc.constantFrom(
      ...[
        'BUY',
        'SELL',
        'LONG',
        'NQ1!',
        'X:ES1!',
        'BTCUSDT',
        ' at 24959.0',
        '@ 5',
        '3',
        '-$5.00',
        '—',
        ', ',
        '(',
        '*',
        '\\',
      ],
      ...['Ticker: MES1!', 'Strategy: A-B, ', 'Timeframe: 15s', 'Closed', '📊', '**', '.', '}', '[', '1,000'],
    )
    const line = fc.array(word, { minLength: 1, maxLength: 14 }).map(words => words.join(' '))
    fc.assert(
      fc.property(line, text => {
        for (const signal of signalsOf(text)) {
          if (signal.suggestion === undefined) continue
          const settings = { signals: [{ action: 'close', pattern: signal.suggestion }] }
          expect(SETTINGS.safeParse(settings).success, signal.suggestion).toBe(true)
          const [read] = signalsOf(signal.text, settings)
          expect(read, signal.suggestion).toMatchObject({ action: 'close', text: signal.text })
          expect(read).not.toHaveProperty('suggestion')
        }
      }),
      { numRuns: 1000 },
    )
  })
})
