/** A mistake that programs of this kind make, planted in a copy; the golden twins alone have to notice it. */
export interface Mutant {
  readonly mistake: string
  readonly file: string
  readonly find: string
  readonly put: string
  /** Of these fixtures only: all of them where nothing is said. */
  readonly fixtures?: string
}

const SCANNER = 'feeds/tradingview-scanner'
const MANAGER = 'feeds/trade-manager'
const TRADOVATE = 'feeds/tradovate'
const SOURCES = 'pnl/sources'
const MARKET = 'feeds/tradovate-market-data'
const SEARCH = 'feeds/tradingview-symbol-search'
const BROKER = 'feeds/tradingview-broker-rest'
const ANY = 'feeds/json-socket'

const PLANTED: Readonly<Record<string, readonly (readonly [string, string, string, string])[]>> = {
  'tradingview-scanner': [
    [
      'rows belong to tickers by their place, not by s',
      `${SCANNER}/rows.ts`,
      "return rowOf(name, scan.columns, values, 'd')",
      "return rowOf(scan.tickers[place] ?? name, scan.columns, values, 'd')",
    ],
    [
      'rows without s are taken in order though some are missing',
      `${SCANNER}/rows.ts`,
      'if (rows.length !== tickers.length) {',
      'if (rows.length > tickers.length) {',
    ],
    [
      'a column of a timeframe is the price',
      `${SCANNER}/columns.ts`,
      'return COLUMNS.get(wire)',
      "return COLUMNS.get(wire.split('|')[0] ?? wire)",
    ],
    [
      'change and change_abs are one',
      `${SCANNER}/columns.ts`,
      "wire: 'change_abs', field: 'change'",
      "wire: 'change_abs', field: 'changePercent'",
    ],
    [
      'prices in another currency are the instrument’s',
      `${SCANNER}/rows.ts`,
      'if (currency === undefined) return undefined',
      'if (currency !== "") return undefined',
    ],
    [
      'an error under 200 is an answer without rows',
      `${SCANNER}/read-answer.ts`,
      "if (shape.kind === 'error') {",
      "if (shape.kind === 'error' && status !== 200) {",
    ],
  ],
  'trade-manager': [
    [
      'an ADD adds to the position instead of setting it',
      `${MANAGER}/signal-forms.ts`,
      "signalOf('add', add.groups, true)",
      "signalOf('add', add.groups, false)",
    ],
    ['the average of an ADD is exact', `${MANAGER}/signal-forms.ts`, 'isRounded: true', 'isRounded: false'],
    [
      'the tick’s value is the point value',
      `${MANAGER}/read-data.ts`,
      'const pointValue = pointValueOf(tickSize, tickValue)',
      'const pointValue = tickValue',
    ],
    [
      'bid and ask are each other',
      `${MANAGER}/read-data.ts`,
      "const bid = decimalIn(prices, 'bid', numbers, problems)\n  const ask = decimalIn(prices, 'ask', numbers, problems)",
      "const ask = decimalIn(prices, 'bid', numbers, problems)\n  const bid = decimalIn(prices, 'ask', numbers, problems)",
    ],
    [
      'the sign of Running_Pos decides, not the direction',
      `${MANAGER}/read-trades.ts`,
      "direction === 'BUY' ? absolute(size) : negate(absolute(size))",
      'size',
    ],
    [
      'a log that is sent again is new',
      `${MANAGER}/read-message.ts`,
      'if (isRefresh && !lessons.isRefreshNew) {',
      "if (isRefresh && data === '') {",
    ],
    [
      'mis-decoded text stays as it is',
      `${MANAGER}/mis-decoded.ts`,
      'if (undone !== undefined && readsBetter(undone)) return',
      'if (undone !== undefined && undone === text) return',
    ],
  ],
  'tradovate-user-data': [
    [
      'a flat position falls back on the one before (netPos || prevPos)',
      `${TRADOVATE}/entities.ts`,
      "const quantity = fields.decimal('netPos')",
      "const net = fields.decimal('netPos')\n  const quantity = net !== undefined && net.mantissa === 0 ? (fields.decimal('prevPos') ?? net) : net",
    ],
    [
      'a flat position has an average price',
      `${TRADOVATE}/entities.ts`,
      'const averagePrice = decimalSign(quantity) === 0 ? undefined : price',
      'const averagePrice = price',
    ],
    [
      'a fee is its commission only',
      `${TRADOVATE}/entities.ts`,
      'for (const [amountKey, currencyKey] of FEE_PARTS) {',
      "for (const [amountKey, currencyKey] of FEE_PARTS.filter(([key]) => key === 'commission')) {",
    ],
    [
      'ids are unique over all types: an order’s account is asked of the fills',
      `${TRADOVATE}/entities.ts`,
      'const { account } = book.whoseOrder(order)',
      'const { account } = book.whoseFill(order ?? "")',
    ],
    [
      'the join of a contract with its maturity and product is skipped',
      `${TRADOVATE}/entity-book.ts`,
      "const known = said({ ...maturity, ...product, currency: this.#currencies.get(currency ?? '') })",
      "const known = said({ ...(currency === '' ? { ...maturity, ...product } : {}) })",
    ],
    [
      'a trade date is the UTC date',
      `${TRADOVATE}/entities.ts`,
      "  const tradeDate = fields.tradeDate('tradeDate')\n  const isActive",
      '  const tradeDate = time === undefined ? undefined : new Date(time / 1000).toISOString().slice(0, 10)\n  const isActive',
    ],
    [
      'an array of entities is its first one',
      `${TRADOVATE}/entity-batch.ts`,
      'for (const entity of Array.isArray(entities) ? entities : [entities]) {',
      'for (const entity of Array.isArray(entities) ? entities.slice(0, 1) : [entities]) {',
    ],
    [
      'an event without eventType is dropped',
      `${TRADOVATE}/entity-batch.ts`,
      "  [undefined, 'updated'],\n",
      '',
    ],
    [
      'a position that is told again is new',
      `${SOURCES}/tape-broker-words.ts`,
      "saysTheSame(known, told) ? 'repeated' : 'new'",
      "saysTheSame(known, told) ? 'new' : 'new'",
    ],
    [
      'the broker’s flat position is yesterday’s (netPos || prevPos)',
      `${SOURCES}/tape-broker.ts`,
      '      quantity: word.quantity,\n',
      '      quantity: word.quantity.mantissa === 0 ? (word.day?.previous ?? word.quantity) : word.quantity,\n',
    ],
    [
      'what nobody says was realized is 0',
      `${SOURCES}/tape-broker-money.ts`,
      "if (day === undefined) return 'unknown'",
      'if (day === undefined) return ZERO',
    ],
    [
      'a gap leaves positions as sure as they were',
      `${SOURCES}/tape-silence.ts`,
      'return newsOf(this.#ledger.doubt(since))',
      'return newsOf(since < 0 ? this.#ledger.doubt(since) : [])',
    ],
    [
      'what a whole answer has no more is still held',
      `${SOURCES}/tape-broker-words.ts`,
      'if (listed.has(word.name) || decimalSign(word.quantity) === 0)',
      'if (listed.size >= 0 || decimalSign(word.quantity) === 0)',
    ],
    [
      'fills are confirmed whatever the broker holds',
      `${SOURCES}/tape-fills-check.ts`,
      '.filter(key => this.#agrees(key, brokers) && this.#ledger.confirm(key, at))',
      '.filter(key => this.#ledger.confirm(key, at) || this.#agrees(key, brokers))',
    ],
    [
      'a fill that is deleted by its id stays',
      `${SOURCES}/tape-fills-source.ts`,
      "if (of === 'fill') return this.#fills.takeBack(id, at)",
      "if (of === 'fill') return undefined",
    ],
    [
      'a list that nobody knows is passed over',
      `${TRADOVATE}/entity-batch.ts`,
      'if (Array.isArray(data[name])) draft.unknown',
      "if (name === '') draft.unknown",
    ],
  ],
  'tradovate-market-data': [
    [
      'an answer without d is an error',
      `${TRADOVATE}/reply.ts`,
      'if (status >= 200 && status < 300) return errorInside(dataOf(data))',
      "if (status >= 200 && status < 300) return data === undefined ? 'nothing' : errorInside(dataOf(data))",
    ],
    [
      'a refusal inside s:200 is a success',
      `${TRADOVATE}/reply.ts`,
      "if (typeof errorText === 'string' && errorText !== '') return errorText",
      "if (typeof errorText === 'string' && errorText === ' ') return errorText",
    ],
    [
      'data that is encoded twice is not read',
      `${TRADOVATE}/item.ts`,
      "let reading = read(dataOf(isRecord(value) ? value['d'] : undefined), numbers, wire?.data)",
      "let reading = read(isRecord(value) ? value['d'] : undefined, numbers, wire?.data)",
    ],
    [
      'a frame ends at its first item that is none of ours (an early return)',
      `${TRADOVATE}/decode.ts`,
      "      sink.packet({ ...whole('in', payload, finding), index, framing })\n",
      "      sink.packet({ ...whole('in', payload, finding), index, framing })\n      if (finding.disposition === 'status' || finding.disposition === 'unknown') return\n",
    ],
    [
      'what a quote leaves out is none now',
      `${MARKET}/read-quote.ts`,
      '  if (entry === undefined) return\n',
      '  if (entry === undefined) {\n    if (meaning.price !== undefined) fields[meaning.price] = null\n    return\n  }\n',
    ],
    [
      'the time of a quote is the time of its trade',
      `${MARKET}/read-quote.ts`,
      '  if (time !== undefined) {\n',
      '  if (time !== undefined) {\n    if (fields.last) fields.lastTime = time\n',
    ],
    [
      'an empty book leaves the old prices',
      `${MARKET}/read-quote.ts`,
      "if (isMarked(entries['EmptyBook'])) emptyBook(fields)",
      "if ('emptyBook' in entries) emptyBook(fields)",
    ],
    [
      'a tick’s price is its offset in ticks alone',
      `${MARKET}/read-chart.ts`,
      'const price = multiply(add(base, offset), tickSize)',
      'const price = multiply(offset, tickSize)',
    ],
    [
      'the history of a chart is the live bar',
      `${MARKET}/chart-book.ts`,
      "this.#charts.set(String(historicalId), { ...chart, which: 'history' })",
      "this.#charts.set(String(historicalId), { ...chart, which: 'current' })",
    ],
  ],
  'tradingview-symbol-search': [
    [
      'the exchange’s name stands before the symbol where a prefix should',
      `${SEARCH}/read-row.ts`,
      "const first = (prefix ?? firstWord(exchange ?? '')).toUpperCase()",
      "const first = firstWord(exchange ?? '').toUpperCase()",
    ],
    [
      'the tags around the match are a part of the name',
      `${SEARCH}/read-row.ts`,
      'const bare = withoutTags(symbol)',
      'const bare = symbol',
    ],
    [
      'only the newer form of an answer is read',
      `${SEARCH}/read-answer.ts`,
      'return isOurs ? { kind',
      'return isOurs && parsed.length > 99 ? { kind',
    ],
  ],
  'tradingview-broker-rest': [
    [
      'a chunk is a line',
      `${BROKER}/read-stream.ts`,
      '    const line = isTooLong ? undefined : lineOf(this.#pending)\n',
      '    const line = isTooLong ? undefined : lineOf(this.#pending.slice(-1))\n',
    ],
    [
      'one side’s absence empties it',
      `${BROKER}/read-line.ts`,
      '    if (priceOf !== undefined) fields[price] = priceOf\n',
      '    fields[price] = priceOf ?? null\n',
    ],
    [
      'times are in milliseconds',
      `${BROKER}/numbers.ts`,
      'return value === null ? null : epochMicrosFromSeconds(value)',
      "return value === null ? null : typeof value === 'number' ? value * 1000 : undefined",
    ],
    [
      'the bar of the day is history',
      `${BROKER}/read-line.ts`,
      "interval: '1d', which: 'current'",
      "interval: '1d', which: 'history'",
    ],
  ],
  'json-socket': [
    [
      'a mapping is for every message',
      `${ANY}/read-mapped.ts`,
      'if (where.length > 0) return where.every(([path, value]) => valueAt(message, path) === value)',
      'if (where.length > 0) return true',
    ],
    [
      'null is nothing said',
      `${ANY}/read-mapped.ts`,
      'if (raw === undefined) continue',
      'if (raw === undefined || raw === null) continue',
    ],
    [
      'of many rows the first is read',
      `${ANY}/read-mapped.ts`,
      'const observations = rows.flatMap(',
      'const observations = rows.slice(0, 1).flatMap(',
    ],
    [
      'without a mapping the example is taken for one',
      `${ANY}/mapping.ts`,
      'settings === undefined ? { messages: [] } : SETTINGS.parse(settings)',
      "SETTINGS.parse(settings ?? { messages: [{ name: 'data.ticker', fields: { last: 'data.prices.last' } }] })",
    ],
    [
      'what nobody has explained is a hole in our knowledge',
      `${ANY}/decode.ts`,
      "if (fitting.length === 0) return { kind, disposition: 'ignored', reason: NO_MAPPING }",
      "if (fitting.length === 0) return { kind, disposition: 'unknown', reason: NO_MAPPING }",
    ],
    [
      'what the client says is read as if it had come',
      `${ANY}/decode.ts`,
      "if (dir === 'out') return { kind, disposition: 'request' }",
      "if (dir === 'out' && kind === '') return { kind, disposition: 'request' }",
    ],
  ],
}

export const FEED_MUTANTS: readonly Mutant[] = Object.entries(PLANTED).flatMap(([fixtures, mutants]) =>
  mutants.map(([mistake, file, find, put]) => ({
    mistake: `${fixtures}: ${mistake}`,
    file,
    find,
    put,
    fixtures,
  })),
)
