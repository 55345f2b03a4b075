import type { Decoder, DecoderOptions } from '../packet.ts'
import { createExchangeDecoder } from '../tradingview/exchange-decoder.ts'
import { type Finding, malformed } from '../tradingview/finding.ts'
import { readAnswer } from './read-answer.ts'
import { LineStream } from './read-stream.ts'
import { type ClientRequest, readRequest } from './request.ts'

/** Whole answers, and the lines of a body that streams: of those only an unfinished one stays between entries. */
export function createDecoder({ keepWire = false }: DecoderOptions = {}): Decoder {
  const lines = new LineStream(keepWire)
  const exchanges = createExchangeDecoder<ClientRequest>({
    readRequest,
    findingOf,
    readAnswer: (answer, request) => readAnswer(answer, request, keepWire),
  })
  return {
    decode(entry, sink) {
      if (entry.kind === 'frame' && entry.op === 'chunk' && entry.dir === 'in') {
        lines.take(entry, sink)
        return
      }
      if (entry.kind === 'request') lines.reset()
      exchanges.decode(entry, sink)
    },
  }
}

function findingOf(request: ClientRequest, text: string): Finding {
  switch (request.kind) {
    case 'symbol_info':
    case 'history':
    case 'streaming':
    case 'quotes':
      return { kind: request.kind, disposition: 'request' }
    case 'malformed':
      return malformed(request.form, request.reason, text)
    case 'unknown':
      return { kind: '(request)', disposition: 'unknown', reason: request.reason }
    default:
      return request satisfies never
  }
}
