import { appendFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { FeedtapeError, reasonOf } from '../model/errors.ts'
import { type EpochMicros, isoFromEpochMicros } from '../model/time.ts'
import type { TwinUpdate, UpdatePlan } from './plan-update.ts'

export const UPDATE_LOG = 'UPDATES.md'

const HEAD = `# Why golden twins were changed
Written by \`feedtape verify --update --reason\`; the changes themselves are in the history of the files.
`

/** Appends why twins were changed, and which. FeedtapeError `file-unwritable`. */
export async function logUpdate(
  folder: string,
  reason: string,
  plan: Pick<UpdatePlan, 'updates' | 'unchanged'>,
  now: EpochMicros,
): Promise<void> {
  const path = join(folder, UPDATE_LOG)
  const isThere = (await stat(path).catch(() => undefined)) !== undefined
  try {
    await appendFile(path, `${isThere ? '' : HEAD}\n${entryText(reason, plan, now)}`)
  } catch (cause) {
    throw new FeedtapeError('file-unwritable', 'the log of updates cannot be written', {
      where: path,
      found: reasonOf(cause),
      next: 'check the folder and its permissions',
      cause,
    })
  }
}

function entryText(
  reason: string,
  { unchanged, updates }: Pick<UpdatePlan, 'updates' | 'unchanged'>,
  now: EpochMicros,
): string {
  const day = isoFromEpochMicros(now).slice(0, 10)
  const changed = updates.filter(({ kind }) => kind === 'changed')
  const counts = `${changed.length} ${changed.length === 1 ? 'twin' : 'twins'} changed, ${updates.length - changed.length} new, ${unchanged} unchanged`
  const cases = [...Map.groupBy(updates, one => one.case)].map(
    ([name, ones]) => `- ${name}: ${twinsText(ones)}`,
  )
  return [`## ${day}`, reason, '', `${counts}:`, ...cases, ''].join('\n')
}

function twinsText(updates: readonly TwinUpdate[]): string {
  return updates
    .map(({ added, file, kind, removed }) => {
      const ending = file.split('.').at(-2) ?? file
      return kind === 'new' ? `${ending} new` : `${ending} +${added} −${removed}`
    })
    .join(', ')
}
