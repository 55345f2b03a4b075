import type { MessageKind } from '../feed.ts'
import { NO_MAPPING } from './decode.ts'

const OURS =
  'synthetic: the venue of conversation.ts; another venue’s messages are called by their own shapes'

type Row = Pick<MessageKind, 'kind' | 'dir' | 'disposition' | 'sample'>

/** Nobody's wire is known here: what stands in this table is our own venue's, as `example.ts` maps it. */
const ROWS: readonly Row[] = [
  {
    kind: 'DATA',
    dir: 'in',
    disposition: 'read',
    sample:
      '{"type":"DATA","data":{"ticker":"ES1!","prices":{"bid":6723.00,"ask":6723.25,"last":6723.25},"time":1772463600123,"tick":{"size":0.25,"value":12.5}}}',
  },
  {
    kind: 'SNAPSHOT',
    dir: 'in',
    disposition: 'read',
    sample:
      '{"type":"SNAPSHOT","data":{"rows":[{"ticker":"ES1!","last":6723.25,"day":[6700,6750.5,6690.25]}]}}',
  },
  {
    kind: 'HELLO',
    dir: 'in',
    disposition: 'ignored',
    sample: '{"type":"HELLO","data":{"venue":"synthetic"}}',
  },
  { kind: 'PING', dir: 'in', disposition: 'ignored', sample: '{"type":"PING"}' },
  {
    kind: 'ERROR',
    dir: 'in',
    disposition: 'ignored',
    sample: '{"type":"ERROR","data":{"reason":"no such symbol: NO:PE"}}',
  },
  {
    kind: '{ask,bid,symbol}',
    dir: 'in',
    disposition: 'ignored',
    sample: '{"symbol":"ES1!","bid":6723,"ask":6723.25}',
  },
  { kind: 'SUBSCRIBE', dir: 'out', disposition: 'request', sample: '{"type":"SUBSCRIBE","symbol":"ES1!"}' },
]

export const KINDS: readonly MessageKind[] = ROWS.map(row => ({
  ...row,
  ...(row.disposition === 'ignored' ? { reason: NO_MAPPING } : {}),
  seen: OURS,
}))
