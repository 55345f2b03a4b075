import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { spans, valuePattern } from '../../../src/feeds/tradingview-socket/json-pattern.ts'

const DEPTH = 3
const object = new RegExp(`\\{"a":${valuePattern(DEPTH)}\\}`, 'y')

/** `spans` wants a packet's closing brace. */
const takes = (text: string): boolean => {
  const packet = `{"a":${text}}`
  return spans(object, packet, 0, packet.length)
}
const parses = (text: string): boolean => {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

describe('a JSON pattern', () => {
  it('takes nothing that JSON.parse refuses', () => {
    const wrong = [
      ...['', '01', '-', '+1', '.5', '1.', '1e', '1e+', '0x1', 'NaN', 'tru', 'nulll'],
      ...['"', '"a', '"\\"', '"\\x"', '"\\u12g4"', '"\n"', '"\t"', "'a'"],
      ...['[', '[1', '[1,]', '[,1]', '[1 2]', '[1}', ']', '[1]]'],
      ...['{', '{"a"}', '{"a":}', '{"a":1,}', '{,"a":1}', '{a:1}', '{"a":1]', '{"a":1}}', '{1:1}'],
    ]
    expect(wrong.filter(parses)).toEqual([])
    expect(wrong.filter(takes)).toEqual([])
  })

  it('leaves deeper nesting and texts that are too long to others', () => {
    expect(takes('[[[1]]]')).toBe(true)
    expect(takes('[[[[1]]]]')).toBe(false)
    expect(takes(`"${'x'.repeat(900_000)}"`)).toBe(true)
    expect(takes(`"${'x'.repeat(1_000_000)}"`)).toBe(false)
    expect(takes('['.repeat(100_000) + ']'.repeat(100_000))).toBe(false)
  })

  it('takes what JSON.stringify writes', () => {
    // A key that is spelt with an escape is left to others.
    const written = fc
      .jsonValue({ maxDepth: DEPTH - 1 })
      .map(json => JSON.stringify(json))
      .filter(text => !text.includes('\\'))
    const strings = fc.string({ unit: 'binary' }).map(text => JSON.stringify(text))
    fc.assert(
      fc.property(fc.oneof(written, strings), text => {
        expect(takes(text)).toBe(true)
      }),
      { numRuns: 2_000 },
    )
  })

  it('takes only what JSON.parse takes, whatever stands there', () => {
    const piece = fc.constantFrom(
      ...[
        '{',
        '}',
        '[',
        ']',
        ',',
        ':',
        '"',
        '"a"',
        '"a":',
        '"\\n"',
        '"\\u00e9"',
        '\\',
        '\\"',
        '\u0000',
        '\u2028',
      ],
      ...[
        '0',
        '1',
        '-',
        '.',
        '.5',
        '1.25',
        'e',
        'E+2',
        '1e400',
        'true',
        'false',
        'null',
        'nul',
        ' ',
        'é',
        '𝛑',
      ],
    )
    const text = fc.array(piece, { maxLength: 12 }).map(pieces => pieces.join(''))
    fc.assert(
      fc.property(text, found => {
        if (takes(found)) expect(parses(found)).toBe(true)
      }),
      { numRuns: 50_000 },
    )
  })

  // Were it not linear in what it gives back, these would outlast the test's time by days.
  it('is done with a long text that is wrong at its end', () => {
    const long = (item: string) =>
      `[${Array(Math.floor(800_000 / item.length))
        .fill(item)
        .join(',')}x]`
    const items = [
      '1',
      '123456.5',
      '"a"',
      '"\\n"',
      '[]',
      '[1,2]',
      '{"a":[1]}',
      '{"a":1,"b":{"c":"d"}}',
      'null',
    ]
    expect(items.map(long).filter(takes)).toEqual([])
    expect(takes(`${'1'.repeat(800_000)}x`)).toBe(false)
    expect(takes(`"${'\\n'.repeat(400_000)}`)).toBe(false)
  })
})
