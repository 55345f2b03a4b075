import { join, relative, sep } from 'node:path'
import { counted } from '../report/table.ts'
import type { VerifiedCase, VerifiedFolder } from '../report/verified.ts'
import {
  type CaseResult,
  caseLines,
  causeMessage,
  type FolderResult,
  groupCauses,
  likenessText,
  type Shard,
} from '../verify/index.ts'

/** What was found, in the words of the reports. */
export function verifiedFolder(
  folder: string,
  result: FolderResult,
  shard: Shard | undefined,
): VerifiedFolder {
  const orphans = result.orphans.map(file => orphanOf(folder, file, result.orphanReasons[file] ?? ''))
  return {
    folder,
    cases: [...result.cases.map(one => verifiedCase(folder, one)), ...orphans],
    groups: [
      ...groupCauses(result.cases).map(({ first, others }) => ({
        first: verifiedCase(folder, first),
        others: others.map(({ name }) => name),
        likeness: first.cause === undefined ? '' : likenessText(first.cause),
      })),
      ...orphans.map(first => ({ first, others: [], likeness: '' })),
    ],
    summary: summaryText(result, shard),
  }
}

function verifiedCase(folder: string, result: CaseResult): VerifiedCase {
  const { cause, name, unusable } = result
  if (cause === undefined) return { name, verdict: 'equal', message: '', lines: [], path: '', line: 1 }
  return {
    name,
    verdict: unusable === undefined ? 'differs' : 'unusable',
    message: unusable === undefined ? causeMessage(cause) : cause.of,
    lines: caseLines(result),
    path: pathOf(folder, cause.file),
    line: cause.line,
  }
}

function orphanOf(folder: string, file: string, reason: string): VerifiedCase {
  const message = `${reason}: nothing compares it`
  return { name: file, verdict: 'orphan', message, lines: [], path: pathOf(folder, file), line: 1 }
}

/** Relative to where the program was started: the root of the repository, as GitHub wants it. */
function pathOf(folder: string, file: string): string {
  return relative('', join(folder, file)).split(sep).join('/')
}

function summaryText({ cases, of }: FolderResult, shard: Shard | undefined): string {
  if (shard !== undefined && cases.length === 0) {
    return `shard ${shard.index}/${shard.of} holds none of ${counted(of, 'case')}`
  }
  const unusable = cases.filter(one => one.unusable !== undefined).length
  const different = cases.filter(one => one.cause !== undefined).length - unusable
  const part =
    shard === undefined
      ? counted(of, 'case')
      : `${cases.length} of ${counted(of, 'case')} (shard ${shard.index}/${shard.of})`
  const equal = cases.length - different - unusable
  return `${part}: ${equal} equal, ${different} different${unusable === 0 ? '' : `, ${unusable} unusable`}`
}
