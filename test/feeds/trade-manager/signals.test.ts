import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { SETTINGS } from '../../../src/feeds/trade-manager/settings.ts'
import { observationToJson } from '../../../src/model/observation.ts'
import { OPEN_LINE, read, signalsOf } from './wire.ts'

const CLOSE_LINE =
  '🔴 [RECORDER] SYNTHETIC — Strategy: **SYN**, Ticker: **NQ1!**, Timeframe: **15** — Closed at **24959.0** 🟢 **-$5.00**'
const CLOSE_FORM =
  '^\\[RECORDER\\] SYNTHETIC — Strategy: (?<strategy>.+), Ticker: (?<ticker>[^\\s,]+), Timeframe: (?<timeframe>\\S+) — Closed at (?<price>[\\d.]+) [-$\\d.]+$'

const shown = (data: string, settings?: unknown) => signalsOf(data, settings).map(observationToJson)
const taught = (...signals: readonly object[]) => ({ signals })

function refusalOf(settings: unknown): string {
  const { error } = SETTINGS.safeParse(settings)
  const [issue] = error?.issues ?? []
  return issue === undefined ? 'taken' : `${issue.path.join('.')}: ${issue.message}`
}

describe('a config that teaches nothing', () => {
  test.each([
    ['no list', { signals: {} }, 'signals: a list of patterns'],
    ['a slip in a key', { signal: [] }, ': only the keys signals, refresh'],
    ['a slip in a form’s key', taught({ action: 'close', patern: 'a' }), 'signals.0'],
    [
      'an action that there is not',
      taught({ action: 'closed', pattern: 'a' }),
      'signals.0.action: one of "open"',
    ],
    ['no pattern', taught({ action: 'close' }), 'signals.0.pattern: a regular expression in a string'],
    [
      'no regular expression',
      taught({ action: 'close', pattern: '(?<price>' }),
      'signals.0.pattern: a regular expression (Invalid',
    ],
    ['no named group', taught({ action: 'close', pattern: 'Closed' }), 'at least one named group'],
    ['a group of another name', taught({ action: 'close', pattern: '(?<symbol>.)' }), 'not symbol'],
    [
      'a repeated group',
      taught({ action: 'close', pattern: '(?<price>(a+)+)b' }),
      'without a repeated group',
    ],
    [
      'a reference back',
      taught({ action: 'close', pattern: '(?<price>.)\\k<price>' }),
      'without a reference back',
    ],
    [
      '500 characters and more',
      taught({ action: 'close', pattern: `(?<price>.)${'a'.repeat(500)}` }),
      'at most 500',
    ],
    [
      'a position without its side',
      taught({ action: 'add', sets: true, pattern: '(?<quantity>\\d) (?<price>\\d)' }),
      'signals.0.pattern: the groups side, quantity and price, where "sets" is true (missing: side)',
    ],
    ['another refresh', { refresh: 'yes' }, 'refresh: one of "repeat", "new"'],
  ])('%s is refused with its key and what was expected', (_, settings, refusal) => {
    expect(refusalOf(settings)).toContain(refusal)
  })
})

test('editors are told of every key what it means', () => {
  const schema = JSON.stringify(z.toJSONSchema(SETTINGS))
  for (const word of ['signals', 'pattern', 'sets', 'refresh', 'up to 1,000 characters'])
    expect(schema).toContain(word)
})

describe('a line', () => {
  test.each([
    ['a hyphen for the dash', OPEN_LINE.replaceAll('—', '-')],
    ['another side', OPEN_LINE.replace('BUY', 'HOLD')],
    ['no price', OPEN_LINE.replace('24958.5', 'market')],
    ['words behind it', `${OPEN_LINE} or so`],
    ['a small letter', OPEN_LINE.replace('OPEN', 'Open')],
    ['a close in another word', 'Reclosed at 5; NotClosed at 5'],
    ['a time of day', 'Closed at 16:00'],
    ['a price with a comma in it, of which 24 is only the beginning', 'Closed at 24,959.0'],
    ['a price with two points', 'Closed at 1.2.3'],
  ])('with %s is of no known form: nothing but its text is told', (_, line) => {
    const [signal, ...more] = shown(line)
    expect(more).toEqual([])
    expect(signal).toMatchObject({ action: 'unknown', name: '', text: line })
    expect(signal).not.toHaveProperty('price')
  })

  test.each([
    ['as it is', OPEN_LINE],
    ['without **', OPEN_LINE.replaceAll('**', '')],
    ['without its emoji', OPEN_LINE.slice('📊 '.length)],
    ['with the next line’s emoji', `${OPEN_LINE}📝`],
    ['with an emoji of several code points', `${OPEN_LINE} 🏳️‍🌈`],
  ])('is read %s', (_, line) => {
    expect(shown(line)).toMatchObject([
      {
        ...{ action: 'open', name: 'NQ1!', strategy: 'SYN-15SV', timeframe: '15' },
        ...{ side: 'buy', quantity: '1', price: '24958.5', text: line },
      },
    ])
  })

  test('whose strategy calls itself like the other labels has one reading', () => {
    const strategy = 'A, Ticker: B, Timeframe: C — 🚀 **D**'
    expect(shown(OPEN_LINE.replace('SYN-15SV', strategy))).toMatchObject([
      { name: 'NQ1!', strategy: 'A, Ticker: B, Timeframe: C — 🚀 D', timeframe: '15' },
    ])
  })

  test('behind another without anything between is a line of its own', () => {
    expect(shown(`${OPEN_LINE}${OPEN_LINE.replace('NQ1!', 'ES1!')}\r\n\n${OPEN_LINE}`)).toMatchObject([
      { name: 'NQ1!', text: OPEN_LINE },
      { name: 'ES1!' },
      { name: 'NQ1!' },
    ])
  })

  test('of more than 1,000 characters is compared with no form, and the packet says so', () => {
    const line = OPEN_LINE.replace('SYN-15SV', 'S'.repeat(1001 - OPEN_LINE.length + 'SYN-15SV'.length))
    expect(line).toHaveLength(1001)
    const { packet, observations } = read(JSON.stringify({ type: 'LOGS', data: line }))
    expect(observations).toMatchObject([{ action: 'unknown', text: line }])
    expect(packet).toMatchObject({
      disposition: 'read',
      reason: expect.stringContaining('1 longer than 1000'),
    })
    expect(shown(line.replace('SS', 'S'))).toMatchObject([{ action: 'open' }])
  })
})

