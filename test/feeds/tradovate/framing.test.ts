import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { frameOf, itemsOf, readServerFrame } from '../../../src/feeds/tradovate/framing.ts'
import { readClientMessage, requestText } from '../../../src/feeds/tradovate/request.ts'

describe('a server’s frame', () => {
  it.each([
    '',
    ' ',
    'oo',
    'hh',
    'a',
    'a{}',
    'a[',
    'a[{}',
    'a[{}]]',
    'a["\\x"]',
    'c',
    'c[]',
    'c["1"]',
    'x[]',
    '{}',
  ])('that breaks the rules is broken, with a reason: %j', text => {
    expect(readServerFrame(text)).toMatchObject({ kind: 'broken', reason: expect.stringMatching(/./) })
    expect(itemsOf(text)).toEqual([])
  })

  it('opens, beats and closes', () => {
    expect(readServerFrame('o')).toEqual({ kind: 'open' })
    expect(readServerFrame('h')).toEqual({ kind: 'heartbeat' })
    expect(readServerFrame('c[3000, "Go away!"]')).toEqual({ kind: 'close', code: 3000, reason: 'Go away!' })
    expect(readServerFrame('c[1000]')).toEqual({ kind: 'close', code: 1000, reason: '' })
  })

  it('has items whose borders are exact, whatever stands in their strings and between them', () => {
    const json = fc.json({ stringUnit: 'binary', maxDepth: 3 })
    const blank = fc.stringMatching(/^[ \t\r\n]{0,3}$/)
    fc.assert(
      fc.property(fc.array(fc.tuple(blank, json, blank), { maxLength: 6 }), blank, (parts, behind) => {
        const text = `a[${parts.map(part => part.join('')).join(',')}]${behind}`
        const frame = readServerFrame(text)
        if (frame.kind !== 'items') throw new Error(`not read: ${text}`)
        expect(frame.items.map(({ start, end }) => JSON.parse(text.slice(start, end)))).toEqual(
          parts.map(([, value]) => JSON.parse(value)),
        )
        const total = frame.items.reduce((sum, { start, end, framing }) => sum + end - start + framing, 0)
        expect(total).toBe(parts.length === 0 ? 0 : text.length)
      }),
      { seed: 4 },
    )
  })

  it('is made of payloads: objects in an array, anything else as it is', () => {
    expect(frameOf(['{"s":200}', '{"e":"md"}'])).toBe('a[{"s":200},{"e":"md"}]')
    expect(frameOf(['o'])).toBe('o')
    expect(frameOf(['md/getChart\n1\n\n{}'])).toBe('md/getChart\n1\n\n{}')
  })
})

describe('a client’s message', () => {
  it.each([
    '',
    '[ ]',
    'authorize',
    'authorize\n1',
    'authorize\n1\n',
    '\n1\n\n',
    'md/x\n-1\n\n',
    'md/x\n1.5\n\n',
    'a b\n1\n\n',
    'undefined',
  ])('without endpoint, id of digits and three newlines is broken: %j', text => {
    expect(readClientMessage(text).kind).toBe('broken')
  })

  it('keeps empty lines, an id of 0, and newlines in its body', () => {
    expect(requestText('contract/item', 3, { query: 'id=42' })).toBe('contract/item\n3\nid=42\n')
    expect(readClientMessage('[]')).toEqual({ kind: 'heartbeat' })
    expect(readClientMessage('authorize\n0\n\nt')).toEqual({
      kind: 'request',
      request: { endpoint: 'authorize', id: '0', query: '', body: 't' },
    })
    expect(readClientMessage('md/getChart\n12\nq\n{\n}')).toMatchObject({
      request: { query: 'q', body: '{\n}' },
    })
  })
})
