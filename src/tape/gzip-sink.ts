import { once } from 'node:events'
import { constants, createGzip } from 'node:zlib'
import type { Sink } from './sink.ts'

/** Three times as fast as 6 for a tenth more bytes (docs/decisions/0010-durability.md). */
const LEVEL = 3
const CHUNK_BYTES = 256 * 1024

/** One gzip member. What was written can be read at once, without the member's end (Z_SYNC_FLUSH). */
export function gzipSink(inner: Sink): Sink {
  const gzip = createGzip({ level: LEVEL, chunkSize: CHUNK_BYTES })
  let parts: Buffer[] = []
  const take = (): void => {
    for (let part: Buffer | null = gzip.read(); part !== null; part = gzip.read()) parts.push(part)
  }
  gzip.on('readable', take)

  async function passOn(): Promise<void> {
    take()
    const bytes = Buffer.concat(parts)
    parts = []
    await inner.write(bytes)
  }

  return {
    async write(bytes) {
      gzip.write(bytes)
      await new Promise<void>(resolve => {
        gzip.flush(constants.Z_SYNC_FLUSH, resolve)
      })
      await passOn()
    },
    sync: () => inner.sync(),
    async close() {
      try {
        gzip.end()
        await once(gzip, 'end')
        await passOn()
      } finally {
        await inner.close()
      }
    },
    abandon: () => inner.abandon(),
    get bytesWritten() {
      return inner.bytesWritten
    },
    harm: () => inner.harm(),
  }
}
