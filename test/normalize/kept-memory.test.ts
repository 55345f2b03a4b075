import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { ownText } from '../../src/model/own-text.ts'
import { QuoteBook } from '../../src/normalize/index.ts'

const MESSAGES = 200
const MESSAGE_UNITS = 100_000

function liveBytes(): number {
  setFlagsFromString('--expose-gc')
  const collect: unknown = runInNewContext('gc')
  if (typeof collect === 'function') collect()
  return process.memoryUsage().heapUsed
}

/** As a decoder cuts them: V8's windows on the message. */
function partsOf(index: number) {
  const head = `qs_synthetic_${String(index).padStart(5, '0')} X:A_LONG_TICKER_${index} delayed_streaming_${index} `
  const message = Buffer.from(head.padEnd(MESSAGE_UNITS, '.')).toString('latin1')
  const [session = '', name = '', mode = ''] = message.split(' ', 3)
  return { session, name, mode }
}

describe('a quote book', () => {
  it('keeps no message for the names and words that were cut from it', () => {
    const book = new QuoteBook()
    const before = liveBytes()
    for (let seq = 0; seq < MESSAGES; seq += 1) {
      const { session, name, mode } = partsOf(seq)
      book.apply({ kind: 'quote', session, name, fields: { mode } }, { at: seq, seq, packet: 0 }, 1)
    }
    const kept = liveBytes() - before
    expect(book.quotes()).toHaveLength(MESSAGES)
    expect(kept).toBeLessThan((MESSAGES * MESSAGE_UNITS) / 4)
  })
})

describe('a text of its own', () => {
  it.each(['', 'X:Y', '={"symbol":"X:Y"}', '삼성전자', '\u0000\u2028"\\', '\ud83d', 'a\ude00b', '😀'])(
    'is the same text: %j',
    text => {
      expect(ownText(text)).toBe(text)
    },
  )
})
