import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { FeedtapeError, reasonOf } from '../model/errors.ts'
import { makeFolder } from '../tape/open-target.ts'

const LABEL = 'README.txt'
const LABEL_START = 'Made by feedtape demo'

/** Takes a folder that is new, empty, or a demo's own. Nothing in it is deleted: a demo's files are replaced. */
export async function claimFolder(folder: string, seed: number): Promise<void> {
  try {
    await makeFolder(folder)
    const names = await readdir(folder)
    const isOurs =
      names.includes(LABEL) && (await readFile(join(folder, LABEL), 'utf8')).startsWith(LABEL_START)
    if (names.length > 0 && !isOurs) {
      throw new FeedtapeError('file-exists', 'the folder holds files that no demo made', {
        where: folder,
        expected: 'a new or empty folder, or one of a demo before',
        found: names.slice(0, 3).join(', '),
        next: 'choose another --dir',
      })
    }
    await writeFile(
      join(folder, LABEL),
      `${LABEL_START} --seed ${seed}. The tape is synthetic: a made-up market.\n`,
    )
  } catch (cause) {
    if (cause instanceof FeedtapeError) throw cause
    const found = reasonOf(cause)
    throw new FeedtapeError('file-unwritable', 'the folder cannot be used', {
      where: folder,
      found,
      next: 'choose another --dir',
      cause,
    })
  }
}
