import {
  type Contradiction,
  type Equation,
  type EquationSource,
  type FactText,
  type Identity,
  type Roll,
  sourceTextOf,
} from '../instruments/index.ts'
import { plain } from './table.ts'

/** `CME_MINI:NQZ2026 is also NQZ6 (spelling), 3267315 = NQZ6 (wire:… symbol, entry 4 of TAPE)`; none for a lone word. */
export function identityLines({ name, words }: Identity): string[] {
  if (words.length === 0) return []
  const said = words.map(equation => wordText(equation, name))
  return [plain(`${name} is also ${said.join(', ')}`, Number.POSITIVE_INFINITY)]
}

/** What a continuous symbol meant before, and since when it means something else. */
export function rollLines(rolls: readonly Roll[]): string[] {
  return rolls.map(({ word, from, to, source }) => {
    const meaning = to === word ? 'no known contract' : to
    const text = `${word} meant ${from}, and ${meaning} since then (${sourceText(source)}); what was kept stays with ${from}`
    return plain(text, Number.POSITIVE_INFINITY)
  })
}

export function contradictionLines(contradictions: readonly Contradiction[]): string[] {
  return contradictions.map(({ instrument, value, kept, other, note }) => {
    const remark = note === undefined ? '' : ` (${note})`
    const [keptAt, otherAt] = [placeText(kept), placeText(other)]
    if (kept.source === other.source) {
      return `${instrument}: ${value} is said twice by the ${kept.source}: ${other.text}${otherAt}, and ${kept.text}${keptAt}, which is believed${remark}`
    }
    return `${instrument}: ${value} is ${kept.text} by the ${kept.source}${keptAt} and ${other.text} by the ${other.source}${otherAt}; ${kept.source} is believed${remark}`
  })
}

function wordText({ word, is, source }: Equation, name: string): string {
  return `${word}${is === name ? '' : ` = ${is}`} (${sourceText(source)})`
}

function sourceText(source: EquationSource): string {
  const { by, says, ...place } = sourceTextOf(source)
  return `${by}${says === undefined ? '' : ` ${says}`}${placeText(place)}`
}

function placeText({ tape, seq }: Pick<FactText, 'tape' | 'seq'>): string {
  return seq === undefined || tape === undefined ? '' : `, entry ${seq} of ${tape}`
}
