import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { TapeWriter } from '../src/tape/index.ts'
import { HOSTILE } from './fixtures/hostile.ts'
import { PNL } from './fixtures/pnl.ts'
import { QUOTES } from './fixtures/quotes.ts'
import { draftsOf, type FixtureScript, headerOf } from './fixtures/script.ts'

/** Every golden tape of the project, made from its script: the same bytes each time. */
export const SCRIPTS: readonly FixtureScript[] = [...QUOTES, ...HOSTILE, ...PNL]

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
  if (script.options === undefined) return
  await writeFile(`${stem}.pnl.jsonl`, `${JSON.stringify(script.options)}\n`, { flag: 'wx' }).catch(() => {
    // It is there: `npm run golden` keeps the options of its first line.
  })
}

if (import.meta.main) {
  for (const script of SCRIPTS) await makeFixture(script, 'fixtures/tradingview-socket')
  console.log(`${SCRIPTS.length} tapes in fixtures/tradingview-socket; now: npm run golden`)
}
