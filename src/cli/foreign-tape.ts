import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { importCapture } from '../import/index.ts'
import { FeedtapeError } from '../model/errors.ts'
import { systemRandom } from '../model/random.ts'
import { recognisedLines } from '../report/recognised.ts'
import { TapeReader } from '../tape/index.ts'
import { knownFeed } from './import.ts'
import { type Io, tell } from './io.ts'
import { packageVersion } from './version.ts'

export interface OpenCapture {
  readonly tape: TapeReader
  /** The tape's own file, for as long as it is looked at. */
  readonly path: string
  /** Takes away what was made to open it. */
  remove(): Promise<void>
}

/** A tape, or another capture that is imported into a folder of its own for as long as it is looked at. */
export async function openCapture(io: Io, path: string, feed?: string): Promise<OpenCapture> {
  const asked = feed === undefined ? {} : { feed: knownFeed(feed) }
  try {
    const tape = await TapeReader.open(path)
    if (feed !== undefined)
      tell(io, 'note: --feed is for other captures; a tape says itself whose wire it is')
    return { tape, path, remove: async () => {} }
  } catch (thrown) {
    const isForeign = thrown instanceof FeedtapeError && thrown.code === 'not-a-tape' && path !== '-'
    if (!isForeign) throw thrown
    return openForeign(io, path, asked, thrown)
  }
}

async function openForeign(
  io: Io,
  path: string,
  asked: { readonly feed?: string },
  notATape: FeedtapeError,
): Promise<OpenCapture> {
  const folder = await mkdtemp(join(tmpdir(), 'feedtape-inspect-'))
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true })
  try {
    const output = join(folder, `${basename(path)}.tape.jsonl`)
    const report = await importCapture({
      path,
      output,
      all: true,
      random: systemRandom,
      version: packageVersion(),
      ...asked,
    })
    tell(io, `${basename(path)} is no tape: read as ${report.format}, imported for this look only`)
    for (const line of recognisedLines(report.recognised, report.tie)) tell(io, `  ${line}`)
    for (const note of report.notes) tell(io, `note: ${note}`)
    return { tape: await TapeReader.open(output), path: output, remove }
  } catch (thrown) {
    await remove()
    // What no importer reads may be a damaged tape: then what was wrong with that is the better answer.
    throw thrown instanceof FeedtapeError && thrown.code === 'bad-capture' && isTapeLike(notATape)
      ? notATape
      : thrown
  }
}

function isTapeLike({ found = '' }: FeedtapeError): boolean {
  return /header|CR LF|empty|zstd/.test(found)
}
