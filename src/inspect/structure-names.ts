/** What a place in a message can be. */
export type Role =
  | 'bid'
  | 'bidSize'
  | 'ask'
  | 'askSize'
  | 'last'
  | 'lastSize'
  | 'lastTime'
  | 'volume'
  | 'open'
  | 'high'
  | 'low'
  | 'price'
  | 'size'
  | 'time'
  | 'tick size'
  | 'symbol'
  | 'contract id'
  | 'side'
  | 'position'
  | 'entry price'
  | 'profit'

export interface NamedRole {
  readonly role: Role
  /** A key that hardly means anything else; the others are short, or used for much. */
  readonly isTelling: boolean
}

const SHORT: Readonly<Record<string, Role>> = {
  bp: 'bid',
  bs: 'bidSize',
  ap: 'ask',
  as: 'askSize',
  lp: 'last',
  ls: 'lastSize',
  ltp: 'last',
  b: 'bid',
  a: 'ask',
  p: 'price',
  px: 'price',
  q: 'size',
  v: 'volume',
  o: 'open',
  h: 'high',
  l: 'low',
  c: 'last',
  s: 'symbol',
  n: 'symbol',
  t: 'time',
  ts: 'time',
}

type Rule = readonly [role: Role, words: RegExp]

/** Over the words of a key with those of the key that it stands under; the first that fits. */
const RULES: readonly Rule[] = [
  ['profit', /\b(?:pnl|pl|profit|drawdown)\b/],
  ['lastTime', /\b(?:last|trade|lp)\b.*\b(?:time|timestamp)\b/],
  ['time', /\b(?:time|timestamp|datetime)\b/],
  ['side', /\b(?:side|action|direction|buysell)\b/],
  ['tick size', /\btick size\b|\bmin tick\b|\bprice (?:step|increment)\b|\btick ?info step\b/],
  ['entry price', /\b(?:entry|avg|average|net)\b.*\bprice\b|\bprice\b.*\b(?:entry|avg|average)\b/],
  ['position', /\b(?:netpos|net pos|position|positions|running pos|position size)\b$/],
  ['bidSize', /\bbid\b.*\b(?:size|qty|quantity|volume|vol|sizes)\b|\b(?:size|sizes|qty)\b.*\bbid\b/],
  [
    'askSize',
    /\b(?:ask|offer)\b.*\b(?:size|qty|quantity|volume|vol|sizes)\b|\b(?:size|sizes|qty)\b.*\b(?:ask|offer)\b/,
  ],
  ['volume', /\b(?:volume|vol)\b/],
  ['lastSize', /\b(?:last|trade)\b.*\b(?:size|qty|quantity)\b|\b(?:size|sizes|qty)\b.*\b(?:last|trade)\b/],
  ['bid', /\bbid\b/],
  ['ask', /\b(?:ask|offer)\b/],
  ['high', /\bhigh\b/],
  ['low', /\blow\b/],
  ['open', /\b(?:open|opening)\b/],
  ['last', /\b(?:last|lastprice|trade price|close)\b/],
  ['contract id', /\b(?:contract|instrument|product|symbol|security|market) id\b/],
  ['symbol', /\b(?:symbol|ticker|sym|instrument|pair|contract)\b/],
]

const VAGUE: readonly Rule[] = [
  ['price', /\bprice\b/],
  ['size', /\b(?:size|qty|quantity|amount)\b/],
  ['symbol', /\b(?:name|id)\b$/],
]

/** A key of nothing but such words; `last_report_frequency` has `last` in it and is no price. */
const ONLY =
  /^(?:(?:best|bid|bids|ask|asks|offer|price|prices|px|size|sizes|qty|quantity|last|trade|traded|high|low|open|opening|close|volume|vol|total|time|timestamp|ts|datetime|date|day|daily|current|symbol|symbols|ticker|sym|instrument|pair|market|contract|id|side|action|direction|net|pos|position|running|entry|avg|average|pnl|pl|profit|realized|unrealized|drawdown|tick|step|min|closed|lp|creation|ms|us|ns|value|amount|name) ?)+$/

/** Words that a symbol or a price is not called by, whatever their values look like. */
const OTHER =
  /\b(?:average volume|currency|exchange|country|type|status|state|mode|locale|language|isin|cusip|figi|prefix|source|provider|sector|version)\b/

/** Whether a key says that it is something else: no look at its values makes a symbol of a currency. */
export function isOther(path: string): boolean {
  return OTHER.test(wordsOf(path.split(/(?<!\\)\./).slice(-2)))
}

/** By the last key of a path and the one above it; a number is a place of an array and says nothing. */
export function roleByName(path: string): NamedRole | undefined {
  const keys = path.split(/(?<!\\)\./).filter(step => !/^(?:\d+|\*|\$)$/.test(step))
  const [last = ''] = keys.slice(-1)
  const short = SHORT[last.toLowerCase()]
  if (/(?:^|\.)\d+$/.test(path)) return undefined
  const words = wordsOf(keys.slice(-2))
  const own = wordsOf([last])
  const rule = firstOf(RULES, own) ?? (short === undefined ? firstOf(RULES, words) : undefined)
  // `entries.Bid.price`: what stands above says which price.
  const both = firstOf(RULES, words)
  if (rule !== undefined)
    return { role: both !== undefined && isSizeOf(both, rule) ? both : rule, isTelling: ONLY.test(own) }
  if (short !== undefined) return { role: short, isTelling: last.length > 1 }
  const vague = firstOf(VAGUE, own)
  return vague === undefined ? undefined : { role: vague, isTelling: false }
}

function isSizeOf(both: Role, own: Role): boolean {
  return both === `${own}Size`
}

function firstOf(rules: readonly Rule[], words: string): Role | undefined {
  return rules.find(([, pattern]) => pattern.test(words))?.[0]
}

/** `bestBidPrice`, `best_bid_price` and `Best-Bid` are words all alike. */
function wordsOf(keys: readonly string[]): string {
  return keys
    .join(' ')
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .replace(/[^a-z\d]+/g, ' ')
    .trim()
}
