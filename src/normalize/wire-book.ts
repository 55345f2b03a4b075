import type { QuoteUpdate } from '../model/observation.ts'

/**
 * The wire's own fields, merged per (connection, session, name) and nothing interpreted: what `quotes --wire`
 * shows. A key that was sent with `null` is there with `null`; one that never came is absent.
 */
export class WireBook {
  readonly #rows = new Map<string, WireRow>()

  apply(update: QuoteUpdate, conn: number): void {
    if (update.wire === undefined) return
    const key = `${conn}|${update.session}|${update.name}`
    let row = this.#rows.get(key)
    if (row === undefined) {
      row = { conn, session: update.session, name: update.name, fields: new Map() }
      this.#rows.set(key, row)
    }
    for (const [field, value] of Object.entries(update.wire)) row.fields.set(field, value)
  }

  rows(): readonly WireRow[] {
    return [...this.#rows.values()]
  }
}

export interface WireRow {
  readonly conn: number
  readonly session: string
  readonly name: string
  readonly fields: Map<string, unknown>
}
