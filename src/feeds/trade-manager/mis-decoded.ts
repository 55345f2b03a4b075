/**
 * Text whose UTF-8 somebody read as another encoding: `â€”` for `—`. The tables are those by which each of 256
 * bytes became a character (WHATWG's, so that the five bytes that windows-1252 lacks are controls); back they lead
 * to the bytes, exactly or not at all.
 */
export type WrongDecoding = 'mac-roman' | 'windows-1252' | 'latin-1'

const MAC_ROMAN =
  'ÄÅÇÉÑÖÜáàâäãåçéèêëíìîïñóòôöõúùûü†°¢£§•¶ß®©™´¨≠ÆØ∞±≤≥¥µ∂∑∏π∫ªºΩæø¿¡¬√ƒ≈∆«»…\u00a0ÀÃÕŒœ–—“”‘’÷◊ÿŸ⁄€‹›ﬁﬂ‡·‚„‰ÂÊÁËÈÍÎÏÌÓÔ\uf8ffÒÚÛÙıˆ˜¯˘˙˚¸˝˛ˇ'
const WINDOWS_1252 = `€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ${charactersFrom(0xa0, 0x100)}`
const LATIN_1 = charactersFrom(0x80, 0x100)

const TABLES: readonly (readonly [WrongDecoding, string])[] = [
  ['windows-1252', WINDOWS_1252],
  ['latin-1', LATIN_1],
  ['mac-roman', MAC_ROMAN],
]

const BYTES: ReadonlyMap<WrongDecoding, ReadonlyMap<number, number>> = new Map(
  TABLES.map(([name, upper]) => [
    name,
    new Map([...upper].map((character, index) => [character.charCodeAt(0), 0x80 + index])),
  ]),
)

export interface Undone {
  readonly text: string
  readonly decoding: WrongDecoding
}

/** The text before it was mis-decoded; `undefined` where it was not, or nobody can tell. */
export function undoneOf(text: string): Undone | undefined {
  if (!/[\u0080-\uffff]/.test(text)) return undefined
  for (const [decoding] of TABLES) {
    const undone = undo(text, decoding)
    if (undone !== undefined && readsBetter(undone)) return { text: undone, decoding }
  }
  return undefined
}

/** The other way: what a reader of the wrong encoding makes of the text. */
export function misDecoded(text: string, decoding: WrongDecoding): string {
  const upper = TABLES.find(([name]) => name === decoding)?.[1] ?? LATIN_1
  let read = ''
  for (const byte of Buffer.from(text, 'utf8')) {
    read += byte < 0x80 ? String.fromCharCode(byte) : upper.charAt(byte - 0x80)
  }
  return read
}

export function isWrongDecoding(name: string): name is WrongDecoding {
  return TABLES.some(([known]) => known === name)
}

function undo(text: string, decoding: WrongDecoding): string | undefined {
  const table = BYTES.get(decoding)
  const bytes = new Uint8Array(text.length)
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index)
    const byte = unit < 0x80 ? unit : table?.get(unit)
    if (byte === undefined) return undefined
    bytes[index] = byte
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}

/**
 * Three and four bytes in a row do not make an assigned character by chance; two do (`É”` is `ɔ`), so that text
 * with nothing longer has to come out as Western letters and signs.
 */
function readsBetter(text: string): boolean {
  if (/[\p{Cn}\p{Co}\u0080-\u009f]/u.test(text)) return false
  return /[\u0800-\u{10ffff}]/u.test(text) || !/[\u0180-\u07ff]/.test(text)
}

function charactersFrom(first: number, end: number): string {
  return String.fromCharCode(...Array.from({ length: end - first }, (_, index) => first + index))
}
