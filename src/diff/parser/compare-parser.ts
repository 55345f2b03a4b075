import type { QuoteField } from '../../model/quote.ts'
import type { EpochMicros } from '../../model/time.ts'
import type { OwnEntry, OwnUpdate } from './own-updates.ts'
import { isSameValue, type ParserUpdate, type ParserValue } from './parser-line.ts'

/** One value that a parser reads otherwise than feedtape, with the entry that it comes from. */
export interface ParserDifference {
  readonly seq: number
  readonly at: EpochMicros | undefined
  readonly feed: string
  readonly conn: number | undefined
  readonly name: string
  readonly session: string
  readonly field: QuoteField
  /** `undefined` where it says nothing of it. */
  readonly ours: ParserValue | undefined
  readonly theirs: ParserValue | undefined
  /** What stands on the tape there. */
  readonly text: string
}

export interface FieldCount {
  readonly field: QuoteField
  compared: number
  different: number
}

export interface ParserReport {
  /** Entries with a quote on either side. */
  readonly entries: number
  readonly fields: readonly FieldCount[]
  /** The first of them, in the order of the tape; `fields` counts all. */
  readonly differences: readonly ParserDifference[]
  readonly different: number
  /** Fields that the parser never said on any entry, and that nobody asked for: not compared. */
  readonly unsaid: readonly QuoteField[]
}

export interface CompareParserOptions {
  /** These and no others; without it, those that the parser says anywhere. */
  readonly fields?: readonly QuoteField[]
  readonly listed?: number
}

const LISTED = 1_000

/** Both in the order of the tape. What one says of a name in one entry is held against what the other says there. */
export async function compareParser(
  ours: AsyncIterable<OwnEntry>,
  theirs: AsyncIterable<ParserUpdate>,
  { fields, listed = LISTED }: CompareParserOptions = {},
): Promise<ParserReport> {
  const tally = new ParserTally(fields, listed)
  const own = ours[Symbol.asyncIterator]()
  const other = grouped(theirs)
  try {
    let mine = await own.next()
    let foreign = await other.next()
    while (mine.done !== true || foreign.done !== true) {
      const mySeq = mine.done === true ? Number.POSITIVE_INFINITY : mine.value.seq
      const foreignSeq = foreign.done === true ? Number.POSITIVE_INFINITY : foreign.value.seq
      tally.add(
        mine.done !== true && mySeq <= foreignSeq ? mine.value : undefined,
        foreign.done !== true && foreignSeq <= mySeq ? foreign.value : undefined,
      )
      if (mySeq <= foreignSeq) mine = await own.next()
      if (foreignSeq <= mySeq) foreign = await other.next()
    }
  } finally {
    await own.return?.()
    await other.return(undefined)
  }
  return tally.report()
}

interface ForeignEntry {
  readonly seq: number
  readonly updates: readonly ParserUpdate[]
}

async function* grouped(updates: AsyncIterable<ParserUpdate>): AsyncGenerator<ForeignEntry, undefined> {
  let entry: { readonly seq: number; readonly updates: ParserUpdate[] } | undefined
  for await (const update of updates) {
    if (entry !== undefined && entry.seq !== update.seq) {
      yield entry
      entry = undefined
    }
    if (entry === undefined) entry = { seq: update.seq, updates: [update] }
    else entry.updates.push(update)
  }
  if (entry !== undefined) yield entry
  return undefined
}

type Said = ReadonlyMap<QuoteField, ParserValue>

class ParserTally {
  #entries = 0
  readonly #fields: readonly QuoteField[] | undefined
  readonly #listed: number
  readonly #counts = new Map<QuoteField, FieldCount>()
  readonly #differences: ParserDifference[] = []
  readonly #firsts = new Map<QuoteField, number>()
  readonly #said = new Set<QuoteField>()

  constructor(fields: readonly QuoteField[] | undefined, listed: number) {
    this.#fields = fields
    this.#listed = listed
  }

  add(ours: OwnEntry | undefined, theirs: ForeignEntry | undefined): void {
    this.#entries += 1
    const withSession = theirs?.updates.every(({ session }) => session !== undefined) ?? false
    const mine = byKey(ours?.updates ?? [], withSession)
    const foreign = byKey(theirs?.updates ?? [], withSession)
    for (const { fields } of theirs?.updates ?? []) for (const field of fields.keys()) this.#said.add(field)
    for (const key of new Set([...mine.keys(), ...foreign.keys()])) {
      const [one, other] = [mine.get(key), foreign.get(key)]
      const { name = '', session = '' } = one ?? other ?? {}
      const place = { seq: ours?.seq ?? theirs?.seq ?? 0, entry: ours, name, session }
      this.#compare(one?.fields ?? NOTHING, other?.fields ?? NOTHING, place)
    }
  }

  report(): ParserReport {
    const isAsked = (field: QuoteField): boolean => this.#fields?.includes(field) ?? this.#said.has(field)
    const fields = [...this.#counts.values()].filter(({ field }) => isAsked(field))
    return {
      entries: this.#entries,
      fields,
      differences: this.#differences.filter(({ field }) => isAsked(field)).slice(0, this.#listed),
      different: fields.reduce((sum, { different }) => sum + different, 0),
      unsaid: [...this.#counts.keys()].filter(field => !isAsked(field)),
    }
  }

  #compare(ours: Said, theirs: Said, place: Place): void {
    for (const field of new Set([...ours.keys(), ...theirs.keys()])) {
      if (this.#fields !== undefined && !this.#fields.includes(field)) continue
      const count = this.#counts.get(field) ?? { field, compared: 0, different: 0 }
      this.#counts.set(field, count)
      count.compared += 1
      const [a, b] = [ours.get(field), theirs.get(field)]
      if (isSameValue(a, b)) continue
      count.different += 1
      this.#list(field, a, b, place)
    }
  }

  /** Of each field so many: which fields count is known at the end only. */
  #list(
    field: QuoteField,
    ours: ParserValue | undefined,
    theirs: ParserValue | undefined,
    place: Place,
  ): void {
    const listed = this.#firsts.get(field) ?? 0
    if (listed >= this.#listed) return
    this.#firsts.set(field, listed + 1)
    const { seq, name, session, entry } = place
    this.#differences.push({
      seq,
      at: entry?.at,
      feed: entry?.feed ?? '',
      conn: entry?.conn,
      name,
      session,
      field,
      ours,
      theirs,
      text: entry?.text ?? '',
    })
  }
}

interface Place {
  readonly seq: number
  readonly name: string
  readonly session: string
  readonly entry: OwnEntry | undefined
}

interface SaidUpdate {
  readonly name: string
  readonly session: string
  readonly fields: Said
}

const NOTHING: Said = new Map()

/** What an entry said of each name; of two packets about one the later holds. */
function byKey(
  updates: readonly (ParserUpdate | OwnUpdate)[],
  withSession: boolean,
): ReadonlyMap<string, SaidUpdate> {
  const found = new Map<string, SaidUpdate>()
  for (const { name, session = '', fields } of updates) {
    const key = JSON.stringify([name, withSession ? session : ''])
    const before = found.get(key)
    found.set(key, { name, session, fields: new Map([...(before?.fields ?? NOTHING), ...fields]) })
  }
  return found
}
