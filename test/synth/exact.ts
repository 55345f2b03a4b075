/** A fraction of whole numbers: what a figure has to be, by arithmetic that shares nothing with the ledger’s decimals. */
export interface Exact {
  readonly top: bigint
  /** Above zero. */
  readonly bottom: bigint
}

export const NOTHING = exact(0n)

export function exact(top: bigint, bottom = 1n): Exact {
  const sign = bottom < 0n ? -1n : 1n
  const common = divisorOf(top < 0n ? -top : top, bottom * sign)
  return { top: (top * sign) / common, bottom: (bottom * sign) / common }
}

/** Reads `-25650.25`. */
export function exactOf(text: string): Exact {
  const match = /^(-?\d+)(?:\.(\d+))?$/.exec(text)
  if (match === null) throw new Error(`no plain number: ${text}`)
  const [, whole = '', fraction = ''] = match
  return exact(BigInt(whole + fraction), 10n ** BigInt(fraction.length))
}

export function plus(a: Exact, b: Exact): Exact {
  return exact(a.top * b.bottom + b.top * a.bottom, a.bottom * b.bottom)
}

export function minus(a: Exact, b: Exact): Exact {
  return plus(a, { top: -b.top, bottom: b.bottom })
}

export function times(a: Exact, b: Exact): Exact {
  return exact(a.top * b.top, a.bottom * b.bottom)
}

export function over(a: Exact, b: Exact): Exact {
  return exact(a.top * b.bottom, a.bottom * b.top)
}

export function signOf({ top }: Exact): -1 | 0 | 1 {
  return top === 0n ? 0 : top < 0n ? -1 : 1
}

export function sizeOf(value: Exact): Exact {
  return value.top < 0n ? { top: -value.top, bottom: value.bottom } : value
}

export function smaller(a: Exact, b: Exact): Exact {
  return signOf(minus(a, b)) < 0 ? a : b
}

/** Whether two are no farther apart than this. */
export function isWithin(a: Exact, b: Exact, most: Exact): boolean {
  return signOf(minus(sizeOf(minus(a, b)), most)) <= 0
}

export function exactText({ bottom, top }: Exact): string {
  return bottom === 1n ? String(top) : `${top}/${bottom} (${Number(top) / Number(bottom)})`
}

function divisorOf(a: bigint, b: bigint): bigint {
  let [one, other] = [a, b]
  while (other !== 0n) [one, other] = [other, one % other]
  return one
}
