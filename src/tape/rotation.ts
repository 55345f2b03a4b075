import type { Micros } from '../model/time.ts'
import type { Entry, Header, Open, Request, Seal } from './entry.ts'

/** When a part has had enough. At least one of them. */
export interface RotationRule {
  /** Of its lines, uncompressed; a part goes past it by at most one entry. */
  readonly bytes?: number
  /** From its first entry. */
  readonly every?: Micros
}

/** `night.tape.jsonl.gz` and 2: `night.part2.tape.jsonl.gz`. */
export function partPath(path: string, part: number): string {
  if (part === 1) return path
  const [ending = ''] = /(?:\.tape)?(?:\.jsonl)?(?:\.gz)?$/.exec(path) ?? []
  return `${path.slice(0, path.length - ending.length)}.part${part}${ending}`
}

/** Knows the part that is being written, and what the next one has to begin with. */
export class Rotation {
  part = 1
  readonly #rule: RotationRule
  readonly #header: Header
  readonly #open = new Map<number, Open>()
  /** What was asked last on a connection, until it is open or over. */
  readonly #asked = new Map<number, Request>()
  /** Connections on which an answer is due. */
  readonly #waiting = new Set<number>()
  /** In this part. */
  #answers = 0
  #bytes = 0
  #began: Micros = 0

  constructor(rule: RotationRule, header: Header) {
    this.#rule = rule
    this.#header = header
  }

  took(entry: Entry, bytes: number): void {
    this.#bytes += bytes
    if (entry.kind === 'open') this.#open.set(entry.conn, entry)
    else if (entry.kind === 'request') this.#ask(entry)
    else if (entry.kind === 'response') this.#answer(entry.conn)
    else if (entry.kind === 'close' || entry.kind === 'fail') this.#forget(entry.conn)
    else if (entry.kind === 'frame' && !this.#open.has(entry.conn)) this.#stream(entry.conn)
  }

  /**
   * While a connection is open, which a part begins by resuming, or behind an answer of one that is polled; never
   * between a request and its answer.
   */
  isDue(at: Micros): boolean {
    const { bytes = Number.POSITIVE_INFINITY, every = Number.POSITIVE_INFINITY } = this.#rule
    if (this.#bytes < bytes && at - this.#began < every) return false
    return this.#waiting.size === 0 && (this.#open.size > 0 || this.#answers > 0)
  }

  #ask(request: Request): void {
    this.#asked.set(request.conn, request)
    this.#waiting.add(request.conn)
  }

  #answer(conn: number): void {
    this.#waiting.delete(conn)
    this.#answers += 1
  }

  #forget(conn: number): void {
    this.#open.delete(conn)
    this.#asked.delete(conn)
    this.#waiting.delete(conn)
  }

  /** An answer that goes on in chunks is an open connection: the next part has to say whose they are. */
  #stream(conn: number): void {
    const request = this.#asked.get(conn)
    if (request === undefined) return
    const { seq, at, feed, url, redacted } = request
    const hidden = (redacted ?? []).filter(([, , place]) => place.startsWith('url#'))
    this.#open.set(conn, {
      kind: 'open',
      seq,
      at,
      conn,
      feed,
      url,
      ...(hidden.length === 0 ? {} : { redacted: hidden }),
    })
  }

  /** The header of the part behind this seal, and what it has to resume, to be numbered. */
  next(seal: Seal): { readonly header: Header; readonly opens: readonly Omit<Open, 'seq'>[] } {
    this.part += 1
    this.#bytes = 0
    this.#answers = 0
    this.#began = seal.at
    return {
      header: { ...this.#header, part: this.part, previousHash: seal.hash },
      opens: [...this.#open.values()].map(({ seq: _, ...open }) => ({
        ...open,
        at: seal.at,
        resumed: true as const,
      })),
    }
  }
}
