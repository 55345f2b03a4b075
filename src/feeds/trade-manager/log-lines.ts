import { undoneOf, type WrongDecoding } from './mis-decoded.ts'

/** Longer lines are compared with no form: no line that was ever seen has 200 units. */
export const LONGEST_LINE = 1000

const EMOJI = String.raw`(?:\p{Extended_Pictographic}|\p{Regional_Indicator}|\p{Emoji_Modifier}|\u200d|\ufe0f)`
/** The panel writes lines without anything between them: the emoji before a tag is that line's own. */
const TAG = new RegExp(String.raw`(?:${EMOJI}{1,8}[ \u00a0]{0,4})?(?:\*\*)?\[RECORDER\]`, 'gu')
const DECORATED = new RegExp(String.raw`^(?:\s|${EMOJI})+|(?:\s|${EMOJI})+$`, 'gu')
const ALONE = new RegExp(String.raw`(?<=\s)${EMOJI}{1,8}\s+`, 'gu')

export interface LogLine {
  /** Whole, as it was said, its mis-decoding undone. */
  readonly text: string
  readonly repaired?: WrongDecoding
  /** Without `**`, and without the emoji at its ends. */
  readonly bare: string
  /** Also without emoji that stand by themselves within it. */
  readonly plain: string
  readonly isTooLong: boolean
}

export function linesOf(data: string): readonly LogLine[] {
  return data.split(/\r\n|\n|\r/).flatMap(raw => {
    const undone = undoneOf(raw)
    const repaired = undone === undefined ? {} : { repaired: undone.decoding }
    return piecesOf(undone?.text ?? raw).map(text => ({ text, ...repaired, ...comparedOf(text) }))
  })
}

function piecesOf(line: string): readonly string[] {
  const starts = [0, ...[...line.matchAll(TAG)].map(match => match.index)]
  return starts.flatMap((start, index) => {
    const piece = line.slice(start, starts[index + 1]).trim()
    return piece === '' ? [] : [piece]
  })
}

function comparedOf(text: string): Pick<LogLine, 'bare' | 'plain' | 'isTooLong'> {
  if (text.length > LONGEST_LINE) return { bare: '', plain: '', isTooLong: true }
  const bare = text.replaceAll('**', '').replace(DECORATED, '')
  return { bare, plain: bare.replace(ALONE, ''), isTooLong: false }
}
