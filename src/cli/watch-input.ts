import type { Stats } from 'node:fs'
import { stat } from 'node:fs/promises'
import { FeedtapeError } from '../model/errors.ts'

/** The tape must not take the place of what the run is made of, whatever path leads there. Throws `usage`. */
export async function refuseOwnInput(
  output: string | undefined,
  inputs: readonly (readonly [option: string, path: string])[],
): Promise<void> {
  const tape = output === undefined ? undefined : await statsOf(output)
  if (output === undefined || tape === undefined) return
  for (const [option, path] of inputs) {
    const input = await statsOf(path)
    if (input?.dev !== tape.dev || input.ino !== tape.ino) continue
    throw new FeedtapeError('usage', 'the tape would overwrite what the run reads', {
      where: `-o ${output}`,
      expected: 'a file of its own for the tape',
      found: `the file of ${option} ${path}`,
      next: 'choose another -o',
    })
  }
}

async function statsOf(path: string): Promise<Stats | undefined> {
  return await stat(path).catch(() => undefined)
}
