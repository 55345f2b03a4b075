import { readFile } from 'node:fs/promises'
import { parseMarkChain, readPositions, replayToLines } from '../../src/pnl/index.ts'
import { streamSource, TapeReader } from '../../src/tape/index.ts'

/** One replay in a process of its own, read in chunks of so many bytes; prints its digest. */
const [tapePath = '', positionsPath = '', chunkBytes = '65536'] = process.argv.slice(2)
const bytes = await readFile(tapePath)

async function* chunks(size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

const tape = await TapeReader.from(streamSource(chunks(Number(chunkBytes))))
const positions = readPositions(await readFile(positionsPath, 'utf8'), 'positions')
const rules = { chain: parseMarkChain('exit-side,last'), staleAfter: 1_000_000 }
const { digest } = await replayToLines([tape], positions, rules, () => {})
await tape.close()
process.stdout.write(digest)
