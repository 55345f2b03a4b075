import { crc32 } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readFrame } from '../../src/tape/frame-line.ts'
import { type Entry, fromLine, type Line, toLine } from '../../src/tape/index.ts'
import { bodyByTable, bodyOf, fromBytes } from '../../src/tape/line.ts'
import { anyEntry, ENTRIES, HEADER } from './tapes.ts'

/** A line with a fitting CRC, whatever stands in it. */
function sealedLine(body: string): string {
  const start = body.slice(0, -1)
  return `${start},"crc":"${crc32(start).toString(16).padStart(8, '0')}"}`
}

const FRAME = '{"kind":"frame","seq":1,"at":0,"conn":1,"dir":"in","op":"text"'

describe('a line that is not one', () => {
  test.each([
    ['nothing at all', '', 'no crc'],
    ['no crc', `${FRAME},"text":""}`, 'no crc'],
    ['a crc in capitals', `${FRAME},"text":"","crc":"DEADBEEF"}`, 'no crc'],
    ['another line’s crc', `${FRAME},"text":"","crc":"00000000"}`, 'crc does not fit'],
    ['no JSON', sealedLine('{"kind":}'), 'not json'],
    ['text behind the crc', `${sealedLine(`${FRAME},"text":""}`)} `, 'no crc'],
    ['a kind of tomorrow', sealedLine('{"kind":"whisper","seq":1,"at":0}'), 'unknown kind'],
    ['a kind from the prototype', sealedLine('{"kind":"toString","seq":1,"at":0}'), 'unknown kind'],
    ['no kind', sealedLine('{"seq":1}'), 'unknown kind'],
    ['seq 0', sealedLine(`${FRAME.replace('"seq":1', '"seq":0')},"text":""}`), 'bad key'],
    ['seq 01', sealedLine(`${FRAME.replace('"seq":1', '"seq":01')},"text":""}`), 'not json'],
    ['seq 1.5', sealedLine(`${FRAME.replace('"seq":1', '"seq":1.5')},"text":""}`), 'bad key'],
    ['an unsafe at', sealedLine(`${FRAME.replace('"at":0', '"at":9007199254740992')},"text":""}`), 'bad key'],
    ['a negative at', sealedLine(`${FRAME.replace('"at":0', '"at":-1')},"text":""}`), 'bad key'],
    ['an unknown direction', sealedLine(`${FRAME.replace('"in"', '"up"')},"text":""}`), 'bad key'],
    ['no payload', sealedLine(`${FRAME}}`), 'bad key'],
    ['two payloads', sealedLine(`${FRAME},"text":"","base64":""}`), 'bad key'],
    ['base64 that is none', sealedLine(`${FRAME},"base64":"a*=="}`), 'bad key'],
    ['base64 without its padding', sealedLine(`${FRAME},"base64":"3q2+7w"}`), 'bad key'],
    ['a key of no kind', sealedLine(`${FRAME},"text":"","colour":1}`), 'bad key'],
    ['a prototype', sealedLine(`${FRAME},"text":"","__proto__":{}}`), 'bad key'],
    [
      'a lax start',
      sealedLine(`${toLine({ ...HEADER, start: '2025-12-18T04:10:47Z' }).slice(0, -19)}}`),
      'bad key',
    ],
  ])('%s is damage with its reason', (_, text, what) => {
    expect(fromLine(text)).toMatchObject({ kind: 'damage', what })
  })

  test('broken UTF-8 is damage even where the CRC fits', () => {
    const body = Buffer.from(`${FRAME},"text":"\xff"`, 'latin1')
    const tail = `,"crc":"${crc32(body).toString(16).padStart(8, '0')}"}`
    expect(fromBytes(Buffer.concat([body, Buffer.from(tail)]))).toMatchObject({ what: 'not utf-8' })
  })
})

