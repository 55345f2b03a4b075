import type { Observation } from '../../model/observation.ts'
import type { Entry, Request, Response } from '../../tape/entry.ts'
import type { Decoder, Sink } from '../packet.ts'
import { accountOf, type Finding, malformed } from './finding.ts'
import { bodyOf, strayFrame } from './http-body.ts'

/** How one wire of requests and whole answers reads them; `R` is what it makes of a request. */
export interface ExchangeReading<R> {
  /** `body` is `undefined` where the tape has not kept it. */
  readRequest(url: string, body: string | undefined): R
  findingOf(request: R, text: string): Finding
  readAnswer(answer: AnswerText, request: R | undefined): AnswerReading
}

export interface AnswerText {
  readonly status: number
  readonly text: string
}

export interface AnswerReading {
  /** The body's own, and behind it those of what did not come: they have no length. */
  readonly findings: readonly [Finding, ...Finding[]]
  readonly observations: readonly Observation[]
}

/** What a request asks for stays until its answer has come: it may say what the answer does not. */
export function createExchangeDecoder<R>(reading: ExchangeReading<R>): Decoder {
  const asked = new Map<number, R>()

  function decodeRequest(entry: Request, sink: Sink): void {
    const body = bodyOf(entry)
    const text = body.kind === 'text' ? body.text : ''
    const request = reading.readRequest(entry.url, 'text' in body ? text : undefined)
    asked.set(entry.exchange, request)
    const finding =
      body.kind === 'bytes' ? malformed('(request)', 'no text', '') : reading.findingOf(request, text)
    sink.packet(accountOf('out', 0, body.size, finding))
  }

  function decodeResponse(entry: Response, sink: Sink): void {
    const request = asked.get(entry.exchange)
    asked.delete(entry.exchange)
    const body = bodyOf(entry)
    if (body.kind === 'omitted') {
      sink.packet(accountOf('in', 0, 0, { kind: '(omitted)', disposition: 'ignored', reason: body.reason }))
      return
    }
    if (body.kind === 'bytes') {
      const finding = malformed('(answer)', 'no text: not UTF-8, or still packed', '')
      sink.packet(accountOf('in', 0, body.size, finding))
      return
    }
    const { findings, observations } = reading.readAnswer({ status: entry.status, text: body.text }, request)
    for (const observation of observations) sink.observe(observation, 0)
    for (const [index, finding] of findings.entries()) {
      sink.packet(accountOf('in', index, index === 0 ? body.size : 0, finding))
    }
  }

  return {
    decode(entry: Entry, sink: Sink): void {
      if (entry.kind === 'request') decodeRequest(entry, sink)
      else if (entry.kind === 'response') decodeResponse(entry, sink)
      else if (entry.kind === 'frame') {
        sink.packet(strayFrame(entry, 'a frame: this wire has whole answers only'))
      }
    },
  }
}
