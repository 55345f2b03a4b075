import { type Decimal, decimalEquals, decimalText } from '../../model/decimal.ts'
import { NumberReader, parseKeepingNumbers } from '../numbers.ts'

/**
 * A decimal as a JSON number that is read as the same again; `undefined` where there is none: more than 15 digits
 * in a non-integer would be taken for binary noise, and 10^100 for "none".
 */
export function numberText(value: Decimal): string | undefined {
  const text = decimalText(value)
  const read = new NumberReader()
  let back = read.decimal(JSON.parse(text))
  if (read.needsText) back = new NumberReader().decimal(parseKeepingNumbers(text))
  return back !== undefined && back !== null && decimalEquals(back, value) ? text : undefined
}

/** `{"a":1,"b":"x"}` of members that are JSON already, without those that are not there. */
export function objectText(members: readonly (readonly [key: string, json: string | undefined])[]): string {
  const said = members.flatMap(([key, json]) =>
    json === undefined ? [] : [`${JSON.stringify(key)}:${json}`],
  )
  return `{${said.join(',')}}`
}

/** A contract id, written as the number that it is. */
export function idOfName(name: string): string | undefined {
  return /^(?:0|[1-9]\d{0,29})$/.test(name) ? name : undefined
}
