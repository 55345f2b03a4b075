import { access, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { FeedtapeError, reasonOf } from '../model/errors.ts'
import { wireTapeName } from './truth-lines.ts'
import { WIRES } from './wires.ts'

/**
 * Takes away the tapes of an older session that the new one does not write: beside its truth they would be of another
 * market. `file-exists` where such a tape is there of which the older session's truth says nothing.
 */
export async function removeOlderTapes(
  folder: string,
  truth: string,
  written: readonly string[],
): Promise<void> {
  const names = WIRES.map(wireTapeName).filter(name => !written.includes(name))
  const there: string[] = []
  for (const name of names) if (await isThere(join(folder, name))) there.push(name)
  if (there.length === 0) return
  const older = await tapesOfTruth(join(folder, truth))
  const stranger = there.find(name => !older.has(name))
  if (stranger !== undefined) throw notOurs(join(folder, stranger), join(folder, truth))
  for (const name of there) {
    const path = join(folder, name)
    await rm(path).catch((cause: unknown) => {
      throw new FeedtapeError('file-unwritable', 'a tape of the older session cannot be removed', {
        where: path,
        found: reasonOf(cause),
        next: 'choose another -o',
        cause,
      })
    })
  }
}

export async function isThere(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  )
}

/** What stands above the first move. A line that is damaged names nothing. */
async function tapesOfTruth(path: string): Promise<ReadonlySet<string>> {
  const names = new Set<string>()
  const file = await open(path).catch(() => undefined)
  if (file === undefined) return names
  try {
    for await (const line of file.readLines()) {
      if (!/^\{"kind":"(?:truth|market|wire)"/.test(line)) break
      const [, name] = /^\{"kind":"wire","wire":"[^"]*","tape":"([^"]*)"/.exec(line) ?? []
      if (name !== undefined) names.add(name)
    }
  } finally {
    await file.close()
  }
  return names
}

function notOurs(where: string, truth: string): FeedtapeError {
  return new FeedtapeError('file-exists', 'a tape of another market would stand beside this session', {
    where,
    expected: `no such tape, or one that ${truth} names: then --overwrite removes it`,
    found: 'a tape that no session here has written',
    next: 'choose another -o, or move it',
  })
}
