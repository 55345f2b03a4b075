import { appendFile, writeFile } from 'node:fs/promises'
import { FeedtapeError, reasonOf } from '../model/errors.ts'

/** A report beside the answer. Throws `file-unwritable`, and `usage` at `-`. */
export async function writeReport(path: string, text: string, option: string): Promise<void> {
  refuseStdout(path, option)
  await writeFile(path, text).catch(failedAt(path, option))
}

/** As `writeReport`, behind what stands in the file. */
export async function appendReport(path: string, text: string, option: string): Promise<void> {
  refuseStdout(path, option)
  await appendFile(path, text).catch(failedAt(path, option))
}

/** On standard output stands the answer, and a file called `-` is what nobody means. Throws `usage`. */
export function refuseStdout(path: string | true | undefined, option: string): void {
  if (path !== '-') return
  const isMarkdown = option === '--markdown'
  throw new FeedtapeError('usage', 'a report beside the answer goes to a file', {
    where: `${option} -`,
    expected: 'the name of a file',
    found: 'standard output, on which the answer stands',
    next: isMarkdown
      ? '--markdown alone makes the answer itself Markdown'
      : 'name a file, or ./- for one called so',
  })
}

function failedAt(path: string, option: string): (cause: unknown) => never {
  return cause => {
    throw new FeedtapeError('file-unwritable', 'the file cannot be written', {
      where: `${option} ${path}`,
      found: reasonOf(cause),
      next: 'check the folder and its permissions',
      cause,
    })
  }
}
