import { TRUSTED_DIGITS } from '../../feeds/numbers.ts'
import { significantDigitsOf } from './packet-json.ts'
import type { NumberFacts, TextFacts, ValueCount, WordCount } from './schema-facts.ts'
import { type Stretches, StretchSum } from './stretches.ts'
import { TEXT_LOOKS, type TextLook, textForm, textLook, wordOf } from './text-look.ts'

/** More different words than this are no enum. */
export const MOST_WORDS = 32
/** More different forms than this are free text. */
const MOST_FORMS = 8

/** What the numbers at one path are like. Memory: a few figures. */
export class NumberStats {
  #count = 0
  #min = Number.POSITIVE_INFINITY
  #max = Number.NEGATIVE_INFINITY
  #integers = 0
  #decimals = 0
  #long = 0

  /** `written`: by the wire, where that is longer than a double needs (`71.969999999999998863`). */
  add(value: number, written = String(value)): void {
    this.#count += 1
    if (significantDigitsOf(written) > TRUSTED_DIGITS) this.#long += 1
    // 1e+100 says "none" and is no range.
    if (Math.abs(value) >= 1e100) return
    this.#min = Math.min(this.#min, value)
    this.#max = Math.max(this.#max, value)
    if (Number.isInteger(value)) this.#integers += 1
    else this.#decimals = Math.max(this.#decimals, decimalsOf(written))
  }

  result(): NumberFacts | undefined {
    if (this.#count === 0) return undefined
    const [min, max] = [this.#min, this.#max]
    const time = timeUnit(min, max)
    return {
      count: this.#count,
      ...(min > max ? {} : { min, max }),
      integers: this.#integers,
      decimals: this.#decimals,
      long: this.#long,
      ...(time === undefined ? {} : { time }),
    }
  }
}

function decimalsOf(written: string): number {
  const [, fraction = ''] = written.split('.')
  return /^\d+$/.test(fraction) ? fraction.length : 0
}

/** 2001 to 2100, in each unit. */
function timeUnit(min: number, max: number): NumberFacts['time'] {
  const units = [
    ['s', 1],
    ['ms', 1e3],
    ['us', 1e6],
  ] as const
  return units.find(([, factor]) => min >= 1e9 * factor && max <= 4.1e9 * factor)?.[0]
}

/** What the strings at one path are like. Memory: at most MOST_WORDS words and MOST_FORMS forms. */
export class TextStats {
  #count = 0
  #shortest = Number.POSITIVE_INFINITY
  #longest = 0
  readonly #looks: Partial<Record<TextLook, number>> = {}
  #words: Map<string, Word> | undefined = new Map()
  #forms: Map<string, number> | undefined = new Map()

  add(text: string, stretches: Stretches): void {
    this.#count += 1
    this.#shortest = Math.min(this.#shortest, text.length)
    this.#longest = Math.max(this.#longest, text.length)
    const look = textLook(text)
    this.#looks[look] = (this.#looks[look] ?? 0) + 1
    if (look === 'word') this.#addWord(wordOf(text), stretches)
    else this.#words = undefined
    this.#forms = counted(this.#forms, textForm(text), MOST_FORMS)
  }

  result(stretches: Stretches): TextFacts | undefined {
    if (this.#count === 0) return undefined
    return {
      count: this.#count,
      shortest: this.#shortest,
      longest: this.#longest,
      looks: TEXT_LOOKS.flatMap(look => (this.#looks[look] === undefined ? [] : [look])),
      words: this.#wordCounts(stretches),
      forms: this.#forms === undefined ? undefined : valuesOf(this.#forms),
    }
  }

  #addWord(value: string, stretches: Stretches): void {
    let word = this.#words?.get(value)
    if (word === undefined) {
      if (this.#words === undefined || this.#words.size >= MOST_WORDS) {
        this.#words = undefined
        return
      }
      word = { count: 0, stretches: new StretchSum() }
      this.#words.set(value, word)
    }
    word.count += 1
    word.stretches.add(stretches)
  }

  #wordCounts(all: Stretches): readonly WordCount[] | undefined {
    if (this.#words === undefined) return undefined
    const counts = [...this.#words].map(([value, { count, stretches }]) => {
      return { value, count, hits: stretches.result(all) }
    })
    return counts.toSorted((a, b) => b.count - a.count)
  }
}

interface Word {
  count: number
  readonly stretches: StretchSum
}

/** `undefined` once there are too many to mean anything. */
function counted(
  counts: Map<string, number> | undefined,
  value: string,
  most: number,
): Map<string, number> | undefined {
  if (counts === undefined) return undefined
  const known = counts.get(value)
  if (known === undefined && counts.size >= most) return undefined
  return counts.set(value, (known ?? 0) + 1)
}

function valuesOf(counts: ReadonlyMap<string, number>): readonly ValueCount[] {
  return [...counts].map(([value, count]) => ({ value, count })).toSorted((a, b) => b.count - a.count)
}
