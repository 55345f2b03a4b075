export interface Run {
  readonly value: string
  /** In UTF-16 units. */
  readonly offset: number
}

/** Letters, digits and what base64, base64url and hex have besides; a longer run is judged in pieces. */
const RUN = /[A-Za-z0-9+/_-]{20,8192}={0,2}/g
/** A name may end in a number (`mailingStreetAddress2`); chance puts digits inside as well. */
const INNER_DIGITS = /[A-Za-z]\d{1,20}[A-Za-z]/
const HEX = /^(?:[0-9a-f]{20,}|[0-9A-F]{20,})$/

/** Bits a character, and how often two neighbours are of another class (docs/decisions/0013-secrets.md). */
const LEAST_OF_HEX = { entropy: 3, changes: 0.2 }
const LEAST = { entropy: 3.5, changes: 0.2 }

/** Runs of characters that nobody has thought of: drawn by chance, as keys and session ids are. */
export function randomLookingRuns(text: string): readonly Run[] {
  return [...text.matchAll(RUN)].flatMap(([value], index, all) => {
    const offset = all[index]?.index ?? 0
    return isRandomLooking(value) ? [{ value, offset }] : []
  })
}

export function isRandomLooking(value: string): boolean {
  if (!INNER_DIGITS.test(value)) return false
  const least = HEX.test(value) ? LEAST_OF_HEX : LEAST
  return changesOf(value) >= least.changes && entropyOf(value) >= least.entropy
}

/** Shannon's, in bits a character. */
function entropyOf(value: string): number {
  const counts = new Map<string, number>()
  for (const character of value) counts.set(character, (counts.get(character) ?? 0) + 1)
  let entropy = 0
  for (const count of counts.values()) entropy -= (count / value.length) * Math.log2(count / value.length)
  return entropy
}

/** Words and numbers keep to one class for some characters; chance does not. */
function changesOf(value: string): number {
  let changes = 0
  let before = ''
  for (const character of value) {
    const now = classOf(character)
    if (now !== '' && before !== '' && now !== before) changes += 1
    before = now
  }
  return changes / (value.length - 1)
}

function classOf(character: string): string {
  if (character >= '0' && character <= '9') return 'digit'
  if (character >= 'a' && character <= 'z') return 'lower'
  return character >= 'A' && character <= 'Z' ? 'upper' : ''
}
