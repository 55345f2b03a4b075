import { type DriftFinding, type DriftReport, type Fixture, SEVERITIES } from '../inspect/drift/index.ts'
import { markdownTable, markdownText } from './markdown.ts'
import { counted, grouped, plain, tableLines } from './table.ts'

/** A feed that turns everything over has thousands of findings; `--json` has them all. */
const SHOWN = 60

/** What drifted, as a person reads it: by severity, and behind it the frames that were cut out. */
export function driftText(report: DriftReport, fixtures: readonly Fixture[]): string {
  const sections = SEVERITIES.map(severity => {
    const findings = report.findings.filter(finding => finding.severity === severity)
    if (findings.length === 0) return []
    const rows = findings.slice(0, SHOWN).flatMap(finding => [
      [placeOf(finding), saidOf(finding)],
      ['', `${plain(finding.baseline, 90)} → ${plain(finding.now, 90)}`],
    ])
    const rest = findings.length - SHOWN
    return [
      counted(findings.length, severity === 'info' ? 'remark' : severity, plural(severity)),
      ...tableLines(rows, { indent: 2 }),
      ...(rest > 0 ? [`  … and ${counted(rest, 'more', 'more')} (--json has them all)`] : []),
    ]
  })
  return [comparedLines(report), ...sections, fixtureLines(fixtures)]
    .filter(lines => lines.length > 0)
    .map(lines => lines.join('\n'))
    .join('\n\n')
}

/** The same for a pull request or a file in the repository. */
export function driftMarkdown(report: DriftReport, fixtures: readonly Fixture[]): string {
  const rows = report.findings.map(finding => [
    finding.severity,
    placeOf(finding),
    saidOf(finding),
    finding.baseline,
    finding.now,
  ])
  const table =
    rows.length === 0 ? ['No drift.'] : markdownTable(['severity', 'where', 'what', 'baseline', 'now'], rows)
  return [
    '# Drift',
    '',
    ...comparedLines(report).map(line => `- ${markdownText(line.trim(), 400)}`),
    '',
    ...table,
    ...(fixtures.length === 0
      ? []
      : ['', ...fixtureLines(fixtures).map(line => `- ${markdownText(line.trim(), 400)}`)]),
    '',
  ].join('\n')
}

function comparedLines({ baseline, now, feeds, findings, tests }: DriftReport): string[] {
  const rows = feeds.map(({ feed, baseline: before, now: after }) => [
    plain(feed),
    before === 0 ? 'new ones only' : after === 0 ? 'baseline only' : 'compared',
    `${grouped(before)} → ${counted(after, 'message')}`,
  ])
  const verdict = findings.length === 0 ? 'no drift' : counted(findings.length, 'finding')
  return [
    `${verdict}: ${plain(baseline.join(', '))} → ${plain(now.join(', '))}; ${counted(tests, 'test')} of what chance may do`,
    ...tableLines(rows, { indent: 2 }),
  ]
}

function plural(severity: DriftFinding['severity']): string {
  return severity === 'info' ? 'remarks' : severity === 'warning' ? 'warnings' : 'critical'
}

function placeOf({ feed, kind, path }: DriftFinding): string {
  return plain(`${feed} ${kind}${path === undefined ? '' : ` ${path === '' ? '(payload)' : path}`}`, 100)
}

function saidOf({ said, meaning, chance }: DriftFinding): string {
  const read = meaning === undefined ? '' : ` [read as ${meaning.slice(0, 4).join(', ')}]`
  return `${plain(said, 160)}${read}${chance === undefined ? '' : ` (by chance: ${chanceText(chance)})`}`
}

function chanceText(chance: number): string {
  if (chance < 1e-6) return 'less than 1 in a million'
  return chance > 0.1 ? `${Math.round(chance * 100)} %` : `1 in ${grouped(Math.round(1 / chance))}`
}

function fixtureLines(fixtures: readonly Fixture[]): string[] {
  if (fixtures.length === 0) return []
  const frames = fixtures.reduce((sum, { seqs }) => sum + seqs.length, 0)
  return [
    `${counted(frames, 'frame')} worth a fixture, cut out and scrubbed`,
    ...fixtures.map(({ path, seqs, shows }) => {
      return `  ${plain(path)}: ${seqs.length === 1 ? 'entry' : 'entries'} ${seqs.slice(0, 12).join(', ')}${seqs.length > 12 ? ' …' : ''}; ${counted(shows.length, 'finding')}`
    }),
  ]
}
