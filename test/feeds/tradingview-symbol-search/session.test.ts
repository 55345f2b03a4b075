import { describe, expect, it } from 'vitest'
import type { HttpAnswer, HttpSession } from '../../../src/feeds/index.ts'
import { session } from '../../../src/feeds/tradingview-symbol-search/session.ts'
import { seededRandom } from '../../../src/model/random.ts'

interface Start {
  readonly texts?: readonly string[]
  readonly options?: Readonly<Record<string, string>>
  readonly cookie?: string
  readonly url?: string
}

function start({ texts = ['NQ'], options = {}, cookie, url }: Start = {}): HttpSession {
  return session.start({
    symbols: texts,
    credentials: cookie === undefined ? {} : { sessionid: cookie },
    options,
    random: seededRandom(1),
    ...(url === undefined ? {} : { url }),
  })
}

const asked = (client: HttpSession): URL | undefined => {
  const turn = client.next()
  return turn === undefined ? undefined : new URL(turn.request.url)
}

function hear(client: HttpSession, answer: Partial<HttpAnswer>): string {
  const turn = client.next()
  if (turn === undefined) throw new Error('nothing is asked')
  const steps = client.answered({ status: 200, headers: [], ...answer }, turn)
  return steps.map(step => (step.kind === 'note' ? step.text : step.kind)).join(' | ')
}

const page = (count: number, remaining: number): Partial<HttpAnswer> => {
  const symbols = Array.from({ length: count }, (_, n) => ({ symbol: `S${n}`, exchange: 'NYSE' }))
  return { body: JSON.stringify({ symbols_remaining: remaining, symbols }) }
}

describe('what can be chosen', () => {
  it.each([
    ['type', 'Stocks&x=1'],
    ['exchange', 'A/B'],
    ['lang', '='],
    ['country', 'us'],
    ['pages', '0'],
    ['pages', '21'],
    ['pages', '1.5'],
    ['form', 'v4'],
  ])('is refused: %s %s', (name, value) => {
    expect(session.options?.find(option => option.name === name)?.refuse?.(value)).toBeDefined()
  })

  it('has no stated value that it refuses', () => {
    for (const { value, refuse } of session.options ?? []) expect(refuse?.(value)).toBeUndefined()
  })
})

describe('what is asked', () => {
  it('is the text, with the page’s own words for the rest, and the Origin', () => {
    const turn = start({ texts: ['NQ & ES'] }).next()
    expect(turn?.request.url).toBe(
      'https://symbol-search.tradingview.com/symbol_search/v3/?text=NQ+%26+ES&hl=1&exchange=&lang=en&search_type=undefined&start=0&domain=production',
    )
    expect(turn?.request.headers).toContainEqual(['Origin', 'https://www.tradingview.com'])
    expect(JSON.stringify(turn?.request.headers)).not.toContain('Cookie')
  })

  it('is what was chosen, at the address that was given', () => {
    const options = { type: 'futures', exchange: 'CME', country: 'US', form: 'legacy' }
    const url = asked(start({ options, url: 'http://127.0.0.1:4000', cookie: 'abc' }))
    expect(url?.href).toContain('http://127.0.0.1:4000/symbol_search/?')
    expect(Object.fromEntries(url?.searchParams ?? [])).toMatchObject({
      type: 'futures',
      exchange: 'CME',
      country: 'US',
    })
    expect(start({ url: 'http://127.0.0.1:4000/local_search/v3/' }).url).toContain('/local_search/v3/')
  })

  it('is the same page until it has come, then the next text, then nothing', () => {
    const client = start({ texts: ['A', 'B'] })
    expect(hear(client, { status: 502, body: 'x' })).toContain('cannot be used')
    expect(asked(client)?.searchParams.get('text')).toBe('A')
    expect(hear(client, page(1, 0))).toBe('accepted')
    expect(asked(client)?.searchParams.get('text')).toBe('B')
    expect(hear(client, page(0, 0))).toBe('nothing is found for "B"')
    expect(client.next()).toBeUndefined()
  })

  it('goes on page by page as far as was chosen, sooner than to the next text, and says what is left', () => {
    const client = start({ options: { pages: '2' } })
    expect(client.next()?.pause).toBeGreaterThanOrEqual(session.fastest)
    expect(hear(client, page(50, 70))).toBe('accepted')
    expect(asked(client)?.searchParams.get('start')).toBe('50')
    expect(client.next()?.pause).toBeUndefined()
    expect(hear(client, page(50, 20))).toContain('100 found, 20 more')
    expect(client.next()).toBeUndefined()
  })

  it('ends a legacy search with a page that is empty', () => {
    const client = start({ options: { pages: '3', form: 'legacy' } })
    hear(client, { body: '[{"symbol":"A"}]' })
    expect(asked(client)?.searchParams.get('start')).toBe('1')
    hear(client, { body: '[]' })
    expect(client.next()).toBeUndefined()
  })
})

describe('a refusal', () => {
  it('is final the third time in a row', () => {
    const client = start()
    const html = { status: 403, body: '<html><head><title>403 Forbidden</title></head></html>' }
    expect(hear(client, html)).toContain('does not serve')
    expect(hear(client, html)).toContain('403 Forbidden')
    const turn = client.next()
    expect(turn === undefined ? [] : client.answered({ headers: [], ...html }, turn)).toMatchObject([
      { kind: 'refused', final: true },
    ])
  })

  it('for now is never final: 429', () => {
    const client = start()
    for (let n = 0; n < 5; n += 1) {
      const told = hear(client, { status: 429, headers: [['Retry-After', '30']], body: '' })
      expect(told).toContain('30 s of peace')
    }
  })

  it('tells what could not be used of an answer that was', () => {
    expect(hear(start(), { body: '{"symbols":[7,{"symbol":"A"}]}' })).toContain('row 0 is no object')
  })
})
