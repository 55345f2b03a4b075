import type { CaseCause } from './case-cause.ts'
import type { Difference } from './difference.ts'
import type { CaseResult } from './verify.ts'

/** Of a consequence, whose cause stands above it. */
const SHORT = 80

/** What is wrong with a case, for people: the nearest cause, where it comes from, and what follows. Foreign text is in it. */
export function caseLines({ cause, differences, unusable }: CaseResult): readonly string[] {
  if (unusable !== undefined) return unusable.split('\n')
  if (cause === undefined) return []
  const count = cause.kind === 'missing' ? 1 : (differences.find(one => isOf(one, cause))?.count ?? 1)
  return [
    placeText(cause),
    `  ${cause.kind === 'parser' ? 'feedtape' : 'expected'}  ${cause.expected}`,
    `  ${cause.kind === 'parser' ? 'parser  ' : 'found   '}  ${cause.found}`,
    ...frameLines(cause),
    ...(count > 1
      ? [`  (${count} ${cause.kind === 'parser' ? 'values' : 'lines'} differ; this is the first)`]
      : []),
    ...differences.filter(one => !isOf(one, cause)).map(thenLine),
  ]
}

/** One line, without its place. */
export function causeMessage({ expected, found, key, kind }: CaseCause): string {
  const [ours, theirs] = kind === 'parser' ? ['feedtape', 'the parser'] : ['expected', 'found']
  return `${key === undefined ? '' : `${key}: `}${ours} ${short(expected)}, ${theirs} ${short(found)}`
}

/** `same key fields.last`. */
export function likenessText({ key, kind, of }: CaseCause): string {
  if (kind === 'missing') return 'no twin yet'
  if (kind === 'tape') return `same ${of}`
  return key === undefined ? `same kind of line, ${of}` : `same key ${key}`
}

function placeText({ file, key, kind, line }: CaseCause): string {
  const why = {
    tape: 'the tape',
    decoder: 'what was understood',
    quotes: '',
    parser: '',
    pnl: 'P&L alone',
    missing: '',
  }[kind]
  return `${file}:${line}${key === undefined ? '' : ` ${key}`}${why === '' ? '' : ` (${why})`}`
}

function frameLines({ place, seq }: CaseCause): readonly string[] {
  if (place === undefined) return seq === undefined ? [] : [`  entry     ${seq}`]
  const what = [place.feed, place.entry].filter(word => word !== '').join(' ')
  return [`  entry     ${place.seq}, ${what}: ${place.text}`]
}

function thenLine({ expected, file, follows, found, key, line }: Difference): string {
  const where = `${file}:${line}${key === undefined ? '' : ` ${key}`}`
  const why = follows === true ? ' follows from the quotes' : ''
  return `  then      ${where}${why}: expected ${short(expected)}, found ${short(found)}`
}

function isOf({ file, line }: Difference, cause: CaseCause): boolean {
  return file === cause.file && line === cause.line
}

function short(text: string): string {
  return text.length > SHORT ? `${text.slice(0, SHORT - 1)}…` : text
}
