import { excerpt } from '../model/errors.ts'
import type { ConnectionEnd } from './connection.ts'

/** Reasons are foreign words: they are shown quoted, on one line. */
export function endText(end: ConnectionEnd): string {
  if (end.kind === 'failed') return end.reason
  const code = end.code === undefined ? '' : ` ${end.code}`
  const reason = end.reason === '' ? '' : ` ${excerpt(end.reason)}`
  const fault = end.fault === undefined ? '' : `: ${end.fault}`
  const who = { us: 'we closed', them: 'the venue closed', unknown: 'the connection broke' }[end.by]
  return `${who}${code}${reason}${fault}`
}
