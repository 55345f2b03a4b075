import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { frameMessage } from '../../src/feeds/tradingview-socket/framing.ts'
import { type ImportReport, importHar } from '../../src/import/index.ts'
import { seededRandom } from '../../src/model/random.ts'
import type { Entry } from '../../src/tape/entry.ts'
import { TapeReader } from '../../src/tape/reader.ts'

/** Synthetic HARs, in the shapes of Chrome 143 and of Playwright's harTracer.ts. */
export const SOCKET_URL = 'wss://data.tradingview.com/socket.io/websocket?type=chart'
export const STARTED = '2026-01-05T14:30:00.000Z'
/** Epoch seconds of STARTED. */
export const START = 1_767_623_400

export interface MessageSketch {
  readonly type?: string
  readonly time: number
  readonly opcode?: number
  readonly data?: string
}

export function message({ type = 'receive', time, opcode = 1, data = beat(1) }: MessageSketch) {
  return { type, time, opcode, data }
}

export function beat(number: number): string {
  return frameMessage([`~h~${number}`])
}

export function header(name: string, value: string) {
  return { name, value }
}

type Overrides = Readonly<Record<string, unknown>>

export function socket(messages: readonly MessageSketch[] | undefined, over: Overrides = {}) {
  return {
    ...exchange({ url: SOCKET_URL }, { status: 101, statusText: 'Switching Protocols' }),
    _resourceType: 'websocket',
    ...(messages === undefined ? {} : { _webSocketMessages: messages.map(message) }),
    ...over,
  }
}

export function exchange(request: Overrides, response: Overrides = {}, over: Overrides = {}) {
  return {
    startedDateTime: STARTED,
    time: 250.5,
    request: { method: 'GET', url: 'https://www.tradingview.com/', headers: [], bodySize: 0, ...request },
    response: { status: 200, statusText: 'OK', headers: [], content: { size: 0 }, ...response },
    ...over,
  }
}

export function har(
  entries: readonly object[],
  creator: Overrides = { name: 'WebInspector', version: '537.36' },
) {
  return { log: { version: '1.2', creator, pages: [], entries } }
}

export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'feedtape-import-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  return folder
}

export interface Imported {
  readonly report: ImportReport
  readonly entries: readonly Entry[]
  readonly tape: TapeReader
}

/** Writes `content` as a HAR, imports it and reads the tape back. */
export async function imported(content: object | string, all = false, folder?: string): Promise<Imported> {
  const place = folder ?? (await temporaryFolder())
  const path = join(place, 'session.har')
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content))
  const output = join(place, 'session.tape.jsonl')
  const report = await importHar({ path, output, all, random: seededRandom(7), version: '0.0.0' })
  const tape = await TapeReader.open(output)
  const entries: Entry[] = []
  for await (const entry of tape) entries.push(entry)
  return { report, entries, tape }
}
