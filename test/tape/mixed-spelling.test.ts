import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createRedactor, type EntryDraft } from '../../src/tape/index.ts'

const KEY = Buffer.alloc(32, 7)

function knowing(...values: string[]) {
  const redactor = createRedactor(KEY)
  for (const value of values) redactor.learn({ value, place: 'token' })
  return redactor
}

const hex = (code: number, digits: number) => code.toString(16).padStart(digits, '0')
const percents = (character: string, head = '%') =>
  [...Buffer.from(character)].map(byte => head + hex(byte, 2)).join('')
const units = (character: string, head = '\\u') =>
  Array.from({ length: character.length }, (_, unit) => head + hex(character.charCodeAt(unit), 4)).join('')

/** One character as some encoder writes it. */
const WRITERS: readonly ((character: string) => string)[] = [
  character => character,
  character => percents(character),
  character => percents(character).toUpperCase(),
  character => percents(character, '%25'),
  character => units(character),
  character => units(character, '\\\\u'),
  character => [...character].map(one => `&#x${(one.codePointAt(0) ?? 0).toString(16)};`).join(''),
  character => units(character, '\\\\\\u'),
  character => (/["/\\]/.test(character) ? `\\${character}` : character),
]

function written(value: string, writers: readonly number[]): string {
  return [...value].map((character, n) => WRITERS[writers[n] ?? 0]?.(character) ?? '').join('')
}

const smallCodes = (text: string) =>
  text.replace(/%(25)?[0-9A-F]{2}|u[0-9A-F]{4}|x[0-9A-F]+;/gi, code => code.toLowerCase())

describe('a known secret of which each character is written in another way', () => {
  test('is found whole, and replaced in the same writing', () => {
    const secret = fc.string({
      unit: fc.constantFrom(...'aZ09/+"é株𝒳-_.='),
      minLength: 8,
      maxLength: 40,
    })
    const writers = fc.array(fc.nat(WRITERS.length - 1), { minLength: 40, maxLength: 40 })
    fc.assert(
      fc.property(secret, writers, (value, ways) => {
        fc.pre(/[a-z0-9]/i.test(value))
        const text = `{"x":"${written(value, ways)}#`
        const redactor = knowing(value)
        const safe = redactor.redactText(text)
        expect(safe.spans).toEqual([[6, text.length - 7, 'token']])
        expect(safe.text).toHaveLength(text.length)
        expect(Buffer.byteLength(safe.text)).toBe(Buffer.byteLength(text))
        // A code of digits alone does not say which case its writer uses.
        expect(smallCodes(safe.text)).toBe(smallCodes(`{"x":"${written(redactor.standIn(value), ways)}#`))
        expect(redactor.redactText(safe.text).spans).toEqual([])
      }),
      { numRuns: 1000 },
    )
  })

  test('is found in bytes, too', () => {
    const secret = 'ab+c/d1==Zoë文'
    const text = 'ab%2Bc/d1%3d%3DZo%C3%ab文'
    const base64 = Buffer.from([0, 0xff, ...Buffer.from(text), 0xfe]).toString('base64')
    const draft: EntryDraft = { kind: 'frame', at: 0, conn: 1, dir: 'in', op: 'binary', base64 }
    const safe = knowing(secret).redactDraft(draft)
    const bytes = 'base64' in safe ? Buffer.from(safe.base64 ?? '', 'base64') : Buffer.alloc(0)
    expect(bytes).toHaveLength(Buffer.from(base64, 'base64').length)
    const [first, ...rest] = bytes
    expect([first, rest[0], rest.at(-1)]).toEqual([0, 0xff, 0xfe])
    expect(decodeURIComponent(bytes.subarray(2, -1).toString())).toMatch(
      /^[a-z]{2}\+[a-z]\/[a-z]\d==[A-Z][a-z]ø文$/,
    )
    expect(bytes.toString()).not.toContain('Zo%C3%ab')
  })
})

test.each([
  ['Python’s quote', 'ab+c/d1==', 'ab%2Bc/d1%3D%3D'],
  ['encodeURI', 'Zoë+secret=1', 'Zo%C3%AB+secret=1'],
  ['slashes of which one is escaped', 'a/b/c-9secret', 'a\\/b/c-9secret'],
  ['Gson', 'ab+c/d1==', 'ab+c/d1\\u003d\\u003d'],
  ['HTML', 'ab+c/d1==', 'ab&#43;c&#x2F;d1&#61;&amp;#61;'],
  ['HTML as codes alone', 'abz/d1', '&#97;&#98;&#122;&#47;&#100;&#49;'],
  ['codes of a script', 'ab+c/d1==', 'ab\\x2bc/\\x64\\x31=='],
  ['JSON in JSON with escaped slashes', 'a/b/c-9secret', 'a\\\\/b\\\\\\/c-9secret'],
  ['a URL in a URL', 'ab+c/d1==', 'ab%252Bc/d1%253D%253D'],
])('%s', (_, secret, text) => {
  expect(knowing(secret).redactText(text).spans).toEqual([[0, text.length, 'token']])
})

test('a JSON with escaped slashes in base64', () => {
  const secret = 'ab+c/d1/9=secret'
  for (const before of ['', 'x', 'xy']) {
    const json = JSON.stringify({ [`t${before}`]: secret }).replaceAll('/', '\\/')
    const text = Buffer.from(json).toString('base64')
    const safe = knowing(secret).redactText(text)
    expect(safe.spans).toHaveLength(1)
    expect(Buffer.from(safe.text, 'base64').toString()).not.toMatch(/c\\\/d1|secre/)
  }
})

test('UTF-16 in a binary frame', () => {
  const base64 = Buffer.from('xx{"t":"ab+c/d1=="}', 'utf16le').toString('base64')
  const draft: EntryDraft = { kind: 'frame', at: 0, conn: 1, dir: 'in', op: 'binary', base64 }
  const safe = knowing('ab+c/d1==').redactDraft(draft)
  const text = Buffer.from('base64' in safe ? (safe.base64 ?? '') : '', 'base64').toString('utf16le')
  expect(text).toMatch(/^xx\{"t":"[a-z]{2}\+[a-z]\/[a-z]\d=="\}$/)
  expect(text).not.toContain('ab+c')
})

test('the longest of several that begin alike is found, and each of several that follow one another', () => {
  const redactor = knowing('secret+one', 'secret+one+two', 'secret+three', 'sesame/four')
  const text = 'secret%2Bone+two|secret%2Bone|sesame\\/four|secret+%74hree|secret%2Btwo'
  expect(
    redactor.redactText(text).spans.map(([offset, length]) => text.slice(offset, offset + length)),
  ).toEqual(['secret%2Bone+two', 'secret%2Bone', 'sesame\\/four', 'secret+%74hree'])
})

test('what overlaps with another is hidden whole', () => {
  const redactor = knowing('xxsecret', 'secret+one')
  const { text, spans } = redactor.redactText('xxsecret%2bone')
  expect(spans).toEqual([
    [0, 8, 'token'],
    [8, 6, 'token'],
  ])
  expect(text).not.toMatch(/secret|one/)
})

test('whole spellings and mixed ones of one text are told in their order', () => {
  const text = 'ab%2Bc/d1== ab+c/d1== ab%2bc/d1=='
  expect(knowing('ab+c/d1==').redactText(text).spans).toEqual([
    [0, 11, 'token'],
    [12, 9, 'token'],
    [22, 11, 'token'],
  ])
})

test('a value that has a percent sign or a backslash itself is found as it is and escaped', () => {
  for (const secret of ['per%41cent-9', 'back\\slash-9', '%%%25secret9']) {
    const redactor = knowing(secret)
    for (const text of [secret, percents(secret), `${secret.slice(0, 6)}${percents(secret.slice(6))}`]) {
      expect(redactor.redactText(`<${text}>`).spans, text).toEqual([[1, text.length, 'token']])
    }
  }
})

test('what only begins like a secret, is cut or is broken is left alone', () => {
  const redactor = knowing('ab+c/d1==')
  for (const text of [
    'ab%2Bc/d1=',
    'ab%2',
    'ab%2Bc/%',
    'ab\\u002',
    'ab%2Bc/d1%C3',
    'ab%C3%2Bc/d1==',
    '\\',
    '%',
  ]) {
    expect(redactor.redactText(text)).toEqual({ text, spans: [] })
  }
})
