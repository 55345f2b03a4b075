import { crc32 } from 'node:zlib'
import { TAIL_BYTES, tailOf } from './crc.ts'

/**
 * CRC-32 of joined bytes from the CRCs of the parts (zlib's crc32_combine). The register after `n` further zero
 * bytes is a linear map of the register before, so each length has a table: a value's eight nibbles are looked up
 * and xor-ed together.
 */
type Operator = Uint32Array

/** Operators are kept for lengths up to this: 512 bytes each. A longer line is worth a native call of its own. */
export const MAX_COMBINED_BYTES = 1024

const POLYNOMIAL = 0xedb88320
const operators: (Operator | undefined)[] = []

/** The CRC of A followed by B, from theirs and B's length, which is at most MAX_COMBINED_BYTES. */
export function followedBy(crcA: number, crcB: number, lengthB: number): number {
  const table = operators[lengthB] ?? createOperator(lengthB)
  return (apply(table, crcA) ^ crcB) >>> 0
}

/** The CRC of a whole line, tail and newline included, from the CRC that its tail carries. */
export function lineCrc(carried: number): number {
  return (
    (EMPTY_TAIL ^
      (LINE[carried & 0xff] ?? 0) ^
      (LINE[256 + ((carried >>> 8) & 0xff)] ?? 0) ^
      (LINE[512 + ((carried >>> 16) & 0xff)] ?? 0) ^
      (LINE[768 + (carried >>> 24)] ?? 0)) >>>
    0
  )
}

function apply(table: Operator, crc: number): number {
  return (
    (table[crc & 15] ?? 0) ^
    (table[16 + ((crc >>> 4) & 15)] ?? 0) ^
    (table[32 + ((crc >>> 8) & 15)] ?? 0) ^
    (table[48 + ((crc >>> 12) & 15)] ?? 0) ^
    (table[64 + ((crc >>> 16) & 15)] ?? 0) ^
    (table[80 + ((crc >>> 20) & 15)] ?? 0) ^
    (table[96 + ((crc >>> 24) & 15)] ?? 0) ^
    (table[112 + (crc >>> 28)] ?? 0)
  )
}

function createOperator(length: number): Operator {
  const table = new Uint32Array(128)
  for (let nibble = 0; nibble < 8; nibble++) {
    for (let value = 1; value < 16; value++) {
      table[nibble * 16 + value] = overZeros((value << (4 * nibble)) >>> 0, length)
    }
  }
  operators[length] = table
  return table
}

function overZeros(register: number, length: number): number {
  if (length > 1) {
    const half = length >> 1
    const first = operators[half] ?? createOperator(half)
    const second = operators[length - half] ?? createOperator(length - half)
    return apply(second, apply(first, register) >>> 0)
  }
  for (let bit = 0; bit < 8 * length; bit++) {
    register = register & 1 ? (register >>> 1) ^ POLYNOMIAL : register >>> 1
  }
  return register
}

// The tail repeats the CRC in its digits, and CRC-32 is affine over equal lengths: what each byte of the carried
// CRC adds, in the register and in the digits, is found once and xor-ed.
const EMPTY_TAIL = crc32(tailOf(0))
const LINE = createLineTable()

function createLineTable(): Uint32Array {
  const table = new Uint32Array(1024)
  const overTail = createOperator(TAIL_BYTES + 1)
  for (let byte = 0; byte < 4; byte++) {
    for (let value = 0; value < 256; value++) {
      const carried = (value << (8 * byte)) >>> 0
      table[byte * 256 + value] = apply(overTail, carried) ^ EMPTY_TAIL ^ crc32(tailOf(carried))
    }
  }
  return table
}
