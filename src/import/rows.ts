import type { Buffer } from 'node:buffer'

const QUOTE = 0x22
const LINE_FEED = 0x0a

/** A file of CSV cut behind its line ends, but for those in a quoted cell: the pieces together are the file. */
export function rowsOf(bytes: Buffer): readonly Buffer[] {
  const rows: Buffer[] = []
  let start = 0
  let isQuoted = false
  for (let at = 0; at < bytes.length; at += 1) {
    if (bytes[at] === QUOTE) isQuoted = !isQuoted
    if (bytes[at] !== LINE_FEED || isQuoted) continue
    rows.push(bytes.subarray(start, at + 1))
    start = at + 1
  }
  if (start < bytes.length) rows.push(bytes.subarray(start))
  return rows
}
