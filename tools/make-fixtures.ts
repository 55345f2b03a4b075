import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { TapeWriter } from '../src/tape/index.ts'
import { SCRIPTS as JSON_SOCKET } from './fixtures/json-socket/index.ts'
import { draftsOf, type FixtureScript, headerOf } from './fixtures/script.ts'
import { SCRIPTS as TRADE_MANAGER } from './fixtures/trade-manager/index.ts'
import { SCRIPTS as TRADINGVIEW_BROKER_REST } from './fixtures/tradingview-broker-rest/index.ts'
import { SCRIPTS as TRADINGVIEW_SCANNER } from './fixtures/tradingview-scanner/index.ts'
import { SCRIPTS as TRADINGVIEW_SOCKET } from './fixtures/tradingview-socket/index.ts'
import { SCRIPTS as TRADINGVIEW_SYMBOL_SEARCH } from './fixtures/tradingview-symbol-search/index.ts'
import { SCRIPTS as TRADOVATE_MARKET_DATA } from './fixtures/tradovate-market-data/index.ts'
import { SCRIPTS as TRADOVATE_USER_DATA } from './fixtures/tradovate-user-data/index.ts'

/** Every golden tape of the project, made from its script: the same bytes each time. */
export const SCRIPTS: readonly FixtureScript[] = [
  ...TRADINGVIEW_SOCKET,
  ...TRADINGVIEW_SCANNER,
  ...TRADINGVIEW_SYMBOL_SEARCH,
  ...TRADINGVIEW_BROKER_REST,
  ...TRADE_MANAGER,
  ...TRADOVATE_MARKET_DATA,
  ...TRADOVATE_USER_DATA,
  ...JSON_SOCKET,
]

/** Writes one case's tape, its positions, and the options of a new P&L twin. */
export async function makeFixture(script: FixtureScript, folder: string): Promise<void> {
  const stem = join(folder, script.name)
  const { drafts, end } = draftsOf(script)
  const writer = await TapeWriter.create(`${stem}.tape.jsonl`, headerOf(script), { overwrite: true })
  for (const draft of drafts) writer.append(draft)
  await writer.seal(end)
  if (script.positions !== undefined) {
    const lines = script.positions.map(position => JSON.stringify(position))
    await writeFile(`${stem}.positions.jsonl`, `${lines.join('\n')}\n`)
  }
  if (script.config !== undefined) {
    await writeFile(`${stem}.config.json`, `${JSON.stringify(script.config, undefined, 2)}\n`)
  }
  if (script.options === undefined) return
  await writeFile(`${stem}.pnl.jsonl`, `${JSON.stringify(script.options)}\n`, { flag: 'wx' }).catch(() => {
    // It is there: `npm run golden` keeps the options of its first line.
  })
}

if (import.meta.main) {
  for (const script of SCRIPTS) {
    const folder = join('fixtures', script.feed)
    await mkdir(folder, { recursive: true })
    await makeFixture(script, folder)
  }
  console.log(`${SCRIPTS.length} tapes in fixtures; now: npm run golden`)
}