describe('a line', () => {
  test('has its keys in one order, whatever the order of the object', () => {
    const mixed: Line = {
      text: 'x',
      op: 'text',
      dir: 'in',
      original: 3,
      conn: 2,
      at: 5,
      seq: 4,
      kind: 'frame',
    }
    expect(toLine(mixed)).toBe(
      '{"kind":"frame","seq":4,"at":5,"conn":2,"dir":"in","op":"text","original":3,"text":"x","crc":"' +
        `${crc32('{"kind":"frame","seq":4,"at":5,"conn":2,"dir":"in","op":"text","original":3,"text":"x"').toString(16).padStart(8, '0')}"}\n`,
    )
    const { name, version } = HEADER.generator
    expect(toLine({ ...HEADER, generator: { version, name } })).toBe(toLine(HEADER))
  })

  test('keeps its text byte for byte: numbers are never read and written again', () => {
    const text = '{"lp":2647.1000000000004,"v":529.0,"n":1e+100,"id":12345678901234567890}'
    const line = toLine({ kind: 'frame', seq: 1, at: 0, conn: 1, dir: 'in', op: 'text', text })
    expect(line).toContain(JSON.stringify(text))
    expect(fromLine(line)).toMatchObject({ text })
  })

  test('may be read with its keys in another order', () => {
    const line = sealedLine('{"seq":1,"at":0,"kind":"clock","step":-5}')
    expect(fromLine(line)).toStrictEqual({ kind: 'clock', seq: 1, at: 0, step: -5 })
  })

  test('of a header, a checkpoint and a seal comes back as it was', () => {
    const hash = 'ab'.repeat(32)
    const whole = {
      ...HEADER,
      synthetic: true,
      source: { format: 'har', name: 'a.har' },
      derived: 'cut',
    } as const
    for (const line of [
      HEADER,
      whole,
      { kind: 'checkpoint', at: 1, count: 1024, hash },
      { kind: 'seal', at: 1, count: 0, hash },
    ] as const) {
      expect(fromLine(toLine(line))).toStrictEqual(line)
    }
  })

  test('of every kind of entry comes back as it was', () => {
    fc.assert(
      fc.property(anyEntry, entry => {
        expect(fromLine(toLine(entry))).toStrictEqual(entry)
        expect(bodyOf(entry)).toBe(bodyByTable(entry))
      }),
      { numRuns: 2000 },
    )
  })
})

describe('the fast path for frames', () => {
  function fast(line: string): Entry | undefined {
    const bytes = Buffer.from(`before\n${line}`)
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    return readFrame({ bytes, view }, 7, bytes.length - 1)
  }

  test('reads what the slow path reads, or leaves it alone', () => {
    let read = 0
    fc.assert(
      fc.property(anyEntry, entry => {
        const line = toLine(entry)
        const frame = fast(line)
        if (frame !== undefined) {
          read++
          expect(frame).toStrictEqual(fromLine(line))
        }
      }),
      { numRuns: 3000 },
    )
    expect(read).toBeGreaterThan(300)
  })

  test('reads every plain frame', () => {
    for (const entry of ENTRIES) {
      if (entry.kind === 'frame') expect(fast(toLine(entry))).toStrictEqual(entry)
    }
  })

  test('gives objects with their keys in one order', () => {
    const frame = fast(toLine({ kind: 'frame', seq: 1, at: 0, conn: 1, dir: 'in', op: 'text', text: 'é' }))
    expect(Object.keys(frame ?? {})).toStrictEqual(['kind', 'seq', 'at', 'conn', 'dir', 'op', 'text'])
  })

  test('never reads a frame that the slow path refuses', () => {
    const bodies = [
      FRAME.replace('"seq":1', '"seq":01'),
      FRAME.replace('"seq":1', '"seq":0'),
      FRAME.replace('"seq":1', '"seq":'),
      FRAME.replace('"at":0', '"at":00'),
      FRAME.replace('"conn":1', '"conn":0'),
      FRAME.replace('"op":"text"', '"op":"cont"'),
      FRAME.replace('frame', 'fraMe'),
    ].map(start => `${start},"text":""}`)
    bodies.push(
      `${FRAME},"text":"a","colour":"b"}`,
      `${FRAME},"text":"a"b"}`,
      `${FRAME},"text":"a\tb"}`,
      `${FRAME},"text":"}`,
      `${FRAME},"text":1}`,
      `${FRAME},"base64":"abc"}`,
    )
    for (const body of bodies) {
      const line = sealedLine(body)
      expect(fromLine(line), body).toMatchObject({ kind: 'damage' })
      expect(fast(`${line}\n`), body).toBeUndefined()
    }
  })

  test('stays beside the slow path over single changed characters', () => {
    const line = toLine({ kind: 'frame', seq: 12, at: 345, conn: 6, dir: 'out', op: 'text', text: 'a"é\\' })
    const body = line.slice(0, -19)
    fc.assert(
      fc.property(fc.nat(body.length - 1), fc.constantFrom(...'"\\,:{}[]019aA \n\u00e9'), (at, character) => {
        const changed = sealedLine(`${body.slice(0, at)}${character}${body.slice(at + 1)}}`)
        const frame = fast(`${changed}\n`)
        if (frame !== undefined) expect(frame).toStrictEqual(fromLine(changed))
      }),
      { numRuns: 2000 },
    )
  })
})
