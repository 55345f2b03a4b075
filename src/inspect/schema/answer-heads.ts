import type { Message } from '../../tape/entry.ts'
import type { HeadFacts, WordCount } from './schema-facts.ts'
import { type Stretches, StretchSum } from './stretches.ts'

/** More different ones than this say nothing. */
const MOST_VALUES = 32

/** Under which status answers with a kind came, and as what type of content. */
export class AnswerHeads {
  readonly #status = new Counts()
  readonly #type = new Counts()

  add(message: Message, stretches: Stretches): void {
    if (message.kind !== 'response') return
    this.#status.add(String(message.status), stretches)
    this.#type.add(contentTypeOf(message.headers), stretches)
  }

  /** `undefined` where nothing of the kind was an answer. */
  result(stretches: Stretches): HeadFacts | undefined {
    const status = this.#status.result(stretches)
    return status.length === 0 ? undefined : { status, type: this.#type.result(stretches) }
  }
}

class Counts {
  readonly #values = new Map<string, { count: number; readonly sums: StretchSum }>()

  add(value: string, stretches: Stretches): void {
    let known = this.#values.get(value)
    if (known === undefined) {
      if (this.#values.size >= MOST_VALUES) return
      known = { count: 0, sums: new StretchSum() }
      this.#values.set(value, known)
    }
    known.count += 1
    known.sums.add(stretches)
  }

  result(stretches: Stretches): readonly WordCount[] {
    return [...this.#values]
      .map(([value, { count, sums }]) => ({ value, count, hits: sums.result(stretches) }))
      .toSorted((a, b) => b.count - a.count)
  }
}

export const NO_TYPE = 'none'

/** `application/json; charset=utf-8` is `application/json`: what stands behind it says nothing of the body's form. */
export function contentTypeOf(headers: readonly (readonly [string, string])[]): string {
  const [, value = ''] = headers.find(([name]) => name.toLowerCase() === 'content-type') ?? []
  return value.replace(/;.*/s, '').trim().toLowerCase() || NO_TYPE
}
