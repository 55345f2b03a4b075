import { join } from 'node:path'
import { systemClock } from '../model/clock.ts'
import { FeedtapeError } from '../model/errors.ts'
import { counted, plain } from '../report/table.ts'
import {
  applyUpdates,
  logUpdate,
  planUpdate,
  type Shard,
  type TwinUpdate,
  UPDATE_LOG,
  type UpdatePlan,
} from '../verify/index.ts'
import { type ExitCode, type Io, say } from './io.ts'
import { createVerifyProgress } from './verify-progress.ts'

export interface UpdateOptions {
  readonly reason?: string
  readonly fullDiff?: true
  readonly damaged?: true
  readonly json?: true
}

/** Of each twin, where not all is asked for. */
const DIFF_LINES = 40
const LINE_LENGTH = 2_000

/** `feedtape verify --update`: shows what changes, asks why, then writes. Throws `usage` without a reason. */
export async function updateTwins(
  io: Io,
  folder: string,
  shard: Shard | undefined,
  options: UpdateOptions,
): Promise<ExitCode> {
  const progress = createVerifyProgress(io)
  const plan = await planUpdate(folder, {
    shard,
    damaged: options.damaged === true,
    done: (count, of) => progress.show(count, of, 0),
  })
  progress.end()
  const changed = plan.updates.filter(({ kind }) => kind === 'changed')
  if (options.json !== true)
    for (const line of planLines(plan, options.fullDiff === true)) await say(io, line)
  const reason = options.reason?.replace(/\s+/g, ' ').trim() ?? ''
  const isRefused = changed.length > 0 && reason === ''
  if (!isRefused) {
    if (changed.length > 0) await logUpdate(folder, reason, plan, systemClock.now())
    await applyUpdates(plan.updates)
  }
  if (options.json === true) for (const line of jsonLines(plan, isRefused)) await say(io, line)
  if (isRefused) throw withoutReason(folder, changed)
  if (options.json !== true) {
    for (const { file } of plan.updates) await say(io, `written  ${plain(file)}`)
    await say(io, summaryText(plan))
  }
  return plan.unusable.length + plan.orphans.length === 0 ? 0 : 1
}

function planLines(
  { orphanReasons, orphans, unusable, updates }: UpdatePlan,
  isFull: boolean,
): readonly string[] {
  return [
    ...unusable.flatMap(({ name, unusable: why = '' }) => [`unusable ${plain(name)}`, ...why.split('\n')]),
    ...orphans.map(file => `orphan   ${plain(file)} ${orphanReasons[file] ?? ''}`),
    ...updates.flatMap(update => diffOf(update, isFull)),
  ].map(line => plain(line, LINE_LENGTH))
}

function diffOf({ added, file, kind, lines }: TwinUpdate, isFull: boolean): readonly string[] {
  if (kind === 'new' && !isFull) return [`new      ${file} (${counted(added, 'line')})`]
  const shown = isFull ? lines : lines.slice(0, DIFF_LINES)
  const left = lines.length - shown.length
  return [
    `--- a/${file}`,
    `+++ b/${file}`,
    ...shown,
    ...(left > 0 ? [`… and ${counted(left, 'more line', 'more lines')} (--full-diff shows them)`] : []),
  ]
}

function summaryText({ cases, updates, unchanged, unusable }: UpdatePlan): string {
  const changed = updates.filter(({ kind }) => kind === 'changed').length
  const failed = unusable.length === 0 ? '' : `, ${counted(unusable.length, 'case')} unusable`
  return `${counted(cases.length, 'case')}: ${counted(updates.length - changed, 'twin')} new, ${changed} changed, ${unchanged} unchanged${failed}`
}

/** One a case, as without `--update`. */
function jsonLines(plan: UpdatePlan, isRefused: boolean): readonly string[] {
  const failed = new Map(plan.unusable.map(one => [one.name, one]))
  const byCase = Map.groupBy(plan.updates, update => update.case)
  const cases = plan.cases.map(name => {
    const updates = byCase.get(name) ?? []
    const files = updates.map(({ file }) => file)
    const { unusable } = failed.get(name) ?? {}
    return {
      name,
      differences: [],
      written: isRefused ? [] : files,
      ...(unusable === undefined ? {} : { unusable }),
      updates: updates.map(({ added, file, kind, removed }) => ({ file, kind, added, removed })),
    }
  })
  const isEqual = plan.orphans.length === 0 && plan.unusable.length === 0 && !isRefused
  const { of, orphanReasons, orphans } = plan
  return [...cases, { orphans, orphanReasons, isEqual, of }].map(line => JSON.stringify(line))
}

function withoutReason(folder: string, changed: readonly TwinUpdate[]): FeedtapeError {
  const cases = new Set(changed.map(update => update.case)).size
  return new FeedtapeError('usage', 'golden twins would change, and nothing says why', {
    where: '--update',
    expected: `--reason TEXT, which goes into ${join(folder, UPDATE_LOG)}`,
    found: `${counted(changed.length, 'changed twin')} of ${counted(cases, 'case')}; nothing was written`,
    next: "review the diff above; then the same with --reason 'why they change'",
  })
}
