import { shapeOf } from '../feeds/json-socket/index.ts'
import type { EpochMicros } from '../model/time.ts'
import { guessFields, type SeenRow } from './structure-guess.ts'
import { type MappableShape, mappingOf } from './structure-mapping.ts'
import type { StructureReport } from './structure-report.ts'
import { rowsOf } from './structure-rows.ts'

/** Enough to see what moves; the rest of a long tape is built alike. */
const MOST_VALUES = 2_000
const MOST_SHAPES = 40
const MOST_ROWS = 300

interface Seen {
  readonly by: { readonly key: string; readonly value: string } | undefined
  readonly seq: number
  messages: number
  rowCount: number
  readonly rows: SeenRow[]
}

/** Finds what looks like a market in any JSON. What it finds is shown, never quoted. */
export class Structure {
  readonly #shapes = new Map<string, Seen>()
  #looked = 0

  /** A JSON value of an incoming message; `at` where the tape knows the day. */
  look(value: unknown, seq: number, at: EpochMicros | undefined): void {
    if (this.#looked >= MOST_VALUES) return
    this.#looked += 1
    const { name, by } = shapeOf(value)
    let seen = this.#shapes.get(name)
    if (seen === undefined) {
      if (this.#shapes.size >= MOST_SHAPES) return
      seen = { by, seq, messages: 0, rowCount: 0, rows: [] }
      this.#shapes.set(name, seen)
    }
    seen.messages += 1
    for (const row of rowsOf(value)) {
      seen.rowCount += 1
      if (seen.rows.length < MOST_ROWS) seen.rows.push({ row, at })
    }
  }

  report(): StructureReport {
    const shapes = [...this.#shapes].map(([shape, { by, seq, messages, rowCount, rows }]): MappableShape => {
      return { shape, messages, rows: rowCount, seq, by, fields: guessFields(rows, by?.key) }
    })
    shapes.sort((a, b) => b.messages - a.messages)
    return {
      looked: this.#looked,
      shapes: shapes.filter(({ fields }) => fields.length > 0).map(({ by: _, ...shape }) => shape),
      ...mappingOf(shapes),
    }
  }
}
