import { writeFile } from 'node:fs/promises'
import { FeedtapeError, reasonOf } from '../model/errors.ts'

/** A report beside the answer. Throws `file-unwritable`. */
export async function writeReport(path: string, text: string, option: string): Promise<void> {
  await writeFile(path, text).catch((cause: unknown) => {
    throw new FeedtapeError('file-unwritable', 'the file cannot be written', {
      where: `${option} ${path}`,
      found: reasonOf(cause),
      next: 'check the folder and its permissions',
      cause,
    })
  })
}
