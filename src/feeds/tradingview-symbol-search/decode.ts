import type { Decoder, DecoderOptions } from '../packet.ts'
import { createExchangeDecoder } from '../tradingview/exchange-decoder.ts'
import { type Finding, malformed } from '../tradingview/finding.ts'
import { readAnswer } from './read-answer.ts'
import { type ClientRequest, readRequest, type SearchForm } from './request.ts'

export function createDecoder({ keepWire = false }: DecoderOptions = {}): Decoder {
  return createExchangeDecoder<ClientRequest>({
    readRequest,
    findingOf,
    readAnswer: (answer, request) => readAnswer(answer, request?.kind === 'search', keepWire),
  })
}

const KIND: Readonly<Record<SearchForm, string>> = {
  v3: 'search',
  local: 'search (local)',
  legacy: 'search (legacy)',
}

function findingOf(request: ClientRequest, text: string): Finding {
  switch (request.kind) {
    case 'search':
      return { kind: KIND[request.form], disposition: 'request' }
    case 'malformed':
      return malformed(KIND[request.form], request.reason, text)
    case 'unknown':
      return { kind: '(request)', disposition: 'unknown', reason: request.reason }
    default:
      return request satisfies never
  }
}
