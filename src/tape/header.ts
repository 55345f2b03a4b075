import { excerpt, FeedtapeError } from '../model/errors.ts'
import type { BlockReader } from './blocks.ts'
import { FORMAT, type Header } from './entry.ts'
import { fromBytes } from './line.ts'

const BEGINNING = '{"kind":"header",'
/** Enough to say what a file is that is no tape. */
const SNIFF_BYTES = 512
const CARRIAGE_RETURN = 0x0d
const ZSTD = Buffer.from([0x28, 0xb5, 0x2f, 0xfd])

/** Reads on to the first line, which must be a header of this format; FeedtapeError `not-a-tape` otherwise. */
export async function readHeader(blocks: BlockReader, name: string): Promise<Header> {
  let hasMore = await blocks.fill()
  while (hasMore && blocks.block.lines.count === 0 && isPromising(blocks.head(SNIFF_BYTES))) {
    hasMore = await blocks.fill()
  }
  const head = blocks.head(SNIFF_BYTES)
  if (blocks.damage !== undefined && blocks.block.lines.count === 0) {
    const { what, expected, found } = blocks.damage
    throw notATape(name, `${what}: expected ${expected}, found ${found}`, 'copy it again')
  }
  if (!isBeginning(head)) throw notATape(name, describe(head), nextStep(head))
  const { bytes, lines } = blocks.block
  const end = lines.ends[0]
  if (end === undefined) throw notATape(name, 'a header that is cut short', 'record or copy it again')
  if (bytes[end] === CARRIAGE_RETURN || bytes[end - 1] === CARRIAGE_RETURN) {
    throw notATape(name, 'lines that end in CR LF', 'copy it as it is (in git: `*.jsonl -text`)')
  }
  const line = fromBytes(bytes.subarray(0, end))
  if (line.kind === 'header') return line
  const found = line.kind === 'damage' ? `a damaged header: ${line.what}${why(line)}` : line.kind
  throw notATape(name, found, 'if it was edited by hand, `feedtape seal` makes it a tape again')
}

/** So far: a header, or too little to tell. */
function isPromising(head: Buffer): boolean {
  return head.length < SNIFF_BYTES || isBeginning(head)
}

function isBeginning(head: Buffer): boolean {
  return head.subarray(0, BEGINNING.length).toString('latin1') === BEGINNING
}

function why({ expected, found }: { readonly expected?: string; readonly found?: string }): string {
  return expected === undefined ? '' : ` (expected ${expected}, found ${found ?? 'nothing'})`
}

function describe(head: Buffer): string {
  if (head.length === 0) return 'an empty file'
  if (head.subarray(0, 4).equals(ZSTD)) return 'zstd'
  const text = head.toString()
  if (/^\s*\{\s*"log"\s*:/.test(text)) return 'a HAR file'
  if (/^\s*[[{]/.test(text)) return `other JSON: ${excerpt(text)}`
  return excerpt(text)
}

function nextStep(head: Buffer): string {
  if (head.length === 0) return 'record it again'
  if (head.subarray(0, 4).equals(ZSTD)) return 'unpack it: zstd -dc FILE | feedtape … -'
  if (/^\s*[[{]/.test(head.toString())) return 'make a tape of it: feedtape import FILE'
  return 'give a tape (*.tape.jsonl)'
}

function notATape(where: string, found: string, next: string): FeedtapeError {
  const expected = `a ${FORMAT} header as the first line`
  return new FeedtapeError('not-a-tape', 'this is no tape', { where, expected, found, next })
}
