import type { Alignment } from './table.ts'
import { plain } from './table.ts'

const RULES: Readonly<Record<Alignment, string>> = { left: '---', right: '---:' }

/** A table as GitHub reads it. A row may be shorter than the head; cells may hold foreign text. */
export function markdownTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  align: readonly Alignment[] = [],
): string[] {
  return [
    rowLine(head.map(cell => markdownText(cell))),
    rowLine(head.map((_, column) => RULES[align[column] ?? 'left'])),
    ...rows.map(row => rowLine(head.map((_, column) => markdownText(row[column] ?? '')))),
  ]
}

function rowLine(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}

/** Foreign text that stays text on one line: no mark-up, no HTML, no mention, no link. */
export function markdownText(text: string, limit = 200): string {
  return plain(text, limit)
    .replace(/[\\`*_{}[\]|~#$]/g, '\\$&')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/@/g, '&#64;')
    .replace(/:\/\//g, '&#58;//')
}
