import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { HalfSecrets } from '../../src/record/half-secrets.ts'
import { leaksIn } from '../canary-search.ts'
import { ofKind, startScene } from './scene.ts'
import { smallFeed } from './small-feed.ts'

const TOKEN = 'planted/Token+of=the~test/9876543210'

/** Each piece is a chunk of its own: the next is sent when the one before is taken. */
async function streaming(pieces: readonly string[], isBroken: boolean): Promise<string> {
  const server: Server = createServer(async (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' })
    for (const piece of pieces) {
      await new Promise(resolve => response.write(piece, resolve))
      await new Promise(resolve => setImmediate(resolve))
    }
    if (isBroken) response.destroy()
    else response.end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

function scene(url: string) {
  const feed = smallFeed({ isStream: true })
  const source = { feed, symbols: ['A'], url, options: { path: '/stream' }, credentials: { token: TOKEN } }
  return startScene({ sources: [source] })
}

function textOf(entries: Awaited<ReturnType<Awaited<ReturnType<typeof scene>>['entries']>>): string {
  return ofKind(entries, 'frame')
    .filter(({ conn }) => conn === 1)
    .map(frame => ('text' in frame ? frame.text : Buffer.from(frame.base64, 'base64').toString('latin1')))
    .join('')
}

test('of a secret that a stream breaks off in nothing is kept, and that is said', async () => {
  const url = await streaming([`{"a":1}\n{"echo":"${TOKEN.slice(0, 9)}`, TOKEN.slice(9, 20)], true)
  const { ended, entries, noted, path, stop } = await scene(url)
  await noted(/the stream ended in 20 bytes that may begin a secret: they are left out/)
  await stop()
  await ended
  expect(textOf(await entries())).toBe('{"a":1}\n{"echo":"')
  expect(await readFile(path, 'utf8')).not.toContain(TOKEN.slice(0, 9))
})

test.each([
  ['as it is', TOKEN],
  ['in base64', Buffer.from(TOKEN).toString('base64')],
  ['in a URL', encodeURIComponent(TOKEN)],
])('a secret that is cut by the borders of chunks, %s, is replaced as a whole', async (_, spelled) => {
  const cuts = [`{"a":1}\n{"echo":"${spelled.slice(0, 1)}`, spelled.slice(1, 9), spelled.slice(9, 10)]
  const url = await streaming([...cuts, `${spelled.slice(10)}"}\n{"end":true}\n`], false)
  const { entries, noted, path, stop } = await scene(url)
  await noted(/next try/)
  await stop()
  const told = textOf(await entries())
  expect(told).toHaveLength(`{"a":1}\n{"echo":"${spelled}"}\n{"end":true}\n`.length)
  expect(told).toMatch(/^\{"a":1\}\n\{"echo":"[^"]+"\}\n\{"end":true\}\n$/)
  expect(leaksIn([{ name: 'tape', bytes: await readFile(path) }], { TOKEN })).toEqual([])
})

test('a chunk waits for no more than what may begin a secret', () => {
  const half = new HalfSecrets()
  expect(half.openIn(Buffer.from('anything'))).toBe(0)
  half.learn('token-123', 'zzzzz-999')
  expect(half.openIn(Buffer.alloc(0))).toBe(0)
  expect(half.openIn(Buffer.from('{"price":1.5}\n'))).toBe(0)
  expect(half.openIn(Buffer.from('a token-123'))).toBe(0)
  expect(half.openIn(Buffer.from('a token-12'))).toBe('token-12'.length)
  expect(half.openIn(Buffer.from('a token-124'))).toBe(0)
  expect(half.openIn(Buffer.from('cost'))).toBe(1)
})
