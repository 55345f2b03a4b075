import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { TapeReader } from '../../src/tape/index.ts'

/** What is mutated: the golden tapes, and the texts of their frames. */
export interface Corpus {
  readonly tapes: readonly Buffer[]
  readonly texts: readonly string[]
}

const FIXTURES = fileURLToPath(new URL('../../fixtures', import.meta.url))

export async function readCorpus(): Promise<Corpus> {
  const tapes: Buffer[] = []
  const texts: string[] = []
  const names = (await readdir(FIXTURES, { recursive: true })).filter(name => name.endsWith('.tape.jsonl'))
  for (const name of names.sort()) {
    const path = join(FIXTURES, name)
    tapes.push(await readFile(path))
    for await (const entry of await TapeReader.open(path)) {
      if (entry.kind === 'frame' && 'text' in entry) texts.push(entry.text)
    }
  }
  return { tapes, texts }
}
