import { basename, dirname, join } from 'node:path'
import { isComplete, repairTape } from '../edit/index.ts'
import { FeedtapeError } from '../model/errors.ts'
import { checkText, repairText } from '../report/check.ts'
import { checkParts, checkTape, type TapeCheck } from '../tape/index.ts'
import type { CliCommand } from './command.ts'
import { type ExitCode, explainFailure, type Io, say } from './io.ts'

interface Options {
  readonly repair?: true
  readonly output?: string
  readonly overwrite?: true
  readonly json?: true
}

export const checkCommand: CliCommand = {
  name: 'check',
  describe(command, start) {
    command
      .description(
        'Verifies tapes, plain or gzip: CRCs, order, counts, hashes and seal; parts of one recording also against ' +
          'one another. Exit code 0: all are whole; 1: one is damaged or not sealed; 4: one is no tape. ' +
          'With --repair 0: nothing was lost; 3: something was, there was no seal to prove that nothing was, or ' +
          'another tape stands behind it, which is not read.',
      )
      .argument('<tapes...>', 'tapes, or - for standard input')
      .option('--repair', 'write a new tape with all that is safe; the damaged one stays as it is')
      .option('-o, --output <file>', 'the repaired tape (default: beside it, NAME.repaired.tape.jsonl)')
      .option('--overwrite', 'replace a repaired tape that is there')
      .option('--json', 'one JSON line a tape')
      .action((tapes: string[], options: Options) => start(io => run(io, tapes, options)))
  },
}

async function run(io: Io, paths: readonly string[], options: Options): Promise<ExitCode> {
  refuseContradictions(paths, options)
  const checked: { readonly path: string; readonly check: TapeCheck }[] = []
  let code: ExitCode = 0
  for (const path of paths) {
    try {
      checked.push({ path, check: await checkTape(path) })
    } catch (thrown) {
      code = explainFailure(io, thrown)
    }
  }
  const checks = checkParts(checked.map(({ check }) => check))
  for (const [index, { path }] of checked.entries()) {
    const check = checks[index]
    if (check !== undefined) code = worse(code, await tellOf(io, path, check, options))
  }
  return code
}

async function tellOf(io: Io, path: string, check: TapeCheck, options: Options): Promise<ExitCode> {
  const json = (more: object = {}): string => JSON.stringify({ tape: path, ...check, ...more })
  const text = checkText(path, check)
  if (options.repair !== true || check.isWhole) {
    await say(io, options.json === true ? json() : text)
    if (options.repair === true && options.json !== true)
      await say(io, '  nothing to repair, nothing written')
    return check.isWhole ? 0 : 1
  }
  const output = options.output ?? repairedPath(path)
  if (options.json !== true) await say(io, text)
  const repair = await repairTape(path, { output, overwrite: options.overwrite === true })
  const { header: _, ...figures } = repair
  const isWhole = isComplete(repair)
  await say(
    io,
    options.json === true
      ? json({ repair: { output, isComplete: isWhole, ...figures } })
      : repairText(output, repair),
  )
  return isWhole ? 0 : 3
}

/** `night.tape.jsonl.gz` becomes `night.repaired.tape.jsonl`. */
function repairedPath(path: string): string {
  const name = basename(path).replace(/(?:\.tape)?\.jsonl(?:\.gz)?$|\.gz$/, '')
  return join(dirname(path), `${name}.repaired.tape.jsonl`)
}

function refuseContradictions(paths: readonly string[], { repair, output }: Options): void {
  if (repair !== true && output === undefined) return
  if (repair !== true) throw usage('--output', 'only a repair writes a tape', 'add --repair')
  if (paths.includes('-')) {
    throw usage('--repair', 'standard input cannot be read twice', 'save it to a file and repair that')
  }
  if (output === undefined) return
  if (paths.length > 1)
    throw usage('--output', 'one file cannot hold several tapes', 'repair them one by one')
  if (output.endsWith('.gz'))
    throw usage('--output', 'a repaired tape is written plain', 'gzip it afterwards')
}

function usage(where: string, what: string, next: string): FeedtapeError {
  return new FeedtapeError('usage', what, { where, next })
}

/** No tape at all is worse than a damaged one. */
function worse(one: ExitCode, other: ExitCode): ExitCode {
  return one > other ? one : other
}