describe('a taught form', () => {
  test('reads a close with its ticker, which without it closes nothing and suggests how', () => {
    const [before] = shown(CLOSE_LINE)
    expect(before).toMatchObject({ action: 'close', name: '', price: '24959' })
    const suggestion = String(before?.['suggestion'])
    for (const pattern of [CLOSE_FORM, suggestion]) {
      const [after] = shown(CLOSE_LINE, taught({ action: 'close', pattern }))
      expect(after).toMatchObject({
        action: 'close',
        name: 'NQ1!',
        strategy: 'SYN',
        timeframe: '15',
        price: '24959',
      })
      expect(after).not.toHaveProperty('suggestion')
    }
  })

  test('goes before the built-in ones, and the first that reads the line wins', () => {
    const forms = taught(
      { action: 'add', pattern: 'no such line (?<price>1)' },
      { action: 'close', pattern: 'Ticker: (?<ticker>[^,]+)' },
      { action: 'open', pattern: 'Ticker: (?<ticker>[^,]+)' },
    )
    expect(shown(OPEN_LINE, forms)).toMatchObject([{ action: 'close', name: 'NQ1!' }])
  })

  test('that finds no side, no quantity or no price in its groups does not read the line', () => {
    for (const pattern of [
      '(?<side>Strategy)',
      '(?<quantity>SYN)',
      'at (?<price>2)4958\\.5 (?<quantity>x)?|(?<price>S)',
    ]) {
      if (!SETTINGS.safeParse(taught({ action: 'close', pattern })).success) continue
      expect(shown(OPEN_LINE, taught({ action: 'close', pattern }))).toMatchObject([{ action: 'open' }])
    }
  })

  test('reads thousands, and LONG and SHORT in any case', () => {
    const form = {
      action: 'open',
      pattern: '^(?<side>\\w+) (?<quantity>\\S+) (?<ticker>\\S+) @ (?<price>\\S+)$',
    }
    expect(shown('Short 1,000 ES1! @ 6,723.25', taught(form))).toMatchObject([
      { action: 'open', side: 'sell', quantity: '1000', name: 'ES1!', price: '6723.25' },
    ])
    expect(shown('long 1 ES1! @ 6,72.25', taught(form))).toMatchObject([{ action: 'unknown' }])
  })

  test('sets the position where it says so', () => {
    const pattern = '^(?<ticker>\\S+) now (?<quantity>\\d+) (?<side>\\w+) at (?<price>[\\d.]+)$'
    const [signal] = shown('💡 ES1! now 3 SELL at 5000.1', taught({ action: 'add', sets: true, pattern }))
    expect(signal).toMatchObject({
      action: 'add',
      position: { quantity: '-3', averagePrice: '5000.1', isRounded: true },
    })
    expect(signal).not.toHaveProperty('quantity')
  })

  test('that could take for ever on a line is not compared with it, and the packet says so', () => {
    const pattern = `(?<ticker>x)?${'.*'.repeat(12)}y`
    const data = `${'a'.repeat(900)}\n${OPEN_LINE}`
    const { packet, observations } = read(JSON.stringify({ type: 'LOGS', data }), {
      settings: taught({ action: 'close', pattern }),
    })
    expect(observations).toMatchObject([{ action: 'unknown' }, { action: 'open' }])
    expect(packet.reason).toContain('2 on which a taught pattern could take too long')
  })

  test('a decoder refuses settings that its schema has not read', () => {
    expect(() => signalsOf('', { signals: 7 })).toThrow()
  })
})

describe('lines that are sent again', () => {
  const refresh = JSON.stringify({ type: 'LOGS', data: OPEN_LINE, action: 'Refresh' })

  test('open no position twice', () => {
    const { packet, observations } = read(refresh)
    expect(observations).toEqual([])
    expect(packet).toMatchObject({ kind: 'LOGS (refresh)', disposition: 'ignored' })
  })

  test('are read where the config says that they are new', () => {
    const { packet, observations } = read(refresh, { settings: { refresh: 'new' } })
    expect(observations).toMatchObject([{ action: 'open', name: 'NQ1!' }])
    expect(packet).toMatchObject({ kind: 'LOGS (refresh)', disposition: 'read' })
  })
})
