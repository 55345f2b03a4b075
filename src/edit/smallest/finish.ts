import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type KnownSecret, TapeReader } from '../../tape/index.ts'
import { checkForSecrets, learnSecrets, scrubTape } from '../scrub/index.ts'
import { TapeFile } from '../tape-file.ts'
import { SearchEnded, type Trials } from './trials.ts'
import type { WholeTape } from './whole-tape.ts'

export interface Finishing {
  /** The tape that was searched. */
  readonly path: string
  readonly tape: WholeTape
  readonly units: readonly number[]
  readonly trials: Trials
  readonly folder: string
  readonly output: string
  readonly known: readonly KnownSecret[]
  readonly keepSecrets: boolean
  /** How often it is run once more before it is believed. */
  readonly confirmations: number
}

export interface Finished {
  /** `scrubbed`, `unscrubbed` because only that fails and it was asked for, or nothing. */
  readonly written: 'scrubbed' | 'unscrubbed' | 'nothing'
  readonly bytes: number
  readonly confirmed: { readonly failed: number; readonly of: number }
  /** Stand-ins that scrubbing puts in. */
  readonly replaced: number
  /** Whether it fails with them. */
  readonly isStillFailing: boolean
  /** Places that `scrub --check` would name. */
  readonly suspicious: number
}

/** Makes sure that it fails, also without its secrets, and writes it. FeedtapeError as TapeFile.create. */
export async function finish(finishing: Finishing): Promise<Finished> {
  const { path, tape, units, trials, folder, output, known, keepSecrets } = finishing
  const confirmed = await confirm(trials, units, finishing.confirmations)
  const small = join(folder, 'smallest')
  await tape.write(small, units)
  // What another entry gave away stands in these ones, too.
  const { wanted } = await learnSecrets(path, known)
  const scrubbed = join(folder, 'scrubbed')
  const { replaced } = await scrubTape({ path: small, output: scrubbed, known: wanted })
  // Of a command that is flaky one run says nothing.
  const isFlaky = confirmed.failed < confirmed.of
  const isStillFailing = await failsOver(trials, scrubbed, isFlaky ? finishing.confirmations : 1)
  const count = [...replaced.values()].reduce((sum, one) => sum + one, 0)
  const found = { confirmed, replaced: count, isStillFailing }
  // That a flaky one does not fail just now is no fault of the scrubbing.
  const isSafe = isStillFailing || isFlaky
  if (!isSafe && !keepSecrets) return { ...found, written: 'nothing', bytes: 0, suspicious: 0 }
  await copyTape(isSafe ? scrubbed : small, output, path)
  const { findings } = await checkForSecrets([output], { known: wanted })
  return {
    ...found,
    written: isSafe ? 'scrubbed' : 'unscrubbed',
    bytes: (await stat(output)).size,
    suspicious: findings.length,
  }
}

async function confirm(trials: Trials, units: readonly number[], times: number) {
  let failed = 0
  for (let run = 0; run < times; run += 1) {
    const { end } = await trials.runOn(units)
    if (end.kind === 'stopped') throw new SearchEnded()
    if (trials.isFailure(end)) failed += 1
  }
  return { failed, of: times }
}

async function failsOver(trials: Trials, path: string, times: number): Promise<boolean> {
  for (let run = 0; run < times; run += 1) {
    const end = await trials.runOver(path)
    if (end.kind === 'stopped') throw new SearchEnded()
    if (trials.isFailure(end)) return true
  }
  return false
}

async function copyTape(from: string, to: string, origin: string): Promise<void> {
  const source = await TapeReader.open(from)
  const file = await TapeFile.create(to, source.header, { overwrite: false, origin })
  try {
    do {
      for (let entry = source.next(); entry !== undefined; entry = source.next()) {
        await file.add(entry, Buffer.from(source.line))
      }
    } while (await source.fill())
    await file.seal(source.seal?.at ?? 0)
  } catch (thrown) {
    await file.discard()
    throw thrown
  } finally {
    await source.close()
  }
}
