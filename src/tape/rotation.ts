import type { Micros } from '../model/time.ts'
import type { Entry, Header, Open, Seal } from './entry.ts'

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
  #bytes = 0
  #began: Micros = 0

  constructor(rule: RotationRule, header: Header) {
    this.#rule = rule
    this.#header = header
  }

  took(entry: Entry, bytes: number): void {
    this.#bytes += bytes
    if (entry.kind === 'open') this.#open.set(entry.conn, entry)
    else if (entry.kind === 'close') this.#open.delete(entry.conn)
  }

  /** Only while a connection is open: a part begins with an `open` that resumes. */
  isDue(at: Micros): boolean {
    const { bytes = Number.POSITIVE_INFINITY, every = Number.POSITIVE_INFINITY } = this.#rule
    return this.#open.size > 0 && (this.#bytes >= bytes || at - this.#began >= every)
  }

  /** The header of the part behind this seal, and what it has to resume, to be numbered. */
  next(seal: Seal): { readonly header: Header; readonly opens: readonly Omit<Open, 'seq'>[] } {
    this.part += 1
    this.#bytes = 0
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
