import { relative, sep } from 'node:path'
import { type FilesBelow, filesBelow } from '../edit/index.ts'
import { FeedtapeError, reasonOf } from '../model/errors.ts'
import { firstLineOf } from './twin-lines.ts'

/** A tape may be packed. What stands beside it may not. */
const TAPE = /\.tape\.jsonl(?:\.gz)?$/
const TWINS = ['.quotes.jsonl', '.pnl.jsonl', '.positions.jsonl', '.config.json'] as const

/** A tape and the files beside it that are compared with what the code makes of it. */
export interface GoldenCase {
  /** Path below the folder without its endings, with `/`: the name of its test. */
  readonly name: string
  readonly tape: string
  readonly quotes: string
  readonly pnl: string
  /** The fills that the P&L is made from; a case without them has no P&L, but for the tape's own. */
  readonly positions: string | undefined
  /** What feeds are taught for this case. */
  readonly config: string | undefined
  /** The P&L twin's first line asks for the fills that are on the tape. */
  readonly isOfTape: boolean
}

export interface Discovery {
  readonly cases: readonly GoldenCase[]
  /** Twins without a tape, and P&L without its positions: nothing would ever compare them. */
  readonly orphans: readonly string[]
  /** Why nothing compares them, for each. */
  readonly orphanReasons: Readonly<Record<string, string>>
}

const NO_TAPE = 'has no tape beside it'
const PACKED = 'is packed, and only a tape is read so'

/**
 * Every golden case below a folder, found and never listed, in the order of their names; links are followed. Throws
 * `file-missing`, and `ambiguous` where a tape is there both packed and not.
 */
export async function discover(folder: string): Promise<Discovery> {
  const below = await fixturesBelow(folder)
  // A link that leads nowhere makes its case unusable; it is not passed over.
  const files = new Set([...below.files, ...below.broken.map(({ file }) => file)])
  const cases: GoldenCase[] = []
  const claimed = new Set<string>()
  const reasons = new Map<string, string>()
  for (const tape of [...files].filter(file => TAPE.test(file)).sort()) {
    const stem = tape.replace(TAPE, '')
    if (files.has(`${tape}.gz`)) throw twoTapes(tape)
    const positions = `${stem}.positions.jsonl`
    const config = `${stem}.config.json`
    claimed.add(`${stem}.quotes.jsonl`).add(positions).add(config)
    // A P&L twin without the fills that it was made from would be compared with nothing.
    const pnl = `${stem}.pnl.jsonl`
    const isOfTape = !files.has(positions) && files.has(pnl) && (await asksForTheTapesFills(pnl))
    if (files.has(positions) || isOfTape) claimed.add(pnl)
    else reasons.set(pnl, withoutPositions(relative(folder, positions)))
    cases.push({
      name: relative(folder, stem).split(sep).join('/'),
      tape,
      quotes: `${stem}.quotes.jsonl`,
      pnl,
      positions: files.has(positions) ? positions : undefined,
      config: files.has(config) ? config : undefined,
      isOfTape,
    })
  }
  const orphans = [...files].filter(file => isTwin(file) && !claimed.has(file)).sort()
  const reasonOfOne = (file: string): string =>
    file.endsWith('.gz') ? PACKED : (reasons.get(file) ?? NO_TAPE)
  return {
    cases,
    orphans,
    orphanReasons: Object.fromEntries(orphans.map(file => [file, reasonOfOne(file)])),
  }
}

/** Packed ones, too: they would be passed over. */
function isTwin(file: string): boolean {
  return TWINS.some(ending => file.endsWith(ending) || file.endsWith(`${ending}.gz`))
}

async function fixturesBelow(folder: string): Promise<FilesBelow> {
  let found: string
  try {
    const below = await filesBelow(folder)
    if (below.files[0] !== folder) return below
    found = 'a file'
  } catch (thrown) {
    found = reasonOf(thrown instanceof FeedtapeError ? (thrown.cause ?? thrown) : thrown)
  }
  throw new FeedtapeError('file-missing', 'the folder of fixtures cannot be read', {
    where: folder,
    expected: 'a folder',
    found,
    next: 'name a folder that holds *.tape.jsonl files',
  })
}

/** What its options say is checked where it is read (twins.ts). */
async function asksForTheTapesFills(file: string): Promise<boolean> {
  return /"positions"\s*:/.test((await firstLineOf(file)) ?? '')
}

function withoutPositions(positions: string): string {
  return `has no ${positions} beside it, and its first line does not ask for the tape's own ("positions":"fills")`
}

function twoTapes(tape: string): FeedtapeError {
  return new FeedtapeError('ambiguous', 'a case has one tape', {
    where: tape,
    expected: 'the tape, packed or not',
    found: `${tape}.gz beside it`,
    next: 'remove one of them',
  })
}
