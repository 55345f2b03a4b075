import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { FeedtapeError, reasonOf } from '../model/errors.ts'
import { TapeWriter } from '../tape/index.ts'
import { makeFolder } from '../tape/open-target.ts'
import { isThere, removeOlderTapes } from './older-session.ts'
import type { Rendered } from './render.ts'
import { sessionConfig } from './session-config.ts'
import type { Truth } from './truth.ts'
import { positionLines, tapeName, truthLines } from './truth-lines.ts'

export interface WriteSessionOptions {
  readonly folder: string
  readonly truth: Truth
  readonly rendered: readonly Rendered[]
  /** Replace files that are there. */
  readonly overwrite: boolean
}

/** Files beside the tapes. */
const BESIDE = { truth: 'truth.jsonl', config: 'config.json', positions: 'positions.jsonl' }

/**
 * A tape for each wire, the truth, what a config has to say, and the fills as positions. Nothing is written where one
 * of the files is there already: `file-exists`. With `overwrite` nothing of an older session stays beside them.
 */
export async function writeSession({
  folder,
  overwrite,
  rendered,
  truth,
}: WriteSessionOptions): Promise<void> {
  const names = [...rendered.map(tapeName), ...Object.values(BESIDE)]
  if (!overwrite) for (const name of names) await refuseOld(join(folder, name))
  await makeFolder(folder).catch((cause: unknown) => {
    throw unwritable(folder, cause)
  })
  if (overwrite) await removeOlderTapes(folder, BESIDE.truth, names)
  for (const one of rendered) {
    const writer = await TapeWriter.create(join(folder, tapeName(one)), one.header, { overwrite })
    for (const draft of one.drafts) writer.append(draft)
    await writer.seal(one.end)
  }
  const files = [
    [BESIDE.truth, linesText(truthLines(truth, rendered))],
    [BESIDE.positions, linesText(positionLines(truth))],
    [BESIDE.config, `${JSON.stringify(sessionConfig(truth, rendered), undefined, 2)}\n`],
  ] as const
  for (const [name, text] of files) {
    const path = join(folder, name)
    await writeFile(path, text).catch((cause: unknown) => {
      throw unwritable(path, cause)
    })
  }
}

function linesText(lines: readonly object[]): string {
  return lines.map(line => `${JSON.stringify(line)}\n`).join('')
}

async function refuseOld(path: string): Promise<void> {
  if (!(await isThere(path))) return
  throw new FeedtapeError('file-exists', 'the file is there already', {
    where: path,
    expected: 'a new file',
    next: 'choose another -o, or say --overwrite',
  })
}

function unwritable(where: string, cause: unknown): FeedtapeError {
  return new FeedtapeError('file-unwritable', 'the session cannot be written', {
    where,
    found: reasonOf(cause),
    next: 'choose another -o',
    cause,
  })
}
