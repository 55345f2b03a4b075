import { isRandomLooking } from '../../edit/scrub/index.ts'
import { epochMicrosFromIso } from '../../model/time.ts'

/** What a string is like, whatever it says. */
export type TextLook = 'number' | 'time' | 'json' | 'id' | 'word' | 'text'

export const TEXT_LOOKS: readonly TextLook[] = ['number', 'time', 'json', 'id', 'word', 'text']

const LONGEST_LOOK = 200
const NUMBER = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/
const WORD = /^[\p{L}_][\p{L}\p{N}_ .:/+-]{0,39}$/u
const TIME = /^\d{4}-\d\d-\d\d[T ]/

/** Of a long text its beginning says it. */
export function textLook(whole: string): TextLook {
  const text = whole.slice(0, LONGEST_LOOK)
  if (NUMBER.test(text)) return 'number'
  if (TIME.test(text) && epochMicrosFromIso(text.replace(' ', 'T')) !== undefined) return 'time'
  if (/^[[{]/.test(text) && /[\]}]$/.test(whole)) return 'json'
  if (isId(text)) return 'id'
  return WORD.test(text) ? 'word' : 'text'
}

/** A part of letters and digits, or of both cases, that nobody would say: `MwBrcNXADm7p`, a hash, a UUID. */
function isId(text: string): boolean {
  if (isRandomLooking(text) || /^[0-9a-f]{8}-[0-9a-f]{4}-/i.test(text)) return true
  return (text.match(/[A-Za-z0-9]{8,}/g) ?? []).some(
    part => isMixed(part) || switchesOf(part) >= part.length / 3,
  )
}

/**
 * What words are not made of: a digit before a letter, capitals in the middle or before a small letter, five consonants
 * in a row. Of 20,000 ids of twelve characters some twenty pass for words.
 */
function isMixed(part: string): boolean {
  if (/\d[A-Za-z]|[a-z][A-Z]{2}|[A-Z]{3}[a-z]/.test(part)) return true
  if (/[bcdfghjklmnpqrstvwxz]{5}/i.test(part)) return true
  return /[a-z][A-Z]|[A-Z][a-z]/.test(part.replace(/[A-Z]?[a-z]{3,}/g, ' '))
}

/** From one class of character to another; a capital that begins a word is none. */
function switchesOf(part: string): number {
  const words = part.replace(/[A-Z](?=[a-z]{2})/g, first => first.toLowerCase())
  return (words.match(/[a-z](?=[A-Z0-9])|[A-Z](?=[a-z0-9])|[0-9](?=[A-Za-z])/g) ?? []).length
}

/** An enum's value without the numbers in it: `delayed_streaming_600` and `sds_1` are one word each with `#`. */
export function wordOf(text: string): string {
  return text.replace(/\d+/g, '#')
}

const LONGEST_FORM = 60

/** Letters as `a`, digits alone as `9`, the rest as it is: `<0.17287.567>_sfo2-x` is `<9.9.9>_a-a`. */
export function textForm(text: string): string {
  return text
    .slice(0, LONGEST_LOOK)
    .replace(/[\p{L}\p{N}]+/gu, run => (/^\d+$/.test(run) ? '9' : 'a'))
    .slice(0, LONGEST_FORM)
}
