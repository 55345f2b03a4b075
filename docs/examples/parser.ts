// A parser of TradingView's socket for `feedtape diff TAPE --parser 'node parser.ts'` (docs/PARSERS.md): the tape's lines
// on standard input, quote updates on standard output. Node 24 runs it as it stands.
import { createInterface } from 'node:readline'

const FIELDS: Readonly<Record<string, string>> = { lp: 'last', bid: 'bid', ask: 'ask', volume: 'volume' }

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

for await (const line of createInterface({ input: process.stdin })) {
  const entry = JSON.parse(line)
  if (entry.kind !== 'frame' || entry.dir !== 'in' || typeof entry.text !== 'string') continue
  for (const packet of packets(entry.text)) {
    const { m, p } = packet.startsWith('{') ? JSON.parse(packet) : { m: '', p: [] }
    if (m !== 'qsd' || p[1].s !== 'ok') continue
    const said = Object.entries(p[1].v).filter(([key]) => key in FIELDS)
    const fields = Object.fromEntries(said.map(([key, value]) => [FIELDS[key], value]))
    if (said.length > 0) {
      const update = { kind: 'quote', seq: entry.seq, session: p[0], name: p[1].n, fields }
      process.stdout.write(`${JSON.stringify(update)}\n`)
    }
  }
}
