import { hash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { constants, gunzipSync } from 'node:zlib'
import { type Random, randomInteger } from '../../src/model/random.ts'
import { fromLine, partPath } from '../../src/tape/index.ts'
import { type KillVenue, sendBursts, startKillVenue } from './kill-venue.ts'
import { feedtape } from './processes.ts'
import { type WaitingLog, watchWaiting } from './waiting.ts'

export const KILL_KINDS = ['plain', 'gzip', 'parts', 'fsync', 'large'] as const
export type KillKind = (typeof KILL_KINDS)[number]

export interface KillResult {
  readonly kind: KillKind
  readonly sent: number
  readonly onTape: number
  /** How long before the kill the earliest frame was sent that is missing, in ms; 0 if none is. */
  readonly lossMs: number
  /** How much of that the recorder was ready to run and the system ran others. */
  readonly waitedMs: number
  /** What must not be, in words. */
  readonly wrong: readonly string[]
}

/** What was sent so long before the kill has to be on the tape, in ms. */
export const BOUND_MS = 150
export const LARGE_BOUND_MS = 1_000

/** One recorder, killed at some moment of a burst, and its tape held against what the server sent. */
export async function killOnce(kind: KillKind, random: Random, folder: string): Promise<KillResult> {
  const venue = await startKillVenue()
  const tape = join(folder, kind === 'gzip' ? 'a.tape.jsonl.gz' : 'a.tape.jsonl')
  const extra = { plain: [], gzip: [], large: [], fsync: ['--fsync'], parts: ['--rotate-size', '100kB'] }[
    kind
  ]
  const args = ['record', 'tradingview-socket', '--symbol', 'A:B', '--url', venue.url, '-o', tape, ...extra]
  const child = feedtape(args, folder)
  const waiting = watchWaiting(child.pid)
  const stopping = new AbortController()
  try {
    await Promise.race([
      venue.connected,
      child.ended.then(() => {
        throw new Error(`the recorder ended by itself:\n${child.said()}`)
      }),
    ])
    const sending = sendBursts(venue, random, kind === 'large', stopping.signal)
    const [least, most] = kind === 'large' ? [1_200, 2_500] : [20, 700]
    await new Promise(resolve => setTimeout(resolve, randomInteger(random, least, most)))
    waiting.stop()
    const killedAt = performance.now()
    await child.kill()
    stopping.abort()
    await venue.close()
    await sending
    return judge(kind, await framesOf(tape), venue, killedAt, waiting)
  } finally {
    stopping.abort()
    waiting.stop()
    await child.kill()
    await venue.close().catch(() => undefined)
  }
}

function judge(
  kind: KillKind,
  onTape: TapeFrames,
  { log }: KillVenue,
  killedAt: number,
  waiting: WaitingLog,
): KillResult {
  const bound = kind === 'large' ? LARGE_BOUND_MS : BOUND_MS
  const wrong = [...onTape.wrong]
  for (const [index, sha256] of onTape.hashes.entries()) {
    if (log[index]?.sha256 === sha256) continue
    wrong.push(`frame ${index} is not what was sent`)
    break
  }
  const missing = log.slice(onTape.hashes.length)
  const lossMs = Math.max(0, ...missing.map(({ at }) => killedAt - at))
  const waitedMs = lossMs === 0 ? 0 : waiting.since(killedAt - lossMs)
  // Received is what the recorder could read: a machine that runs others is not its loss.
  if (lossMs - waitedMs > bound) {
    wrong.push(
      `a frame of ${lossMs.toFixed(0)} ms before the kill is missing; ${waitedMs.toFixed(0)} ms it waited`,
    )
  }
  return { kind, sent: log.length, onTape: onTape.hashes.length, lossMs, waitedMs, wrong }
}

interface TapeFrames {
  readonly hashes: readonly string[]
  readonly wrong: readonly string[]
}

/** Every whole line has to be good and in its place; only the last one may be cut. */
async function framesOf(tape: string): Promise<TapeFrames> {
  const hashes: string[] = []
  const wrong: string[] = []
  let seq = 0
  for (let part = 1; ; part++) {
    const bytes = await readFile(partPath(tape, part)).catch(() => undefined)
    if (bytes === undefined) return { hashes, wrong }
    const lines = unpacked(tape, bytes)
    for (let from = 0, to = lines.indexOf(10); to !== -1; from = to + 1, to = lines.indexOf(10, from)) {
      const line = fromLine(lines.toString('utf8', from, to))
      if (line.kind === 'damage') wrong.push(`a damaged line in part ${part}: ${line.what}`)
      if (!('seq' in line)) continue
      seq += 1
      if (line.seq !== seq) wrong.push(`entry ${line.seq} where ${seq} is due`)
      if (line.kind === 'frame' && line.dir === 'in' && 'text' in line) hashes.push(hash('sha256', line.text))
    }
  }
}

function unpacked(path: string, bytes: Buffer): Buffer {
  if (!path.endsWith('.gz')) return bytes
  return gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH })
}
