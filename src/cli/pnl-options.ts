import type { Command } from 'commander'
import { collect } from './collect.ts'

/** Where positions come from: what `--positions` says of itself. */
export const POSITIONS_MEANING =
  'fills, one JSON object a line: {id?, at?, instrument, side, quantity, price, fee?, account?, strategy?}; ' +
  'or a word: fills, those that are on the tapes themselves; broker, the positions that Tradovate states there; signals, what strategies say there (Trade Manager’s log); ' +
  'signals:FILE, what they say in webhook bodies, read as "signals" of --config says. ' +
  'Repeated: books side by side, never summed'

/** Whose positions, by what rules: the same words for a replay and for a live run. */
export function describePnlRules(command: Command): Command {
  return command
    .option(
      '--account <id>',
      'with --positions fills, broker or a file of fills: whose, where there are several accounts’',
    )
    .option(
      '--mark <chain>',
      'last, exit-side, mid, or several in the order to try: exit-side,last (default: last)',
    )
    .option('--matching <rule>', 'average, or fifo: first in, first out, per contract (default: average)')
    .option(
      '--fees <rule>',
      'fill: those that come with the fills; none; or per-contract=AMOUNT (default: fill)',
    )
    .option('--pairs', 'list what closed what, with --matching fifo')
    .option('--stale-after <duration>', 'a price that is older marks nothing (default: 60s)')
    .option('--currency <code>', 'one more total: all of a book in this currency, by the rates')
    .option('--rate <rate>', 'EUR/USD=1.08: one euro is worth 1.08 dollars; again for more', collect)
}

/** How a run is printed. */
export function describePnlOutput(command: Command): Command {
  return command
    .option(
      '--every <duration>',
      'print at most so often in virtual time (default 1s; with --json everything)',
    )
    .option('--stats', 'with --json: lines of trades, days and statistics; they are in the digest, too')
    .option('--days', 'each day of the exchange, also where there is only one')
    .option('--equity', 'print the equity curve: the net of each currency at each time; in the digest, too')
    .option('--digest', 'end with the SHA-256 of all lines that --json prints without --every')
    .option('--json', 'one line per event that changes a figure, then the summary, then the digest')
}
