import { crc32 } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { carriedCrc, isIntact, tailOf } from '../../src/tape/crc.ts'
import { followedBy, lineCrc, MAX_COMBINED_BYTES } from '../../src/tape/crc-combine.ts'

const bytesUpTo = (maxLength: number) => fc.uint8Array({ maxLength, size: 'max' })

describe('the CRC that a line carries', () => {
  test.each([
    ['nothing', ''],
    ['a tail that is cut', '{"kind":"x","crc":"0123456'],
    ['a capital digit', '{"kind":"x","crc":"0123456F"}'],
    ['a digit short', '{"kind":"x","crc":"0123456"}'],
    ['another key', '{"kind":"x","crd":"01234567"}'],
    ['no brace', '{"kind":"x","crc":"01234567"]'],
  ])('is not found in %s', (_, line) => {
    const bytes = Buffer.from(line)
    expect(carriedCrc(bytes, 0, bytes.length)).toBe(-1)
    expect(isIntact(bytes, 0, bytes.length)).toBe(false)
  })

  test('is what the tail says, for every CRC', () => {
    fc.assert(
      fc.property(fc.nat(0xffffffff), crc => {
        const bytes = Buffer.from(`before\n{${tailOf(crc)}`)
        expect(carriedCrc(bytes, 7, bytes.length - 1)).toBe(crc)
      }),
    )
  })
})

describe('combined CRCs', () => {
  test('are those of the joined bytes', () => {
    fc.assert(
      fc.property(bytesUpTo(2000), bytesUpTo(MAX_COMBINED_BYTES), (a, b) => {
        expect(followedBy(crc32(a), crc32(b), b.length)).toBe(crc32(Buffer.concat([a, b])))
      }),
    )
  })

  test('hold for every length that may be combined', () => {
    const a = Buffer.from('what stands before')
    for (let length = 0; length <= MAX_COMBINED_BYTES; length++) {
      const b = Buffer.alloc(length, 0xa5)
      expect(followedBy(crc32(a), crc32(b), length)).toBe(crc32(Buffer.concat([a, b])))
    }
  })

  test('of a whole line follow from the one that it carries', () => {
    fc.assert(
      fc.property(bytesUpTo(300), body => {
        const carried = crc32(body)
        expect(lineCrc(carried)).toBe(crc32(Buffer.concat([body, Buffer.from(tailOf(carried))])))
      }),
    )
  })
})
