import { type DiffReport, type PairReport, percentText } from '../diff/index.ts'
import { FIELD_HEAD, fieldCells } from './diff.ts'
import { markdownTable, markdownText } from './markdown.ts'

const HEAD = ['instrument', ...FIELD_HEAD]

/** For the summary of a CI run. */
export function diffMarkdown({ a, b, pairs, verdict }: DiffReport): string {
  const beyond = verdict.judgements.filter(({ isWithin }) => !isWithin)
  const said = !verdict.isCompared
    ? 'nothing could be compared'
    : beyond.length === 0
      ? 'within tolerance'
      : `${beyond.length} beyond tolerance`
  const rows = pairs.flatMap(pair => pair.fields.map(field => [pair.instrument, ...fieldCells(field)]))
  const align = HEAD.map((_, column) => (column < 3 ? ('left' as const) : ('right' as const)))
  return [
    `### feedtape diff: ${said}`,
    '',
    `a: ${markdownText(a.choice)} · b: ${markdownText(b.choice)}`,
    '',
    ...(beyond.length === 0
      ? []
      : [
          ...markdownTable(
            ['beyond', 'what', 'found', 'allowed'],
            beyond.map(({ allowed, found, instrument, what }) => [instrument, what, found, allowed]),
          ),
          '',
        ]),
    ...markdownTable(HEAD, rows, align),
    '',
    ...pairs.flatMap(explanationLines),
    '',
  ].join('\n')
}

function explanationLines({ band, explanations, instrument }: PairReport): string[] {
  const inside =
    band === undefined || band.settled === 0
      ? []
      : [`last inside bid and ask ${percentText(band.inside / band.settled)}`]
  return [...inside, ...explanations.map(({ text }) => text)].map(
    text => `- ${markdownText(instrument)}: ${markdownText(text, 300)}`,
  )
}
