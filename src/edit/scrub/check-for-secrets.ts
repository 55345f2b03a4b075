import { FEEDS, feedNamed } from '../../feeds/index.ts'
import { FeedtapeError } from '../../model/errors.ts'
import { createRedactor, type Entry, type KnownSecret, type Line } from '../../tape/index.ts'
import { fromBytes, fromEdited } from '../../tape/line.ts'
import { filesBelow } from '../files-below.ts'
import { openLines } from './lines.ts'
import { type Piece, piecesOf } from './places.ts'
import { createSearch, type Hit, type Search } from './search.ts'
import { standInsOf, withoutStandIns } from './stand-ins.ts'

export interface ScrubFinding {
  readonly file: string
  readonly line: number
  /** The entry's number, on a tape. */
  readonly entry?: number
  readonly place: string
  readonly kind: string
  /** The first three characters and the length: `eyJ… (152 characters)`. */
  readonly masked: string
}

export interface ScrubCheck {
  readonly files: number
  readonly tapes: number
  /** No text: not searched. */
  readonly skipped: readonly string[]
  /** Not readable to the end, with the reason. */
  readonly damaged: readonly { readonly file: string; readonly reason: string }[]
  readonly findings: readonly ScrubFinding[]
}

export interface ScrubCheckOptions {
  readonly known?: readonly KnownSecret[]
}

/**
 * Searches files, and all files below folders, for what looks like a secret and is no declared stand-in. Tapes
 * come first: their stand-ins stand in their twins, too. FeedtapeError `file-missing`, also where there is nothing to
 * search: nothing read is nothing found clean.
 */
export async function checkForSecrets(
  paths: readonly string[],
  { known = [] }: ScrubCheckOptions = {},
): Promise<ScrubCheck> {
  const below = await Promise.all(paths.map(filesBelow))
  const files = new Set(below.flatMap(one => one.files))
  const ordered = [...files].sort((a, b) => Number(isTape(b)) - Number(isTape(a)))
  const checker = new Checker(known)
  checker.skipped.push(...below.flatMap(({ others }) => others))
  checker.damaged.push(...below.flatMap(({ broken }) => broken))
  for (const file of ordered) await checker.check(file)
  const { skipped, damaged, findings, tapes, searched: count } = checker
  if (count === 0) throw nothingSearched(paths, checker)
  return { files: count, tapes, skipped, damaged, findings }
}

class Checker {
  searched = 0
  tapes = 0
  readonly skipped: string[] = []
  readonly damaged: { file: string; reason: string }[] = []
  readonly findings: ScrubFinding[] = []
  readonly #redactor = createRedactor()
  readonly #anywhere: Search
  readonly #searches = new Map<string, Search>()
  readonly #standIns = new Set<string>()

  constructor(known: readonly KnownSecret[]) {
    for (const secret of known) this.#redactor.learn(secret)
    this.#anywhere = createSearch({ feeds: FEEDS, redactor: this.#redactor, guesses: true })
  }

  async check(file: string): Promise<void> {
    const opened = await openLines(file)
    if (opened === undefined) {
      this.skipped.push(file)
      return
    }
    this.searched += 1
    /** By connection; `undefined` as long as the file is no tape. */
    let feeds: Map<number, string> | undefined
    for await (const { number, bytes } of opened.lines) {
      const line = number > 1 && feeds === undefined ? undefined : tapeLine(bytes)
      if (line?.kind === 'header' && feeds === undefined) {
        feeds = new Map()
        this.tapes += 1
      }
      const where = { file, line: number }
      if (feeds === undefined || line === undefined) this.#checkText(bytes.toString('utf8'), where)
      else this.#checkLine(line, feeds, where)
    }
    if (opened.damage !== undefined) this.damaged.push({ file, reason: opened.damage })
  }

  #checkText(text: string, where: Place): void {
    this.#report(this.#anywhere.inPiece({ place: 'text', text }), where)
  }

  #checkLine(line: Line, feeds: Map<number, string>, where: Place): void {
    if (line.kind === 'checkpoint' || line.kind === 'seal') return
    if (line.kind === 'header') {
      this.#report(searched(this.#anywhere, piecesOf(line)), where)
      return
    }
    for (const standIn of standInsOf(line)) this.#standIns.add(standIn)
    if ('feed' in line) feeds.set(line.conn, line.feed)
    const search = this.#searchFor('conn' in line ? feeds.get(line.conn ?? 0) : undefined)
    this.#report(entryHits(search, withoutStandIns(line)), { ...where, entry: line.seq })
  }

  #searchFor(name: string | undefined): Search {
    const feed = feedNamed(name ?? '')
    if (feed === undefined) return this.#anywhere
    const search =
      this.#searches.get(feed.name) ?? createSearch({ feed, redactor: this.#redactor, guesses: true })
    this.#searches.set(feed.name, search)
    return search
  }

  #report(hits: readonly Hit[], where: Place): void {
    const seen = new Set<string>()
    for (const { place, kind, value } of hits) {
      if (this.#standIns.has(value) || seen.has(value)) continue
      seen.add(value)
      this.findings.push({ ...where, place, kind, masked: masked(value) })
    }
  }
}

type Place = Pick<ScrubFinding, 'file' | 'line' | 'entry'>

/** A wire's own places are named better than by their form, and one naming is enough. */
function entryHits(search: Search, entry: Entry): readonly Hit[] {
  const pieces = piecesOf(entry)
  const named = search.inEntry(entry, pieces)
  const others = searched(search, pieces)
  return [...named, ...others.filter(({ value }) => !named.some(hit => hit.value.includes(value)))]
}

function searched(search: Search, pieces: readonly Piece[]): readonly Hit[] {
  return pieces.flatMap(piece => search.inPiece(piece))
}

/** A line that was edited or flipped is searched as what it still says; `undefined` where it says nothing. */
function tapeLine(bytes: Buffer): Line | undefined {
  if (!bytes.subarray(0, 9).equals(Buffer.from('{"kind":"'))) return undefined
  const line = fromBytes(bytes)
  if (line.kind !== 'damage') return line
  const edited = fromEdited(bytes)
  return edited.kind === 'damage' ? undefined : edited
}

/** Enough to find it, too little to use it. */
export function masked(value: string): string {
  return `${value.slice(0, 3)}… (${value.length} characters)`
}

function isTape(file: string): boolean {
  return /\.tape\.jsonl(?:\.gz)?$/.test(file)
}

function nothingSearched(
  paths: readonly string[],
  { damaged, skipped }: Pick<ScrubCheck, 'damaged' | 'skipped'>,
): FeedtapeError {
  const found = [
    ...damaged.map(({ file, reason }) => `${file}: ${reason}`),
    ...skipped.map(file => `no text: ${file}`),
  ]
  return new FeedtapeError('file-missing', 'there is nothing to search', {
    where: paths.join(', '),
    expected: 'at least one text, packed or not',
    found: found.length === 0 ? 'no file' : found.slice(0, 5).join('; '),
    next: 'name the tapes, or a folder that holds them',
  })
}
