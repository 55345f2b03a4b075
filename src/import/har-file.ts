import { readFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { z } from 'zod'
import { FeedtapeError, reasonOf } from '../model/errors.ts'
import type { TakenEntry } from './har-selection.ts'
import { type HarEntry, unfit, WEBSOCKET_MESSAGE } from './har-shape.ts'

/** A foreign capture that was read whole: its size is bounded by memory, and by V8's half a billion characters. */
export async function readCapture(path: string): Promise<string> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new FeedtapeError('file-missing', 'the capture cannot be read', {
      where: path,
      expected: 'a file that can be read',
      found: reasonOf(cause),
      next: 'check the path and its permissions',
      cause,
    })
  })
  // Playwright writes `.har.zip` when it is asked to attach bodies.
  if (bytes.subarray(0, 4).toString('latin1') === 'PK\u0003\u0004') {
    throw new FeedtapeError('bad-capture', 'this is a zip archive', {
      where: path,
      expected: 'the .har file in it',
      next: 'unpack it into a folder and import its har.har; the files beside it are read too',
    })
  }
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
    throw new FeedtapeError('bad-capture', 'this is packed with gzip', {
      where: path,
      expected: 'the capture in it; a tape is not imported, it is read as it is',
      next: 'unpack it: gunzip --keep',
    })
  }
  try {
    return bytes.toString()
  } catch (cause) {
    throw new FeedtapeError('bad-capture', 'the capture is too large', {
      where: path,
      expected: 'less than 512 MiB: a HAR has to be read whole',
      found: `${bytes.length} bytes`,
      next: 'export a shorter session, or record the feed with `feedtape record`',
      cause,
    })
  }
}

const ATTACHED_NAME = /^[0-9A-Za-z_-]+\.[0-9A-Za-z]+$/

export interface Attached {
  readonly taken: readonly TakenEntry[]
  /** How many bodies stand in files that are not there. */
  readonly missing: number
}

/** Brings in what Playwright (`content: 'attach'`) wrote into files beside the HAR. */
export async function readAttachments(taken: readonly TakenEntry[], harPath: string): Promise<Attached> {
  let missing = 0
  const read = async (name: string): Promise<Buffer | undefined> => {
    // The name is the capture's: it must not lead out of its folder.
    const bytes = ATTACHED_NAME.test(name)
      ? await readFile(join(dirname(harPath), basename(name))).catch(() => undefined)
      : undefined
    if (bytes === undefined) missing += 1
    return bytes
  }
  const complete: TakenEntry[] = []
  for (const one of taken) complete.push({ ...one, entry: await attach(one, read, harPath) })
  return { taken: complete, missing }
}

async function attach(
  { entry, isSocket, index }: TakenEntry,
  read: (name: string) => Promise<Buffer | undefined>,
  harPath: string,
): Promise<HarEntry> {
  const { request, response } = entry
  const posted = request.postData?._file ? await read(request.postData._file) : undefined
  const answered = response.content?._file ? await read(response.content._file) : undefined
  const whole: HarEntry = {
    ...entry,
    request: posted === undefined ? request : { ...request, postData: bodyOf(posted) },
  }
  if (answered === undefined) return whole
  if (!isSocket) return { ...whole, response: { ...response, content: bodyOf(answered) } }
  const where = `${harPath} log.entries[${index}].response.content._file`
  return { ...whole, _webSocketMessages: attachedMessages(answered, where) }
}

function bodyOf(bytes: Buffer) {
  return { text: bytes.toString('base64'), encoding: 'base64', size: bytes.length }
}

function attachedMessages(bytes: Buffer, where: string) {
  const lines = bytes.toString().split('\n').filter(Boolean)
  const result = z.array(WEBSOCKET_MESSAGE).safeParse(lines.map(parsedLine))
  if (result.success) return result.data
  throw unfit(result.error, where)
}

/** `undefined` for what is no JSON, which the shape then refuses with its place. */
function parsedLine(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
