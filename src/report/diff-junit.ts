import type { DiffReport, Judgement, PairReport } from '../diff/index.ts'
import { gapText } from './diff-words.ts'
import { type JunitCase, junitXml } from './junit.ts'

/** One case a judgement: an instrument’s field, its lag, its coverage. */
export function diffJunit({ pairs, verdict }: DiffReport): string {
  const byName = new Map(pairs.map(pair => [pair.instrument, pair]))
  const cases = verdict.judgements.map(judgement => caseOf(judgement, byName.get(judgement.instrument)))
  const nothing: JunitCase = {
    name: 'comparison',
    outcome: { kind: 'error', message: 'nothing could be compared' },
  }
  return junitXml([{ name: 'feedtape diff', cases: verdict.isCompared ? cases : [nothing] }])
}

function caseOf(
  { allowed, found, instrument, isWithin, what }: Judgement,
  pair: PairReport | undefined,
): JunitCase {
  const named = { name: what, className: instrument }
  if (isWithin) return named
  const field = pair?.fields.find(one => one.field === what)
  const gaps = field?.beyond.first.map(gap => gapText(gap, field.isInTicks)) ?? []
  const why = pair?.explanations.map(({ text }) => `explained by: ${text}`) ?? []
  return {
    ...named,
    outcome: { kind: 'failure', message: `${found}; allowed ${allowed}`, text: [...why, ...gaps].join('\n') },
  }
}
