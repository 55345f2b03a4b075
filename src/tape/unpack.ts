import { gunzipSource } from './gunzip.ts'
import { GZIP_MAGIC } from './gzip-member.ts'
import type { ByteSource } from './source.ts'

/** The same bytes, without the gzip that they may have come in. Their beginning tells, not their name. */
export function unpackedSource(source: ByteSource): ByteSource {
  let unpacked: ByteSource | undefined
  return {
    async read(into) {
      if (unpacked !== undefined) return unpacked.read(into)
      const size = await source.read(into)
      const head = into.subarray(0, size)
      // One byte tells nothing unless it is another than gzip's first.
      const second =
        head.length === 1 && head[0] === GZIP_MAGIC[0] ? await oneMore(source) : head.subarray(0, 0)
      const all = Buffer.concat([head.subarray(0, 2), second])
      if (all.subarray(0, 2).equals(GZIP_MAGIC)) {
        unpacked = gunzipSource(prefixed(Buffer.concat([head, second]), source))
        return unpacked.read(into)
      }
      unpacked = second.length === 0 ? source : prefixed(second, source)
      return size
    },
    close: () => (unpacked ?? source).close(),
    get damage() {
      return unpacked?.damage
    },
  }
}

async function oneMore(source: ByteSource): Promise<Buffer> {
  const byte = Buffer.alloc(1)
  return byte.subarray(0, await source.read(byte))
}

/** A source with the bytes in front again that were read from it. */
function prefixed(head: Buffer, source: ByteSource): ByteSource {
  let left = head
  return {
    read(into) {
      if (left.length === 0) return source.read(into)
      const taken = left.copy(into)
      left = left.subarray(taken)
      return Promise.resolve(taken)
    },
    close: () => source.close(),
    ...(source.reopen === undefined ? {} : { reopen: source.reopen }),
  }
}
