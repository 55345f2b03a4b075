import type { Entry, Response } from '../../../src/tape/entry.ts'
import type { Plant, Planted } from './plants.ts'
import type { Session } from './session.ts'

const LEAST_ANSWERS = 50
const PAGE = '<html><head><title>503 Service Unavailable</title></head><body>nginx</body></html>'

export const PLANTS_IN_ANSWERS: Readonly<Record<string, Plant>> = {
  'answers have another status': (session, _, random) =>
    changed(session, one => (random.next() < 0.2 ? { ...one, status: 203 } : one), {
      what: 'one in five under 203',
      isFound: ({ change, severity }) => change === 'status' && severity === 'warning',
    }),
  'answers have another content type': session =>
    changed(session, one => ({ ...one, headers: [['Content-Type', 'text/plain']] }), {
      what: 'all as text/plain',
      isFound: ({ change, severity }) => change === 'content type' && severity === 'warning',
    }),
  'answers are pages at times': (session, _, random) =>
    changed(session, one => (random.next() < 0.1 ? answer(one, 503, 'text/html', PAGE) : one), {
      what: 'one in ten a page under 503',
      isFound: ({ change, severity }) => change === 'kind new' && severity === 'warning',
    }),
  'a request is refused from now on': session => {
    const middle = (session.entries.at(-1)?.at ?? 0) / 2
    const words = '{"totalCount":0,"error":"Unknown field \\"close\\"","data":null}'
    const refuse = (one: Response): Response =>
      one.at > middle ? answer(one, 400, 'application/json', words) : one
    return changed(session, refuse, {
      what: 'the second half under 400',
      isFound: ({ change, severity }) => change === 'kind new' && severity === 'warning',
    })
  },
}

function answer(one: Response, status: number, type: string, text: string): Response {
  const { at, conn, exchange, kind, seq } = one
  return { kind, seq, at, conn, exchange, status, headers: [['Content-Type', type]], text }
}

/** `undefined` where answers are few: a stream has one. */
function changed(
  session: Session,
  change: (response: Response) => Response,
  planted: Omit<Planted, 'session'>,
): Planted | undefined {
  const answers = session.entries.filter(({ kind }) => kind === 'response').length
  if (session.feed.transport !== 'http' || answers < LEAST_ANSWERS) return undefined
  const entries = session.entries.map((one): Entry => (one.kind === 'response' ? change(one) : one))
  return { ...planted, session: { ...session, entries } }
}
