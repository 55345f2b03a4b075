import { z } from 'zod'
import { FeedtapeError, jsonText } from '../model/errors.ts'
import { epochMicrosFromIso } from '../model/time.ts'

/**
 * HAR 1.2 as Chrome and Playwright write it, cut down to what reaches a tape. Seen in Chrome 143 (the sample
 * capture) and in Playwright's harTracer.ts. Absent keys are told from empty ones; the rest is left alone.
 */
const HEADERS = z.array(z.object({ name: z.string(), value: z.string() }))

/** `error` is Chrome's own note about the socket, with opcode −1 and its words in `data`. */
export const WEBSOCKET_MESSAGE = z.object({
  type: z.enum(['send', 'receive', 'error']),
  time: z.number(),
  opcode: z.number(),
  data: z.string(),
})

/** One that does not fit keeps its words: a single odd message must not cost the capture. */
const MESSAGE = z.unknown().transform(raw => {
  const result = WEBSOCKET_MESSAGE.safeParse(raw)
  if (result.success) return result.data
  const time: unknown = typeof raw === 'object' && raw !== null && 'time' in raw ? raw.time : undefined
  const data = jsonText(raw)
  return { type: 'unreadable' as const, time: typeof time === 'number' ? time : -1, opcode: -1, data }
})

/** `_file`: Playwright with `content: 'attach'` puts the body into a file beside the HAR. */
const BODY = z.object({
  text: z.string().nullish(),
  encoding: z.string().nullish(),
  size: z.number().nullish(),
  _file: z.string().nullish(),
})

const ENTRY = z.object({
  startedDateTime: z
    .string()
    .refine(text => epochMicrosFromIso(text) !== undefined, { error: 'ISO 8601 with an offset' }),
  /** Milliseconds; −1 where it was not measured. */
  time: z.number().nullish(),
  request: z.object({
    method: z.string(),
    url: z.string(),
    headers: HEADERS,
    bodySize: z.number().nullish(),
    postData: BODY.nullish(),
  }),
  response: z.object({
    status: z.int().min(-1).max(999),
    statusText: z.string().nullish(),
    headers: HEADERS,
    content: BODY.nullish(),
    /** Chrome's and Playwright's words for an exchange that failed. */
    _error: z.string().nullish(),
    _failureText: z.string().nullish(),
  }),
  _resourceType: z.string().nullish(),
  _webSocketMessages: z.array(MESSAGE).nullish(),
})

const HAR = z.object({
  log: z.object({
    creator: z.object({ name: z.string(), version: z.string().nullish() }).nullish(),
    /** Each is held against its shape only when it is taken: other people's entries may be as odd as they like. */
    entries: z.array(z.unknown()),
  }),
})

/** What tells whose an entry is. */
const ADDRESSED = z.object({
  request: z.object({ url: z.string() }),
  _resourceType: z.unknown().optional(),
  _webSocketMessages: z.unknown().optional(),
})
export type AddressedEntry = z.infer<typeof ADDRESSED>

/** `undefined` for an entry without an address. */
export function addressedEntry(entry: unknown): AddressedEntry | undefined {
  return ADDRESSED.safeParse(entry).data
}

/** An entry that is taken, whole. Throws `bad-capture` with its place. */
export function wholeEntry(entry: unknown, index: number, where: string): HarEntry {
  const result = ENTRY.safeParse(entry)
  if (result.success) return result.data
  throw unfit(result.error, `${where} log.entries[${index}]`)
}

export type Har = z.infer<typeof HAR>
export type HarEntry = z.infer<typeof ENTRY>
export type HarMessage = z.infer<typeof MESSAGE>
export type HarBody = z.infer<typeof BODY>

const EXPECTED = 'a HAR 1.2: {"log":{"entries":[…]}}'
const EXPORT_AGAIN =
  'export it again: Chrome, Network, “Export HAR (with sensitive data)”; or Playwright’s recordHar'

/** Reads a HAR's text; `where` is for its errors. Throws `bad-capture`, never with anything of the capture in it. */
export function readHar(text: string, where: string): Har {
  const result = HAR.safeParse(parsedJson(text, where))
  if (result.success) return result.data
  throw unfit(result.error, where)
}

/** The first thing in `error` that does not fit, with its place in the HAR's own words. */
export function unfit(error: z.ZodError, where: string): FeedtapeError {
  const [issue] = error.issues
  const path = (issue?.path ?? []).reduce<string>(
    (place, key) => place + (typeof key === 'number' ? `[${key}]` : `.${String(key)}`),
    '',
  )
  const isForeign =
    !where.includes('log.entries') && (path === '' || path === '.log' || path === '.log.entries')
  return new FeedtapeError('bad-capture', isForeign ? 'this is not a HAR' : 'the HAR does not fit', {
    where:
      path === '' ? where : where.endsWith(']') ? `${where}${path}` : `${where} ${path.replace(/^\./, '')}`,
    expected: isForeign ? EXPECTED : (issue?.message ?? EXPECTED),
    next: isForeign ? 'name a .har file' : EXPORT_AGAIN,
  })
}

function parsedJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch (thrown) {
    // V8 quotes the text around the place, which may be a cookie: only the place is handed on.
    const place = thrown instanceof SyntaxError ? /position (\d+)/.exec(thrown.message)?.[1] : undefined
    throw new FeedtapeError('bad-capture', 'this is not JSON, or not all of it', {
      where,
      expected: EXPECTED,
      found:
        text.trim() === ''
          ? 'an empty file'
          : `${text.length} characters, readable up to ${place ?? 'the end, where more is due'}`,
      next: EXPORT_AGAIN,
    })
  }
}
