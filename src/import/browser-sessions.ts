import { z } from 'zod'
import { epochMicrosFromIso } from '../model/time.ts'
import type { Capture, CapturedConnection } from './capture.ts'

/** What a hook in a page writes of each of its sockets (Playwright, Puppeteer, a user script). */
const STAMPED = z.object({ type: z.string(), timestamp: z.string().nullish() })
const SESSION = z.object({
  url: z.string(),
  timestamp: z.string().nullish(),
  messages: z.array(STAMPED.extend({ data: z.string() })),
  events: z.array(STAMPED.extend({ code: z.int().nullish(), reason: z.string().nullish() })).nullish(),
})
type Session = z.infer<typeof SESSION>

const OUTGOING = /^(?:sent|send|out|outgoing)$/

/** `undefined`: no such file. */
export function browserSessions(parsed: unknown): Capture | undefined {
  const one = z.union([z.array(SESSION), SESSION.transform(session => [session])]).safeParse(parsed)
  if (!one.success || one.data.length === 0) return undefined
  return { format: 'browser sessions', connections: one.data.map(connectionOf), notes: [] }
}

function connectionOf({ url, timestamp, messages, events }: Session): CapturedConnection {
  const opened = events?.find(({ type }) => type === 'open')
  const closed = events?.findLast(({ type }) => type === 'close')
  const openedAt = timeOf(opened?.timestamp ?? timestamp)
  const closedAt = timeOf(closed?.timestamp)
  return {
    url,
    ...(openedAt === undefined ? {} : { openedAt }),
    messages: messages.map(({ type, data, timestamp: at }) => {
      const time = timeOf(at)
      return {
        body: { text: data },
        dir: OUTGOING.test(type) ? 'out' : 'in',
        ...(time === undefined ? {} : { time }),
      }
    }),
    ...(closed === undefined
      ? {}
      : {
          close: {
            ...(closedAt === undefined ? {} : { time: closedAt }),
            ...(typeof closed.code === 'number' ? { code: closed.code } : {}),
            ...(typeof closed.reason === 'string' ? { reason: closed.reason } : {}),
          },
        }),
  }
}

function timeOf(text: string | null | undefined): number | undefined {
  return typeof text === 'string' ? epochMicrosFromIso(text) : undefined
}
