/** A key that is somebody's name rather than a word: `BTCUSDT`, `ES1!`, `3267315`. */
const NAME_KEY = /^(?:[A-Z0-9][A-Z0-9:._!/-]{1,30}|\d{4,})$/
/** The client's own numbering, and ids drawn by chance: `sds_1`, `st12`, a UUID. */
const NUMBERED_KEY = /^(?:[a-z]+(?:_[a-z]+)*_?\d+|[0-9a-f]{8}-[0-9a-f-]{27})$/
/** No field is called so. */
const SURE_KEY = /^(?:\d{4,}|[A-Z0-9_]+:.+|[A-Z0-9]+!)$/

/** So many members of one type are data whatever they are called; TradingView's snapshots have 250 fields of all types. */
const MOST_ALIKE = 200

/** Whether an object's keys are data. Told by the object alone, so that any two recordings agree on it. */
export function hasDataKeys(members: readonly (readonly [string, unknown])[]): boolean {
  if (members.length === 0) return false
  if (members.every(([key]) => SURE_KEY.test(key))) return true
  if (members.length > MOST_ALIKE && new Set(members.map(([, value]) => typeof value)).size === 1) return true
  return members.every(([key, value]) => isContainer(value) && (NAME_KEY.test(key) || NUMBERED_KEY.test(key)))
}

/** An array of so few plain values is a record whose places mean something; a longer one is a list. */
const MOST_PLACES = 16

export function isList(array: readonly unknown[]): boolean {
  return array.length > MOST_PLACES || array.every(isContainer)
}

function isContainer(value: unknown): boolean {
  return typeof value === 'object' && value !== null
}
