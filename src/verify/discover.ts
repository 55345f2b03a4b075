import { readdir, readFile } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { FeedtapeError, reasonOf } from '../model/errors.ts'

const TAPE = '.tape.jsonl'
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
}

/** Every golden case below a folder, found and never listed, in the order of their names. */
export async function discover(folder: string): Promise<Discovery> {
  const files = new Set(await filesBelow(folder))
  const cases: GoldenCase[] = []
  const claimed = new Set<string>()
  for (const file of [...files].sort()) {
    if (!file.endsWith(TAPE)) continue
    const stem = file.slice(0, -TAPE.length)
    const positions = `${stem}.positions.jsonl`
    const config = `${stem}.config.json`
    claimed.add(`${stem}.quotes.jsonl`).add(positions).add(config)
    // A P&L twin without the fills that it was made from would be compared with nothing.
    const pnl = `${stem}.pnl.jsonl`
    const isOfTape = !files.has(positions) && files.has(pnl) && (await asksForTheTapesFills(pnl))
    if (files.has(positions) || isOfTape) claimed.add(pnl)
    cases.push({
      name: relative(folder, stem).split(sep).join('/'),
      tape: file,
      quotes: `${stem}.quotes.jsonl`,
      pnl,
      positions: files.has(positions) ? positions : undefined,
      config: files.has(config) ? config : undefined,
      isOfTape,
    })
  }
  const isTwin = (file: string): boolean => TWINS.some(ending => file.endsWith(ending))
  return { cases, orphans: [...files].filter(file => isTwin(file) && !claimed.has(file)).sort() }
}

/** What its options say is checked where it is read (twins.ts). */
async function asksForTheTapesFills(file: string): Promise<boolean> {
  const [options = ''] = (await readFile(file, 'utf8')).split('\n', 1)
  return /"positions"\s*:/.test(options)
}

/** Other people's fixtures. */
function isForeign(file: string): boolean {
  return file.split(sep).includes('node_modules')
}

async function filesBelow(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true })
    const files = entries.filter(entry => entry.isFile() || entry.isSymbolicLink())
    return files.map(entry => join(entry.parentPath, entry.name)).filter(file => !isForeign(file))
  } catch (cause) {
    throw new FeedtapeError('file-missing', 'the folder of fixtures cannot be read', {
      where: folder,
      found: reasonOf(cause),
      next: 'name a folder that holds *.tape.jsonl files',
      cause,
    })
  }
}
