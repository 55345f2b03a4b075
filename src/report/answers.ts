import type { Expectation, FeedAnswers, FieldGuess, StructureReport } from '../inspect/index.ts'
import { recognisedLines } from './recognised.ts'
import { counted, grouped, plain, tableLines } from './table.ts'

/** What a feed is like, in plain words; every answer with an entry that shows it. */
export function answerLines(answers: readonly FeedAnswers[]): string[] {
  return answers.flatMap(answer => {
    const [whose = '', ...others] = recognisedLines(answer.recognised, answer.tie)
    const rows = [
      ['by its looks', whose],
      ...others.map(line => ['', line]),
      ['wrapped in type/data?', wrappingText(answer)],
      ['price fields', pricesText(answer)],
      ['contract id or ticker?', namesText(answer)],
      ['how positions come', positionsText(answer)],
    ]
    return [
      `${plain(answer.feed)}, from what stands on the tape`,
      ...tableLines(rows, { indent: 2 }),
      ...expectationLines(answer.expectations),
    ]
  })
}

function wrappingText({ wrapping: { isTypeData, forms, framing } }: FeedAnswers): string {
  const [first] = forms
  if (first === undefined) return 'unseen: no JSON came'
  const all = forms
    .map(({ form, count, seq }) => `${plain(form, 40)} ${grouped(count)} × (entry ${seq})`)
    .join(', ')
  const around = framing === '' ? '' : `; in front stands ${plain(framing, 40)}`
  return `${isTypeData}: ${all}${around}`
}

function pricesText({ prices }: FeedAnswers): string {
  if (prices.length === 0) return 'none seen'
  return prices
    .map(
      ({ field, path, seq }) =>
        `${field}${path === undefined ? '' : ` at ${plain(path, 60)}`} (entry ${seq})`,
    )
    .join(', ')
}

function namesText({ names }: FeedAnswers): string {
  if (names.length === 0) return 'unseen: nothing named an instrument'
  return names
    .map(
      ({ by, names: count, example, seq }) =>
        `${by}: ${grouped(count)}, such as ${plain(example, 40)} (entry ${seq})`,
    )
    .join('; ')
}

function positionsText({ positions }: FeedAnswers): string {
  if (positions.length === 0) return 'unseen: neither positions nor fills, orders or signals'
  return positions.map(({ what, count, seq }) => `${what} ${grouped(count)} × (entry ${seq})`).join(', ')
}

function expectationLines(expectations: readonly Expectation[] = []): string[] {
  if (expectations.length === 0) return []
  const rows = expectations.map(({ expects, holds, why, seq }) => [
    expects,
    holds,
    `${why}${seq === undefined ? '' : ` (entry ${seq})`}`,
  ])
  return ['  what was expected of Tradovate', ...tableLines(rows, { indent: 4 })]
}

const SHAPES_SHOWN = 8
const FIELDS_SHOWN = 16

/** Guesses, and said so: a quote needs a known wire or the user's own mapping. */
export function structureLines({ looked, shapes, mapping, remarks }: StructureReport): string[] {
  if (looked === 0) return ['structure: no JSON came that could be searched']
  const lines = [`what it looks like, guessed from ${counted(looked, 'JSON value')}; none of it is quoted`]
  for (const { shape, messages, seq, fields } of shapes.slice(0, SHAPES_SHOWN)) {
    lines.push(`  ${plain(shape, 80)}: ${counted(messages, 'message')} (first: entry ${seq})`)
    lines.push(...tableLines(fields.slice(0, FIELDS_SHOWN).map(fieldRow), { indent: 4 }))
  }
  if (shapes.length > SHAPES_SHOWN)
    lines.push(`  … and ${counted(shapes.length - SHAPES_SHOWN, 'more shape')} (--json)`)
  lines.push(...remarks.map(remark => `  ${remark}`))
  if (mapping !== undefined) {
    lines.push(
      '  a mapping for the config:',
      ...JSON.stringify({ feeds: { 'json-socket': mapping } }, undefined, 2)
        .split('\n')
        .map(line => `    ${plain(line, 400)}`),
    )
  }
  return lines
}

function fieldRow({ role, confidence, path, evidence, example, unit }: FieldGuess): string[] {
  const as = unit === undefined ? '' : ` (${unit})`
  return [`${role}${as}`, confidence, plain(path, 60), plain(example, 30), plain(evidence.join('; '), 160)]
}
