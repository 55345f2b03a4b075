// A parser of TradingView's socket for `feedtape diff TAPE --parser 'node parser.ts'` (docs/PARSERS.md): the tape's lines
// on standard input, quote updates on standard output. Node 24 runs it as it stands.
import { createInterface } from 'node:readline'

const FIELDS = new Map([
  ['lp', 'last'],
  ['bid', 'bid'],
  ['ask', 'ask'],
  ['volume', 'volume'],
])

/** The parts of a message; LEN counts UTF-16 units, as a string's length does. */
function* packets(text: string): Generator<string> {
  const header = /~m~(\d+)~m~/y
  for (let at = 0; at < text.length; ) {
    header.lastIndex = at
    const match = header.exec(text)
    if (match === null) return
    const start = at + match[0].length
    at = start + Number(match[1])
    yield text.slice(start, at)
  }
}

/** The packet's message; an empty one where it is no JSON object. */
function parsed(packet: string) {
  try {
    return Object(JSON.parse(packet))
  } catch {
    return {}
  }
}

/** As a decimal; `undefined` where it is none, and `1e100` is TradingView's "has no value". */
function decimal(value: unknown): number | null | undefined {
  if (value === null || value === 1e100) return null
  if (typeof value !== 'number' || Math.abs(value) > 1e100) return undefined
  // A fraction of more than 15 digits is the noise of a double: 2647.1000000000004 is 2647.1.
  return Number.isInteger(value) ? value : Number(value.toPrecision(15))
}

for await (const line of createInterface({ input: process.stdin })) {
  const entry = JSON.parse(line)
  if (entry.kind !== 'frame' || entry.dir !== 'in' || typeof entry.text !== 'string') continue
  for (const packet of packets(entry.text)) {
    const { m, p } = parsed(packet)
    if (m !== 'qsd' || !Array.isArray(p) || p[1]?.s !== 'ok') continue
    const said = Object.entries(p[1].v ?? {}).map(([key, value]) => [FIELDS.get(key), decimal(value)])
    const fields = Object.fromEntries(
      said.filter(([field, value]) => field !== undefined && value !== undefined),
    )
    if (Object.keys(fields).length > 0) {
      const update = { kind: 'quote', seq: entry.seq, session: p[0], name: p[1].n, fields }
      process.stdout.write(`${JSON.stringify(update)}\n`)
    }
  }
}
