import fc from 'fast-check'
import { expect, test } from 'vitest'
import { misDecoded, undoneOf, type WrongDecoding } from '../../../src/feeds/trade-manager/mis-decoded.ts'
import { OPEN_LINE } from './wire.ts'

const LABELS: Readonly<Record<WrongDecoding, string>> = {
  'mac-roman': 'macintosh',
  'windows-1252': 'windows-1252',
  'latin-1': 'latin1',
}
const DECODINGS = Object.keys(LABELS) as WrongDecoding[]

test.each([
  ['plain', '[RECORDER] OPEN'],
  ['empty', ''],
  ['right already', OPEN_LINE],
  ['with a dash that is right', 'a — b'],
  ['with Western letters that are right', 'Zoë kauft für 5 £'],
  ['with two signs that make a letter by chance', 'ROSÉ” 5'],
  ['half undone', `${misDecoded('—', 'windows-1252')} —📊`],
  ['cut inside a sign', misDecoded('📊', 'latin-1').slice(0, 3)],
  ['beginning inside a sign', misDecoded('📊', 'latin-1').slice(1)],
  ['with half a surrogate pair', '\ud83d'],
  ['coming out as a private sign', misDecoded('\ue000', 'latin-1')],
  ['coming out as a sign that nobody has assigned', misDecoded('\u{e0fff}', 'latin-1')],
])('text that is %s stays as it is', (_, text) => {
  expect(undoneOf(text)).toBeUndefined()
})

test.each(DECODINGS)('%s: each of the 256 bytes is read as the standard’s decoder reads it', decoding => {
  const decoder = new TextDecoder(LABELS[decoding])
  for (let first = 0xc2; first <= 0xf4; first += 1) {
    for (let second = 0x80; second <= 0xbf; second += 1) {
      const bytes =
        first < 0xe0 ? [first, second] : first < 0xf0 ? [first, second, 0xa1] : [first, second, 0xa1, 0xb2]
      const text = Buffer.from(bytes).toString('utf8')
      if (text.includes('\ufffd')) continue
      // Node takes WHATWG's latin1 for windows-1252, as WHATWG does.
      const standard =
        decoding === 'latin-1'
          ? Buffer.from(bytes).toString('latin1')
          : decoder.decode(Uint8Array.from(bytes))
      expect(misDecoded(text, decoding)).toBe(standard)
    }
  }
})

test.each(DECODINGS)('%s is undone exactly', decoding => {
  const sign = fc.constantFrom('📊', '📝', '—', '✅', '나스닥', '日', '🏳️‍🌈', 'é', '£', 'Ticker: NQ1!', ' ')
  fc.assert(
    fc.property(fc.array(sign, { maxLength: 30 }), signs => {
      const text = `— ${signs.join('')}`
      expect(undoneOf(misDecoded(text, decoding))?.text).toBe(text)
    }),
  )
  expect(undoneOf(misDecoded(OPEN_LINE, decoding))).toEqual({ text: OPEN_LINE, decoding })
})

test('Western letters alone are undone too', () => {
  expect(undoneOf('ZoÃ«')).toEqual({ text: 'Zoë', decoding: 'windows-1252' })
})
