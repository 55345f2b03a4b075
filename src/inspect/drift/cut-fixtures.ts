import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { cutTape } from '../../edit/cut/index.ts'
import { checkForSecrets, learnSecrets, scrubTape } from '../../edit/scrub/index.ts'
import type { KnownSecret } from '../../tape/index.ts'
import type { ShownBy } from './evidence.ts'

export interface FixtureOptions {
  /** The files of the new tapes, in the order in which they were read. */
  readonly paths: readonly string[]
  readonly folder: string
  readonly overwrite: boolean
  readonly known?: readonly KnownSecret[]
}

export interface Fixture {
  readonly path: string
  /** The frames that show findings, by their number on the tape that they are from. */
  readonly seqs: readonly number[]
  /** Findings that they show, by their place in the report. */
  readonly shows: readonly number[]
  /** Places that `scrub --check` would name: somebody has to look at them. */
  readonly suspicious: number
}

/** Cuts the frames out of their tapes and scrubs them, a tape each. FeedtapeError as cutTape and scrubTape. */
export async function cutFixtures(
  frames: readonly ShownBy[],
  options: FixtureOptions,
): Promise<readonly Fixture[]> {
  const folder = await mkdtemp(join(tmpdir(), 'feedtape-drift-'))
  try {
    const names = new Set<string>()
    const fixtures: Fixture[] = []
    for (const [index, path] of options.paths.entries()) {
      const wanted = frames.filter(({ tape }) => tape === index)
      if (wanted.length === 0) continue
      const output = join(options.folder, nameOf(path, names))
      fixtures.push(await cutFixture(path, wanted, output, join(folder, `${index}.tape.jsonl`), options))
    }
    return fixtures
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** `between` holds the cut before it is scrubbed, in a folder that nobody else reads and that goes at the end. */
async function cutFixture(
  path: string,
  frames: readonly ShownBy[],
  output: string,
  between: string,
  { overwrite, known = [] }: FixtureOptions,
): Promise<Fixture> {
  const seqs = frames.flatMap(({ lead = [], seq }) => [...lead, seq])
  await cutTape(path, { output: between, seqs: new Set(seqs), derived: `drift: entries ${seqs.join(', ')}` })
  // By what the whole tape gives away: a frame that is kept may repeat what only a dropped one names.
  const { wanted } = await learnSecrets(path, known)
  await scrubTape({ path: between, output, overwrite, known: wanted })
  const { findings } = await checkForSecrets([output], { known: wanted })
  const shows = [...new Set(frames.flatMap(frame => frame.shows))].toSorted((a, b) => a - b)
  return { path: output, seqs, shows, suspicious: findings.length }
}

function nameOf(path: string, names: Set<string>): string {
  const stem = basename(path).replace(/(?:\.tape)?\.jsonl(?:\.gz)?$/, '')
  let name = `${stem}.drift.tape.jsonl`
  for (let number = 2; names.has(name); number += 1) name = `${stem}-${number}.drift.tape.jsonl`
  names.add(name)
  return name
}
