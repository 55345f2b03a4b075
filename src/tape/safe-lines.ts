import { BlockReader } from './blocks.ts'
import { openSource } from './source.ts'
import { unpackedSource } from './unpack.ts'

const CHUNK_BYTES = 256 * 1024
const MAX_LINE_BYTES = 128 * 1024 * 1024
const NEWLINE = 0x0a
const NEWLINE_BYTES = Buffer.of(NEWLINE)

/** A tape's lines as they stand on it, unpacked, newlines included, many at a time; without those that are damaged or cut. */
export async function* safeLines(path: string): AsyncGenerator<Buffer> {
  const blocks = new BlockReader(unpackedSource(await openSource(path)), CHUNK_BYTES, MAX_LINE_BYTES)
  try {
    while (await blocks.fill()) {
      const { bytes, lines } = blocks.block
      const runs: Buffer[] = []
      let [from, to] = [0, 0]
      for (let index = 0; index < lines.count; index += 1) {
        if (lines.intact[index] !== true) continue
        const [start = 0, end = 0] = [lines.starts[index], lines.ends[index]]
        if (start !== to) {
          runs.push(bytes.subarray(from, to))
          from = start
        }
        to = end + 1
        // The newline itself may be what was hit.
        if (bytes[end] === NEWLINE) continue
        runs.push(bytes.subarray(from, end), NEWLINE_BYTES)
        from = to
      }
      // A copy: whoever has it may not be done when the next block comes.
      const safe = Buffer.concat([...runs, bytes.subarray(from, to)])
      if (safe.length > 0) yield safe
    }
  } finally {
    await blocks.close()
  }
}
