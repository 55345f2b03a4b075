/**
 * TradingView's long names: `={"symbol":"NSE:JUNIPER","adjustment":"dividends","currency-id":"INR","session":"regular"}`.
 * The venue repeats the string letter for letter as it was asked, so two spellings of one thing occur.
 */
const MARK = '='

/** Deeper than any name that was seen (2); a bound, so that a hostile name cannot exhaust the stack. */
const MAX_DEPTH = 16

/**
 * The key under which quotes are merged. A plain name is itself; a long name that adds nothing to its symbol is
 * that symbol; one with another currency, adjustment or session stays apart, under one spelling.
 * What cannot be read is itself.
 */
export function identityOf(name: string): string {
  if (!name.startsWith(MARK)) return name
  const properties = propertiesOf(name)
  if (properties === undefined) return name
  const { symbol, metric, ...rest } = properties
  const isPrice = metric === undefined || metric === 'price'
  if (typeof symbol === 'string' && isPlain(symbol) && isPrice && Object.keys(rest).length === 0)
    return symbol
  // The same name is asked for with `"metric":"price"` by a chart and without it by a watch list (S01).
  const canonical = canonicalText(isPrice ? { symbol, ...rest } : properties, MAX_DEPTH)
  return canonical === undefined ? name : MARK + canonical
}

/** A long name taken apart, a plain one as the symbol alone. `undefined` when it cannot be read. */
export function decorationOf(name: string): Decoration | undefined {
  if (!name.startsWith(MARK)) return { symbol: name }
  const properties = propertiesOf(name)
  const symbol = properties?.['symbol']
  if (properties === undefined || typeof symbol !== 'string' || !isPlain(symbol)) return undefined
  const metric = textOf(properties['metric'])
  const currency = textOf(properties['currency-id'])
  return {
    symbol,
    ...(metric === undefined ? {} : { metric }),
    ...(currency === undefined ? {} : { currency }),
  }
}

export interface Decoration {
  readonly symbol: string
  /** What is quoted of it; absent is the price. */
  readonly metric?: string
  /** The currency that the venue converts the price to. */
  readonly currency?: string
}

function isPlain(symbol: string): boolean {
  return symbol !== '' && !symbol.startsWith(MARK)
}

function propertiesOf(name: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const parsed: unknown = JSON.parse(name.slice(MARK.length))
    return isRecord(parsed) ? parsed : undefined
  } catch {
    return undefined
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

/** JSON with the keys of every object in code-unit order; `undefined` when it is nested too deep. */
function canonicalText(value: unknown, depth: number): string | undefined {
  if (depth === 0) return undefined
  if (Array.isArray(value)) {
    const items = value.map((item: unknown) => canonicalText(item, depth - 1))
    return items.includes(undefined) ? undefined : `[${items.join(',')}]`
  }
  if (!isRecord(value)) return JSON.stringify(value)
  const members: string[] = []
  for (const key of Object.keys(value).sort()) {
    const text = canonicalText(value[key], depth - 1)
    if (text === undefined) return undefined
    members.push(`${JSON.stringify(key)}:${text}`)
  }
  return `{${members.join(',')}}`
}
