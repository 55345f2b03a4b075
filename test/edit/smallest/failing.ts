import { type FSWatcher, mkdtempSync, rmSync, watch } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { afterAll } from 'vitest'
import { type SmallestOptions, type SmallestReport, smallestTape } from '../../../src/edit/smallest/index.ts'
import { frameMessage } from '../../../src/feeds/tradingview-socket/framing.ts'
import { systemClock } from '../../../src/model/clock.ts'
import { systemTimers } from '../../../src/model/timers.ts'
import { type Entry, type EntryDraft, TapeReader, TapeWriter } from '../../../src/tape/index.ts'
import { HEADER } from '../../tape/tapes.ts'

/** A folder for the tapes and scripts of one file of tests. */
export function workshop() {
  const folder = mkdtempSync(join(tmpdir(), 'feedtape-failing-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  let files = 0
  const next = (name: string): string => {
    files += 1
    return join(folder, `${files}-${name}`)
  }
  return {
    folder,
    next,
    async tapeOf(drafts: readonly EntryDraft[], endsAt = (drafts.at(-1)?.at ?? 0) + 1): Promise<string> {
      const path = next('session.tape.jsonl')
      const header = { ...HEADER, feeds: ['tradingview-socket'], synthetic: true } as const
      const writer = await TapeWriter.create(path, header)
      for (const draft of drafts) writer.append(draft)
      await writer.seal(endsAt)
      return path
    },
    /** A check of a tape in the shell's language; `$1` is its path. */
    async script(text: string): Promise<string> {
      const path = next('check.sh')
      await writeFile(path, text)
      return `sh '${path}' {}`
    },
  }
}

export type Asked = Partial<Omit<SmallestOptions, 'check'>> & Partial<SmallestOptions['check']>

/** As the command line would ask for it. */
export async function search(path: string, command: string, asked: Asked = {}) {
  const { saying, timeout = 60_000_000, timers = systemTimers, ...options } = asked
  const output = `${path}.smallest.tape.jsonl`
  const check = { command, timeout, timers, ...(saying === undefined ? {} : { saying }) }
  const report = await smallestTape(path, {
    output,
    check,
    isAnyFailure: false,
    maxRuns: 500,
    jobs: 1,
    keepSecrets: false,
    clock: systemClock,
    stop: new AbortController().signal,
    leave: new AbortController().signal,
    ...options,
  })
  return { output, report: found(report) }
}

function found(report: SmallestReport | undefined): SmallestReport {
  if (report === undefined) throw new Error('the search was left')
  return report
}

export async function entriesOf(path: string): Promise<Entry[]> {
  const entries: Entry[] = []
  for await (const entry of await TapeReader.open(path)) entries.push(entry)
  return entries
}

export const numbersOf = async (path: string): Promise<number[]> =>
  (await entriesOf(path)).map(({ seq }) => seq)

/** Calls back each time that a script touches the file. */
export function whenTouched(path: string, then: () => void): FSWatcher {
  return watch(dirname(path), (_, name) => {
    if (name === basename(path)) then()
  })
}

/** Fails with 7 if all of these entries are there. */
export function failsWith(...seqs: readonly number[]): string {
  return `${seqs.map(seq => `grep -q '"seq":${seq},' "$1"`).join(' && ')} && exit 7\nexit 0\n`
}

const url = 'wss://data.tradingview.com/socket.io/websocket'
export const opened: EntryDraft = { kind: 'open', at: 0, conn: 1, feed: 'tradingview-socket', url }

export const frame = (at: number, packet: object, dir: 'in' | 'out' = 'in'): EntryDraft => ({
  kind: 'frame',
  at,
  conn: 1,
  dir,
  op: 'text',
  text: frameMessage([JSON.stringify(packet)]),
})

export const qsd = (n: string, v: object): object => ({ m: 'qsd', p: ['qs_a', { n, s: 'ok', v }] })

/** One connection, a frame every 10 µs from entry 2 on. */
export const quotes = (count: number): EntryDraft[] => [
  opened,
  ...Array.from({ length: count }, (_, index) => frame((index + 1) * 10, qsd('NSE:A', { lp: index + 1 }))),
]
