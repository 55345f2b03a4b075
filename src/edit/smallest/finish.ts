import { mkdir, stat } from 'node:fs/promises'
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
  readonly name: string
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
  /** Stand-ins that were put in. */
  readonly replaced: number
  /** Places that `scrub --check` would name. */
  readonly suspicious: number
}

/** Makes sure that it fails, also without its secrets, and writes it. FeedtapeError as TapeFile.create. */
export async function finish(finishing: Finishing): Promise<Finished> {
  const { path, tape, units, trials, folder, name, output, known, keepSecrets } = finishing
  const small = await newFile(folder, 'smallest', name)
  await tape.write(small, units)
  const confirmed = await confirm(trials, small, finishing.confirmations)
  // What another entry gave away stands in these ones, too.
  const { wanted } = await learnSecrets(path, known)
  const scrubbed = await newFile(folder, 'scrubbed', name)
  const { replaced } = await scrubTape({ path: small, output: scrubbed, known: wanted })
  // Of a command that is flaky one run says nothing.
  const isFlaky = confirmed.failed < confirmed.of
  const isStillFailing = await failsOnce(trials, scrubbed, isFlaky ? finishing.confirmations : 1)
  const count = [...replaced.values()].reduce((sum, one) => sum + one, 0)
  if (!isStillFailing && !keepSecrets) {
    return { written: 'nothing', bytes: 0, confirmed, replaced: count, suspicious: 0 }
  }
  await copyTape(isStillFailing ? scrubbed : small, output, path)
  const { findings } = await checkForSecrets([output], { known: wanted })
  return {
    written: isStillFailing ? 'scrubbed' : 'unscrubbed',
    bytes: (await stat(output)).size,
    confirmed,
    replaced: isStillFailing ? count : 0,
    suspicious: findings.length,
  }
}

async function confirm(trials: Trials, path: string, times: number): Promise<Finished['confirmed']> {
  let failed = 0
  for (let run = 0; run < times; run += 1) if (await failsOnce(trials, path, 1)) failed += 1
  return { failed, of: times }
}

async function failsOnce(trials: Trials, path: string, times: number): Promise<boolean> {
  for (let run = 0; run < times; run += 1) {
    const end = await trials.run(path)
    if (end.kind === 'stopped') throw new SearchEnded()
    if (trials.isFailure(end)) return true
  }
  return false
}

/** Each in a folder of its own, so that the command meets it under one name. */
async function newFile(folder: string, part: string, name: string): Promise<string> {
  await mkdir(join(folder, part))
  return join(folder, part, name)
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
