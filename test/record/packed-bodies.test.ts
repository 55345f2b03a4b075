import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { expect, onTestFinished, test } from 'vitest'
import { ofKind, type Scene, startScene } from './scene.ts'
import { smallFeed } from './small-feed.ts'

const ANSWER = `{"A":"1.5","more":"${Array.from({ length: 200 }, (_, n) => n).join()}"}`

/** Whole, as HTTP sees it. */
async function answered(coding: string, body: Buffer): Promise<Scene> {
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-encoding': coding, 'content-length': body.length }).end(body)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const source = { feed: smallFeed({ requests: 1 }), symbols: ['A'], url, options: { path: '/price' } }
  return startScene({ sources: [source] })
}

const PACKED = [
  ['gzip', gzipSync(ANSWER)],
  ['deflate', deflateSync(ANSWER)],
  ['br', brotliCompressSync(ANSWER)],
] as const

test.each(PACKED)(
  '%s that ends too soon inside a whole answer is kept as far as it goes, and is a failure',
  async (coding, packed) => {
    const scene = await answered(coding, packed.subarray(0, packed.length - 5))
    expect(await scene.ended).toMatchObject({ failures: 1, framesReceived: 1 })
    const entries = await scene.entries()
    const [response] = ofKind(entries, 'response')
    expect(response).toMatchObject({ decoded: coding, text: expect.stringMatching(/^\{"A":"1\.5"/) })
    expect(ofKind(entries, 'fail')).toMatchObject([{ reason: `the body’s ${coding} breaks off` }])
  },
)

test.each(PACKED)('%s that is whole is kept whole', async (coding, packed) => {
  const scene = await answered(coding, packed)
  expect(await scene.ended).toMatchObject({ failures: 0, framesReceived: 1 })
  expect(ofKind(await scene.entries(), 'response')).toMatchObject([{ decoded: coding, text: ANSWER }])
})
