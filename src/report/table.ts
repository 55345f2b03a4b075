export type Alignment = 'left' | 'right'

export interface TableOptions {
  /** One a column; columns beyond the list stand left. */
  readonly align?: readonly Alignment[]
  /** Column titles; left out when there are none. */
  readonly head?: readonly string[]
  /** Spaces before each line. */
  readonly indent?: number
}

const GAP = '  '

/**
 * Rows as lines with their columns one below the other. No trailing spaces; a row may be shorter than others.
 * Cells may hold foreign text: it is shown plainly.
 */
export function tableLines(rows: readonly (readonly string[])[], options: TableOptions = {}): string[] {
  const all = options.head === undefined ? rows : [options.head, ...rows]
  const widths: number[] = []
  for (const row of all) {
    for (const [column, cell] of row.entries())
      widths[column] = Math.max(widths[column] ?? 0, width(plain(cell)))
  }
  const margin = ' '.repeat(options.indent ?? 0)
  return all.map(row => {
    const cells = row.map((text, column) => {
      const cell = plain(text)
      const room = ' '.repeat((widths[column] ?? 0) - width(cell))
      return options.align?.[column] === 'right' ? room + cell : cell + room
    })
    return (margin + cells.join(GAP)).trimEnd()
  })
}

/** Characters, not UTF-16 units: an astral one takes one place. */
function width(text: string): number {
  let count = 0
  for (const _ of text) count += 1
  return count
}

/** `1 frame`, `2 frames`, `1,234 frames`. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${grouped(count)} ${count === 1 ? noun : plural}`
}

/** `1,234,567`, not by the locale of the machine: the same bytes everywhere. */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ',')
}

/** `987 bytes`, `12.4 KB`, `3.1 MB`: powers of 1,000. */
export function bytesText(bytes: number): string {
  if (bytes < 1_000) return counted(bytes, 'byte')
  if (bytes < 1_000_000) return `${(bytes / 1_000).toFixed(1)} KB`
  if (bytes < 1_000_000_000) return `${(bytes / 1_000_000).toFixed(1)} MB`
  return `${(bytes / 1_000_000_000).toFixed(1)} GB`
}

/** Control characters and those that turn the direction of writing: foreign text must not steer a terminal. */
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g

/** Foreign text for one line of a terminal; cut at `limit` characters. */
export function plain(text: string, limit = 200): string {
  const safe = text.replace(UNSAFE, unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
  return safe.length > limit ? `${safe.slice(0, limit - 1)}…` : safe
}
