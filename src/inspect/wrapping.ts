import { shapeOf } from '../feeds/json-socket/index.ts'
import type { WrappingAnswer } from './answers-report.ts'

interface Form {
  count: number
  readonly seq: number
}

/** How messages are wrapped, whoever's they are. */
export class Wrapping {
  readonly #forms = new Map<string, Form>()
  readonly #framings = new Map<string, number>()

  /** A JSON value of a message, and what stood before it. */
  look(value: unknown, seq: number): void {
    const items: readonly unknown[] = Array.isArray(value) && value.every(isObject) ? value : [value]
    for (const item of items.slice(0, 20)) this.#add(formOf(item), seq)
  }

  framing(text: string): void {
    this.#framings.set(text, (this.#framings.get(text) ?? 0) + 1)
  }

  /** Whether a message was built so. */
  has(form: string): boolean {
    return this.#forms.has(form)
  }

  result(): WrappingAnswer {
    const forms = [...this.#forms].map(([form, { count, seq }]) => ({ form, count, seq }))
    forms.sort((a, b) => b.count - a.count)
    const wrapped = this.#forms.get(TYPE_DATA)?.count ?? 0
    const all = forms.reduce((sum, { count }) => sum + count, 0)
    const [framing = ''] = [...this.#framings].toSorted(([, a], [, b]) => b - a)[0] ?? []
    const isTypeData = all === 0 ? 'unseen' : wrapped === all ? 'yes' : wrapped === 0 ? 'no' : 'partly'
    return { isTypeData, framing, forms: forms.slice(0, 8) }
  }

  #add(form: string, seq: number): void {
    const known = this.#forms.get(form)
    if (known !== undefined) known.count += 1
    else if (this.#forms.size < 100) this.#forms.set(form, { count: 1, seq })
  }
}

export const TYPE_DATA = 'type and data'

/** A word for the kind and one key with all the rest: a wrapper. Anything else says what it says directly. */
function formOf(value: unknown): string {
  if (!isObject(value)) return 'direct'
  const keys = Object.keys(value)
  if (typeof value['type'] === 'string' && keys.includes('data')) return TYPE_DATA
  if (typeof value['type'] === 'string' && keys.length <= 3 && !keys.some(key => isContainer(value[key])))
    return 'type without data'
  const { by } = shapeOf(value)
  const bodies = keys.filter(key => isContainer(value[key]))
  const [body] = bodies
  if (by !== undefined && bodies.length === 1 && keys.length <= 5) return `${by.key} and ${body}`
  // An answer: a status, the number of its request, and what was asked for.
  if (typeof value['s'] === 'number' && 'i' in value && keys.length <= 3) return 's, i and d'
  return keys.length === 1 && (keys[0] === 'data' || bodies.length === 1) ? `${keys[0]} alone` : 'direct'
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isContainer(value: unknown): boolean {
  return typeof value === 'object' && value !== null
}
