import { type Inspection, reasonKind } from '../inspect/index.ts'
import { counted, grouped, plain } from './table.ts'

type Trouble = Inspection['packets']['troubles'][number]

const SHOWN = 20

/** What could not be read: alike but for the value that it had, it is one line, with the first of them. */
export function troubleLines(troubles: readonly Trouble[]): readonly string[] {
  const alike = Map.groupBy(troubles, ({ dir, disposition, kind, reason }) => {
    return `${disposition} ${dir}:${kind} ${reasonKind(reason)}`
  })
  const groups = [...alike.values()]
  const left = groups.length - SHOWN
  return [
    ...groups.slice(0, SHOWN).flatMap(group => groupLines(group)),
    ...(left > 0 ? [`  … and ${counted(left, 'more kind of trouble', 'more kinds of trouble')}`] : []),
  ]
}

function groupLines(group: readonly Trouble[]): readonly string[] {
  const [first] = group
  if (first === undefined) return []
  const { dir, disposition, kind, packet, reason, sample, seq } = first
  const count = group.reduce((sum, trouble) => sum + trouble.count, 0)
  const others = group.length === 1 ? '' : `; ${grouped(group.length)} different values`
  return [
    `  ${disposition}: ${grouped(count)} × ${dir}:${plain(kind, 60)}, ${plain(reason)} (first: entry ${seq}, packet ${packet}${others})`,
    ...(sample === undefined ? [] : [`    ${plain(sample)}`]),
  ]
}
