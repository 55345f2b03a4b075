import type { Grouping } from './reducer.ts'
import type { EntryFacts, WholeTape } from './whole-tape.ts'

/** From coarse to fine: connections, instruments, kinds of packets, then messages along the tape. */
export function groupingsOf(tape: WholeTape): readonly Grouping[] {
  return [
    by(tape, ({ conn }) => conn ?? 'none'),
    by(tape, ({ symbols }) => symbols),
    by(tape, ({ kind, symbols }) => (symbols === undefined ? undefined : kind)),
    by(tape, (_, unit) => tape.needs.whole(unit)),
  ]
}

/** Each entry by itself, but for a pause and its resume; the end of the tape, too. */
export function singles(tape: WholeTape): Grouping {
  return by(tape, (_, unit) => tape.needs.pair(unit))
}

type Key = (entry: EntryFacts, unit: number) => string | number | undefined

/** What has no key is left for a finer grouping. */
function by(tape: WholeTape, keyOf: Key): Grouping {
  return units => {
    const groups = new Map<string | number, number[]>()
    for (const unit of units) {
      const entry = tape.entries[unit]
      const key = entry === undefined ? 'end' : keyOf(entry, unit)
      if (key === undefined) continue
      const group = groups.get(key)
      if (group === undefined) groups.set(key, [unit])
      else group.push(unit)
    }
    return [...groups.values()]
  }
}
