import type { DepthLevel, DepthObservation } from '../../model/observation.ts'
import { isRecord } from '../tradovate/reply.ts'
import { timeFromWire } from '../tradovate/time.ts'
import { decimalAt, idText, listAt, type Notes } from './wire-reading.ts'

/** `{"contractId":123456,"timestamp":"…","bids":[{"price":2335.25,"size":33.54}],"offers":[…]}`: whole, best first. */
export function readDepth(value: unknown, notes: Notes): DepthObservation | undefined {
  if (!isRecord(value)) return problem(notes, 'a dom is no object')
  const name = idText(value['contractId'], notes)
  if (name === undefined) return problem(notes, 'dom.contractId is no id')
  const { timestamp } = value
  const time = timeFromWire(timestamp)
  if (time === undefined && timestamp !== undefined && timestamp !== null)
    problem(notes, 'dom.timestamp is no time')
  const before = notes.problems.length
  const bids = levelsAt(value, 'bids', notes)
  const asks = levelsAt(value, 'offers', notes)
  // Half a book would be taken for the whole.
  if (notes.problems.length > before) return undefined
  return { kind: 'depth', session: '', name, ...(time === undefined ? {} : { time }), bids, asks }
}

function levelsAt(dom: Readonly<Record<string, unknown>>, key: string, notes: Notes): readonly DepthLevel[] {
  return listAt(dom, key, notes).flatMap(level => {
    if (!isRecord(level)) return problem(notes, `a level of ${key} is no object`) ?? []
    const price = decimalAt(level, 'price', notes, key)
    const size = decimalAt(level, 'size', notes, key)
    if (price && size) return [{ price, size }]
    return problem(notes, `a level of ${key} has no price or no size`) ?? []
  })
}

function problem(notes: Notes, text: string): undefined {
  notes.problems.push(text)
  return undefined
}
