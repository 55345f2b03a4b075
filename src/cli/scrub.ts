import { readFile } from 'node:fs/promises'
import { join, parse } from 'node:path'
import { checkForSecrets, type ScrubCheck, scrubTape } from '../edit/scrub/index.ts'
import { FEEDS } from '../feeds/index.ts'
import { FeedtapeError } from '../model/errors.ts'
import { findingLines, scrubLines } from '../report/scrub.ts'
import { counted } from '../report/table.ts'
import { type KnownSecret, MIN_SECRET_LENGTH } from '../tape/index.ts'
import type { CliCommand } from './command.ts'
import { type ExitCode, type Io, say, tell } from './io.ts'
import { tellProblems } from './tapes.ts'

interface Options {
  readonly check?: true
  readonly output?: string
  readonly overwrite?: true
  readonly secretFile?: string
  readonly json?: true
}

/** Account names and the like, one a line. */
const VARIABLE = 'FEEDTAPE_SECRETS'

export const scrubCommand: CliCommand = {
  name: 'scrub',
  describe(command, start) {
    command
      .description(
        'Makes a new tape with stand-ins of equal length in place of credentials: those that the feed names, ' +
          'JWTs, cookies, e-mail addresses, and what --secret-file, ' +
          `${VARIABLE} and the feeds’ own variables hold. The original stays as it is.\n` +
          'With --check nothing is written: files and folders are searched, strings that look drawn by chance ' +
          'included, and the exit code is 1 if anything is found.',
      )
      .argument('<paths...>', 'the tape; with --check any files and folders')
      .option('--check', 'search only')
      .option('-o, --output <file>', 'the new tape (default: X.tape.jsonl becomes X.scrubbed.tape.jsonl)')
      .option('--overwrite', 'replace a tape that is there')
      .option('--secret-file <file>', 'values that no pattern can know (account names), one a line')
      .option('--json', 'print what was done or found as JSON')
      .action((paths: string[], options: Options) => start(io => run(io, paths, options)))
  },
}

async function run(io: Io, paths: readonly string[], options: Options): Promise<ExitCode> {
  const known = await knownSecrets(io, options.secretFile)
  if (options.check === true) return await check(io, paths, known, options)
  const [path, second] = paths
  if (path === undefined || second !== undefined) {
    throw new FeedtapeError('usage', 'one tape is scrubbed at a time', {
      found: `${paths.length} paths`,
      next: 'name one tape, or search many with --check',
    })
  }
  const output = options.output ?? defaultOutput(path)
  const report = await scrubTape({ path, output, overwrite: options.overwrite === true, known })
  const { entries, kept, replaced, header } = report
  const left = await checkForSecrets([output], { known })
  if (options.json === true) {
    const answer = { output, id: header.id, entries, replaced: Object.fromEntries(replaced), kept }
    await say(io, JSON.stringify({ ...answer, suspicious: left.findings.length }))
  } else {
    for (const line of scrubLines(report)) await say(io, line)
  }
  if (left.findings.length > 0) {
    const places = counted(left.findings.length, 'place')
    tell(io, `${places} may still hold a secret: feedtape scrub --check ${output}`)
  }
  return tellProblems(io, [report.source])
}

async function check(
  io: Io,
  paths: readonly string[],
  known: readonly KnownSecret[],
  options: Options,
): Promise<ExitCode> {
  if (options.output !== undefined || options.overwrite === true) {
    throw new FeedtapeError('usage', '--check writes nothing', { next: 'leave out -o and --overwrite' })
  }
  const result = await checkForSecrets(paths, { known })
  await sayResult(io, result, options.json === true)
  for (const { file, reason } of result.damaged) tell(io, `${file}: not read to its end: ${reason}`)
  if (result.skipped.length > 0) tell(io, `not searched, because it is no text: ${result.skipped.join(', ')}`)
  if (result.findings.length > 0) return 1
  return result.damaged.length > 0 ? 3 : 0
}

async function sayResult(io: Io, result: ScrubCheck, isJson: boolean): Promise<void> {
  const { findings, files, tapes, skipped, damaged } = result
  if (isJson) {
    for (const finding of findings) await say(io, JSON.stringify(finding))
    await say(io, JSON.stringify({ files, tapes, findings: findings.length, skipped, damaged }))
    return
  }
  for (const line of findingLines(findings)) await say(io, line)
  const found = findings.length === 0 ? 'no secrets found' : counted(findings.length, 'finding')
  await say(io, `${found} in ${counted(files, 'file')}, ${counted(tapes, 'tape')} among them`)
}

/** Never from an argument: those stand in the shell's history and in the process list. */
export async function knownSecrets(io: Io, file: string | undefined): Promise<readonly KnownSecret[]> {
  const known: KnownSecret[] = []
  const add = (text: string, where: string): void => {
    for (const [index, line] of text.split(/\r?\n/).entries()) {
      const value = line.trim()
      if (value === '') continue
      if (value.length >= MIN_SECRET_LENGTH) known.push({ value, place: 'named' })
      else tell(io, `${where}:${index + 1}: shorter than ${MIN_SECRET_LENGTH} characters, not looked for`)
    }
  }
  if (file !== undefined) add(await readSecretFile(file), file)
  add(io.env[VARIABLE] ?? '', VARIABLE)
  for (const { variable } of FEEDS.flatMap(feed => feed.session.credentials)) {
    add(io.env[variable] ?? '', variable)
  }
  return known
}

async function readSecretFile(file: string): Promise<string> {
  return await readFile(file, 'utf8').catch((cause: unknown) => {
    const next = 'check the path given to --secret-file'
    throw new FeedtapeError('file-missing', 'cannot read the file of secrets', { where: file, next, cause })
  })
}

function defaultOutput(path: string): string {
  const { dir, base } = parse(path)
  return join(dir, base.replace(/(?:\.tape)?\.jsonl(\.gz)?$|$/, '.scrubbed.tape.jsonl$1'))
}
