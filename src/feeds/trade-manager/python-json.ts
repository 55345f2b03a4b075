import { type Decimal, decimalSign, decimalText, significantDigits } from '../../model/decimal.ts'

/** The venue's JSON is Python's: a blank behind `:` and `,`, and everything beyond ASCII escaped (the greeting). */
export function objectText(members: readonly (readonly [key: string, json: string])[]): string {
  return `{${members.map(([key, json]) => `${stringText(key)}: ${json}`).join(', ')}}`
}

export function listText(items: readonly string[]): string {
  return `[${items.join(', ')}]`
}

export function stringText(text: string): string {
  return JSON.stringify(text).replace(/[\u007f-\uffff]/g, unit => {
    return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
}

/**
 * A number as JSON; `undefined` where it would not come back: readers take a non-integer of more than 15 digits for
 * binary noise, 1e+100 for none, and what underflows for zero.
 */
export function numberText(value: Decimal): string | undefined {
  const text = decimalText(value)
  const double = Number(text)
  const isNoise = value.scale > 0 && significantDigits(value) > 15
  const isLost = double === 0 && decimalSign(value) !== 0
  return isNoise || isLost || double === 1e100 ? undefined : text
}

/** Python writes a whole float as `6723.0`. */
export function floatText(value: Decimal): string | undefined {
  const text = numberText(value)
  return text === undefined || text.includes('.') ? text : `${text}.0`
}
