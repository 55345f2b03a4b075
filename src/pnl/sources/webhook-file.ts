import { parseKeepingNumbers } from '../../feeds/numbers.ts'
import { FeedtapeError, jsonText, reasonOf } from '../../model/errors.ts'
import { type EpochMicros, isoFromEpochMicros } from '../../model/time.ts'
import type { SignalWord } from './signal-word.ts'
import { type BodyReader, bodyReader } from './webhook-body.ts'
import type { SignalsMapping } from './webhook-mapping.ts'
import { textIn, timeIn } from './webhook-value.ts'
import { UNKNOWN, type WordReader, wordReader } from './webhook-word.ts'

export interface WebhookSignal {
  readonly at: EpochMicros
  readonly line: number
  readonly word: SignalWord
}

export interface WebhooksFile {
  readonly file: string
  /** In the order of time, then of lines. */
  readonly signals: readonly WebhookSignal[]
  /** Lines that say again what another has said, and that one's number. */
  readonly repeated: readonly { readonly line: number; readonly firstLine: number }[]
}

/**
 * Reads JSON Lines of webhook bodies: `{"at", "body"}`, or the body where the mapping says where its time stands.
 * `file` is for its errors. Blank lines are allowed. Throws `bad-positions`.
 */
export function readWebhooks(text: string, file: string, mapping: SignalsMapping): WebhooksFile {
  const reader = new WebhookReader(file, mapping)
  const lines = text.replace(/^\uFEFF/, '').split('\n')
  for (const [index, line] of lines.entries()) if (line.trim() !== '') reader.take(line.trim(), index + 1)
  const signals = [...reader.signals].sort((a, b) => a.at - b.at || a.line - b.line)
  return { file, signals, repeated: reader.repeated }
}

/** A signal after the end of the tape is a `bad-positions`: it would be silence. */
export function checkSignalsWithin({ file, signals }: WebhooksFile, end: EpochMicros): void {
  const late = signals.find(({ at }) => at > end)
  if (late === undefined) return
  throw new FeedtapeError('bad-positions', 'a signal is later than the end of the tape', {
    where: `${file}:${late.line}`,
    expected: `a time up to ${isoFromEpochMicros(end)}`,
    found: isoFromEpochMicros(late.at),
    next: 'remove the line, or name the tape on which it happened',
  })
}

class WebhookReader {
  readonly signals: WebhookSignal[] = []
  readonly repeated: { readonly line: number; readonly firstLine: number }[] = []
  readonly #file: string
  readonly #mapping: SignalsMapping
  readonly #bodies: BodyReader
  readonly #words: WordReader
  /** By id, or by the whole line where there is none; `said`: what is mapped of the body. */
  readonly #seen = new Map<string, { readonly said: string; readonly line: number }>()

  constructor(file: string, mapping: SignalsMapping) {
    this.#file = file
    this.#mapping = mapping
    this.#bodies = bodyReader(mapping)
    this.#words = wordReader(mapping, this.#bodies)
  }

  take(text: string, line: number): void {
    const where = `${this.#file}:${line}`
    const { body, at: stamped } = this.#unwrapped(text, where)
    const values = this.#bodies.read(body)
    const of = (field: 'at' | 'id') => {
      return { value: values?.values[field], where: `${where} ${this.#bodies.nameOf(field) ?? field}` }
    }
    const id = textIn(of('id'))
    // A delivery that is tried again is received later: the envelope's time is of the delivery, not of the signal.
    const said = id === undefined ? text : jsonText(values)
    const first = this.#seen.get(id ?? text)
    if (first !== undefined) {
      if (first.said !== said) throw otherContent(first.line, where)
      this.repeated.push({ line, firstLine: first.line })
      return
    }
    this.#seen.set(id ?? text, { said, line })
    const at = stamped ?? timeIn(of('at'), this.#mapping.timeUnit ?? 'iso')
    if (at === undefined) throw withoutTime(where, this.#mapping.at)
    this.signals.push({
      at,
      line,
      word: values === undefined ? UNKNOWN : this.#words.read(values, where),
    })
  }

  /** `{"at", "body"}` is an envelope of ours; anything else is the body. */
  #unwrapped(text: string, where: string): { readonly body: unknown; readonly at: EpochMicros | undefined } {
    const json = parsed(text, where)
    if (typeof json !== 'object' || json === null || !('body' in json) || !isEnvelope(json)) {
      return { body: json, at: undefined }
    }
    const at = 'at' in json ? timeIn({ value: json.at, where: `${where} at` }, 'iso') : undefined
    return { body: json.body, at }
  }
}

function isEnvelope(json: object): boolean {
  return Object.keys(json).every(key => key === 'at' || key === 'body')
}

function parsed(text: string, where: string): unknown {
  try {
    return parseKeepingNumbers(text)
  } catch (cause) {
    throw new FeedtapeError('bad-positions', 'the line is not JSON', {
      where,
      expected: 'one webhook a line: {"at":"…","body":…}, or its body',
      // Not the text: bodies carry passphrases.
      found: `no JSON${placeOf(cause)}`,
      next: 'correct the line; a text body is a string: {"at":"…","body":"…"}',
    })
  }
}

function placeOf(cause: unknown): string {
  const [, position] = /position (\d+)/.exec(reasonOf(cause)) ?? []
  return position === undefined ? '' : ` from character ${Number(position) + 1} on`
}

function withoutTime(where: string, path: string | undefined): FeedtapeError {
  return new FeedtapeError('bad-positions', 'a signal has no time', {
    where: path === undefined ? where : `${where} ${path}`,
    expected: '{"at":"2025-12-18T09:30:00-05:00","body":…}, or a time in the body where "signals.at" says',
    found: 'nothing',
    next: 'put the time of receipt beside the body, or "at" into the config’s "signals"',
  })
}

/** The id is not shown: the mapping may point at a passphrase. */
function otherContent(firstLine: number, where: string): FeedtapeError {
  return new FeedtapeError('bad-positions', 'a signal is given twice, differently', {
    where,
    expected: `what line ${firstLine} says under the same id`,
    found: 'something else',
    next: 'give each signal an id of its own, or remove the wrong line',
  })
}
