import type { Decoder, DecoderOptions } from '../packet.ts'
import { createExchangeDecoder } from '../tradingview/exchange-decoder.ts'
import { type Finding, malformed } from '../tradingview/finding.ts'
import { readAnswer } from './read-answer.ts'
import { type ClientRequest, readRequest } from './request.ts'

/** What a scan asks for is needed to read its answer: the columns stand nowhere else. */
export function createDecoder({ keepWire = false }: DecoderOptions = {}): Decoder {
  return createExchangeDecoder<ClientRequest>({
    readRequest,
    findingOf,
    readAnswer: (answer, request) => readAnswer(answer, request, keepWire),
  })
}

function findingOf(request: ClientRequest, text: string): Finding {
  switch (request.kind) {
    case 'scan':
    case 'scan2':
    case 'symbol':
      return { kind: request.kind, disposition: 'request' }
    case 'malformed':
      return malformed(request.form, request.reason, text)
    case 'unknown':
      return { kind: '(request)', disposition: 'unknown', reason: request.reason }
    default:
      return request satisfies never
  }
}
