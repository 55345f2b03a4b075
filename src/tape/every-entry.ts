import type { Entry } from './entry.ts'

/** What entries are read from, as many at a time as there are at hand. */
export interface EntrySupply {
  next(): Entry | undefined
  fill(): Promise<boolean>
  close(): Promise<void>
}

/** All entries; the supply is closed behind them, or where their reader has had enough. */
export async function* everyEntry(supply: EntrySupply): AsyncGenerator<Entry, void, undefined> {
  try {
    do {
      for (let entry = supply.next(); entry !== undefined; entry = supply.next()) yield entry
    } while (await supply.fill())
  } finally {
    await supply.close()
  }
}
