import type { Secret } from '../feed.ts'

/** A value is replaced wherever it stands: `dark`, `en` or an epoch second would be struck out of prices' text. */
export function tellingCookie(name: string, whole: string): readonly Secret[] {
  const isQuoted = whole.length > 1 && whole.startsWith('"') && whole.endsWith('"')
  const value = isQuoted ? whole.slice(1, -1) : whole
  const isNamed = /session|auth|token|sign|sid|device|csrf/i.test(name) && value.length >= 6
  const isTelling = value.length >= 8 && /\d/.test(value) && /\D/.test(value)
  return isNamed || isTelling ? [{ value, place: `cookie ${name}` }] : []
}
