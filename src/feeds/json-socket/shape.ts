/** Keys under which wires name the kind of a message, the surest first (Trade Manager, Binance, Tradovate, Kraken …). */
const KIND_KEYS = ['type', 'e', 'event', 'm', 'method', 'op', 'channel', 'ch', 'topic', 'cmd', 'T']
/** A word, not a price, a time or a text. */
const WORD = /^[A-Za-z_][\w.:/@#-]{0,39}$/
const SYMBOL = /^[A-Z0-9][A-Z0-9:._!/-]{1,30}$/
/** Of a key or of an element: more would be a name without end. */
const SHOWN = 8

export interface MessageShape {
  /** `DATA`, `{ask,bid,symbol}`, `[number,string,{…}]`: the same for messages that are built alike. */
  readonly name: string
  /** The key that says so, and its value. */
  readonly by?: { readonly key: string; readonly value: string }
}

/** How a message is called by its looks alone. */
export function shapeOf(value: unknown): MessageShape {
  if (Array.isArray(value)) return { name: `[${listed(value.map(typeOf))}]` }
  if (typeof value !== 'object' || value === null) return { name: `(${typeOf(value)})` }
  for (const key of KIND_KEYS) {
    const said: unknown = Object.getOwnPropertyDescriptor(value, key)?.value
    if (typeof said === 'string' && WORD.test(said)) return { name: said, by: { key, value: said } }
  }
  const keys = Object.keys(value)
  // Symbols or ids as keys would make every message a kind of its own.
  const isBySymbol = keys.length > 0 && keys.every(key => SYMBOL.test(key) && isContainer(value, key))
  if (isBySymbol || keys.some(key => !WORD.test(key))) return { name: '{…}' }
  return { name: `{${listed(keys.toSorted())}}` }
}

function isContainer(value: object, key: string): boolean {
  const member: unknown = Object.getOwnPropertyDescriptor(value, key)?.value
  return typeof member === 'object' && member !== null
}

function listed(words: readonly string[]): string {
  const more = words.length > SHOWN ? [`… ${words.length}`] : []
  return [...words.slice(0, SHOWN), ...more].join(',')
}

function typeOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return '[…]'
  return typeof value === 'object' ? '{…}' : typeof value
}
