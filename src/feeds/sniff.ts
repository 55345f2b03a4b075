import { jsonSocket } from './json-socket/index.ts'
import type { Recognition } from './packet.ts'
import { FEEDS } from './registry.ts'

export interface SniffMatch {
  readonly feed: string
  readonly confidence: Recognition['confidence']
  /** By what, of the first message that was recognised so surely. */
  readonly why: string
  /** Messages that were recognised as this feed's, however surely. */
  readonly messages: number
}

export interface Sniffing {
  /** Messages that were looked at. */
  readonly looked: number
  /** The surest first. A feed that reads anybody's JSON comes behind all that know a wire. */
  readonly matches: readonly SniffMatch[]
  /** The feeds between which it could not be decided, where there are several. */
  readonly tie: readonly string[]
}

const RANK: Readonly<Record<Recognition['confidence'], number>> = { certain: 3, likely: 2, possible: 1 }

/** Enough to tell a wire; a long tape's later messages tell nothing new. */
const MOST_MESSAGES = 2_000

interface Found {
  best: Recognition
  /** How many were recognised as surely as the best. */
  surest: number
  messages: number
}

/** Whose wire a foreign capture is: every feed is asked about its texts and addresses. */
export class Sniffer {
  readonly #found = new Map<string, Found>()
  #looked = 0

  text(text: string): void {
    if (this.#looked >= MOST_MESSAGES) return
    this.#looked += 1
    for (const feed of FEEDS) {
      const recognition = feed.recognise(text)
      if (recognition !== undefined) this.#add(feed.name, recognition, 1)
    }
  }

  /** A wire's own host is no accident; on this machine an address says little. */
  url(url: string): void {
    for (const feed of FEEDS) {
      if (!feed.matches(url)) continue
      const isLocal = /^(?:127\.|localhost$|\[::1\])/.test(URL.parse(url)?.hostname ?? '')
      const confidence = isLocal ? 'possible' : 'certain'
      this.#add(feed.name, { confidence, why: isLocal ? 'the path of the address' : 'the address' }, 0)
    }
  }

  result(): Sniffing {
    const rows = [...this.#found].map(([feed, found]) => ({ feed, found, isGeneric: isAnyJson(feed) }))
    rows.sort(
      (a, b) =>
        Number(a.isGeneric) - Number(b.isGeneric) ||
        RANK[b.found.best.confidence] - RANK[a.found.best.confidence] ||
        b.found.surest - a.found.surest,
    )
    const matches = rows.map(({ feed, found: { best, messages } }) => ({ feed, ...best, messages }))
    return { looked: this.#looked, matches, tie: tieOf(rows) }
  }

  #add(feed: string, recognition: Recognition, messages: number): void {
    const found = this.#found.get(feed)
    if (found === undefined) {
      this.#found.set(feed, { best: recognition, surest: 1, messages })
      return
    }
    found.messages += messages
    const step = RANK[recognition.confidence] - RANK[found.best.confidence]
    if (step > 0) {
      found.best = recognition
      found.surest = 1
    } else if (step === 0) found.surest += 1
  }
}

export function sniff(texts: readonly string[], urls: readonly string[] = []): Sniffing {
  const sniffer = new Sniffer()
  for (const url of urls) sniffer.url(url)
  for (const text of texts) sniffer.text(text)
  return sniffer.result()
}

/** Whether a feed reads anybody's JSON: that it recognises a text tells no wire. */
export function isAnyJson(name: string): boolean {
  return name === jsonSocket.name
}

interface Row {
  readonly feed: string
  readonly found: Found
  readonly isGeneric: boolean
}

/** As sure as the first, and not far fewer: which of them it is cannot be told. */
function tieOf(rows: readonly Row[]): readonly string[] {
  const [first] = rows
  if (first === undefined) return []
  const equals = rows.filter(
    ({ found, isGeneric }) =>
      isGeneric === first.isGeneric &&
      found.best.confidence === first.found.best.confidence &&
      found.surest * 2 >= first.found.surest,
  )
  return equals.length > 1 ? equals.map(({ feed }) => feed) : []
}

/** The feed that reads it: the first that is at least likely, else the one that reads anybody's JSON. */
export function feedOfSniffing({ matches }: Sniffing): SniffMatch | undefined {
  return matches.find(({ feed, confidence }) => confidence !== 'possible' || isAnyJson(feed))
}
