import { stepOf } from '../../../src/feeds/json-socket/index.ts'
import { isRawNumber } from '../../../src/inspect/schema/packet-json.ts'

/** A copy with what stands at a path changed; `undefined` takes it away. */
export function withField(
  value: unknown,
  steps: readonly string[],
  change: (value: unknown) => unknown,
): unknown {
  const [step, ...rest] = steps
  if (step === undefined) return change(value)
  if (typeof value !== 'object' || value === null || isRawNumber(value)) return value
  const isHere = (key: string): boolean => step === '*' || step === stepOf(key)
  if (Array.isArray(value)) {
    return value.map((member, index) => {
      if (!isHere(String(index))) return member
      return withField(member, rest, change) ?? null
    })
  }
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, member]) => {
      if (!isHere(key)) return [[key, member]]
      const changed = withField(member, rest, change)
      return changed === undefined ? [] : [[key, changed]]
    }),
  )
}
