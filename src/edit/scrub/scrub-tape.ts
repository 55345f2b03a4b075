import { FeedtapeError } from '../../model/errors.ts'
import type { Micros } from '../../model/time.ts'
import {
  createRedactor,
  type Entry,
  type EntryDraft,
  type Header,
  type KnownSecret,
  type Redaction,
  type Redactor,
  type TapeReader,
  toLine,
} from '../../tape/index.ts'
import { HoledTape } from '../holed-tape.ts'
import { TapeFile } from '../tape-file.ts'
import { learnSecrets } from './learn-secrets.ts'
import { withoutStandIns, withStandIns } from './stand-ins.ts'

export interface ScrubOptions {
  readonly path: string
  readonly output: string
  readonly overwrite?: boolean
  /** What no pattern can know: account names, and credentials that are at hand. */
  readonly known?: readonly KnownSecret[]
}

export interface ScrubReport {
  readonly output: string
  readonly header: Header
  readonly entries: number
  /** Different values that were looked for. */
  readonly secrets: number
  /** How many stand-ins were put at each place, by name; never with a value. */
  readonly replaced: ReadonlyMap<string, number>
  /** Stand-ins that were declared before, and stay. */
  readonly kept: number
  /** The source, for what was wrong with it. */
  readonly source: TapeReader
}

/**
 * Writes a new tape with a stand-in for each secret that the tape's feeds, HTTP's habits or the user name. It is
 * read twice: a secret that the last entry gives away stands in the first ones too. What is lost of it stands in the
 * new one as `lost`. Throws as TapeReader.open and TapeFile.create do.
 */
export async function scrubTape(options: ScrubOptions): Promise<ScrubReport> {
  if (options.path === '-') {
    throw new FeedtapeError('usage', 'a tape is scrubbed in two passes', {
      where: '-',
      expected: 'a file',
      next: 'save the tape first',
    })
  }
  const redactor = createRedactor()
  const { wanted, last } = await learnSecrets(options.path, options.known)
  const secrets = wanted.filter(secret => redactor.learn(secret)).length
  const tape = await HoledTape.open(options.path)
  const { source } = tape
  const header = scrubbedHeader(source.header, redactor)
  try {
    return { ...(await writeScrubbed(options, { tape, header, redactor, last })), header, secrets, source }
  } finally {
    await source.close()
  }
}

interface SecondPass {
  readonly tape: HoledTape
  readonly header: Header
  readonly redactor: Redactor
  /** What the first pass saw: a tape may still be growing. */
  readonly last: number
}

async function writeScrubbed({ path, output, overwrite = false }: ScrubOptions, pass: SecondPass) {
  const { tape, header, redactor, last } = pass
  const file = await TapeFile.create(output, header, { overwrite, origin: path })
  const replaced = new Map<string, number>()
  let entries = 0
  let kept = 0
  let at: Micros = 0
  try {
    for await (const entry of tape) {
      // A hole at the end has the number behind it.
      if (entry.seq > last && entry.kind !== 'lost') break
      const safe = scrubbedEntry(entry, redactor)
      const before = spansOf(entry).length
      kept += before
      for (const span of spansOf(safe).slice(before)) count(replaced, span)
      await file.add(safe, Buffer.from(toLine(safe).slice(0, -1)))
      entries += 1
      at = entry.at
    }
    await file.seal(tape.source.seal?.at ?? at)
  } catch (thrown) {
    await file.discard()
    throw thrown
  }
  return { output, entries, replaced, kept }
}

function spansOf(entry: Entry): readonly Redaction[] {
  return 'redacted' in entry ? (entry.redacted ?? []) : []
}

function scrubbedEntry(entry: Entry, redactor: Redactor): Entry {
  const blanked = withoutStandIns(entry)
  // These kinds have no list of stand-ins; what they say is a writer's own, and no frame's length rests on it.
  if (blanked.kind === 'pause' || blanked.kind === 'lost') {
    return { ...blanked, reason: redactor.redactText(blanked.reason).text }
  }
  // Only its number makes a draft of it an entry, and that is kept.
  return withStandIns(redactor.redactDraft<EntryDraft>(blanked) as Entry, entry)
}

/** Chained anew from nothing: a part's hash of the part before would be that of the unscrubbed one. */
function scrubbedHeader({ previousHash: _, ...header }: Header, { redactText }: Redactor): Header {
  const { source } = header
  return {
    ...header,
    platform: redactText(header.platform).text,
    redaction: 'hmac-sha256',
    ...(source === undefined ? {} : { source: { ...source, name: redactText(source.name).text } }),
    derived: redactText(header.derived === undefined ? 'scrub' : `${header.derived}; scrub`).text,
  }
}

/** `headers.3#cookie a` and `headers.5#cookie a` are one place. */
function count(places: Map<string, number>, [, , place]: Redaction): void {
  const name = place.replace(/^headers\.\d+/, 'headers')
  places.set(name, (places.get(name) ?? 0) + 1)
}
