import { readdirSync, readFileSync } from 'node:fs'

/** How long a process was ready to run and the system ran others: on a busy machine a delay that is not its own. */
export interface WaitingLog {
  /** Looks once more, and no more. */
  stop(): void
  /** ms since this `performance.now()`. */
  since(from: number): number
}

interface Sample {
  readonly at: number
  readonly waited: number
}

const PERIOD_MS = 10

/** Linux only (/proc); elsewhere nothing is ever known to wait. */
export function watchWaiting(pid: number): WaitingLog {
  const samples: Sample[] = []
  const delays = new Map<string, { readonly ran: number; readonly delay: number }>()
  let before = performance.now()
  const look = (): void => {
    const now = performance.now()
    samples.push({ at: now, waited: waitedSince(pid, delays, now - before) })
    before = now
  }
  const timer = setInterval(look, PERIOD_MS)
  return {
    stop() {
      clearInterval(timer)
      look()
    },
    since: from => samples.filter(({ at }) => at > from).reduce((sum, { waited }) => sum + waited, 0),
  }
}

/** Of the thread that waited longest. The scheduler books a wait at its end; until then it shows as no progress. */
function waitedSince(
  pid: number,
  known: Map<string, { readonly ran: number; readonly delay: number }>,
  elapsedMs: number,
): number {
  let longest = 0
  for (const task of tasksOf(pid)) {
    const place = `/proc/${pid}/task/${task}`
    const [ran = 0, delay = 0] = read(`${place}/schedstat`).split(' ').map(Number)
    const isReady = /^\d+ \(.*\) R /.test(read(`${place}/stat`))
    const last = known.get(task) ?? { ran, delay }
    known.set(task, { ran, delay })
    const stuck = isReady && ran - last.ran < 1e6 ? elapsedMs : 0
    longest = Math.max(longest, (delay - last.delay) / 1e6, stuck)
  }
  return Math.min(longest, elapsedMs)
}

function tasksOf(pid: number): readonly string[] {
  try {
    return readdirSync(`/proc/${pid}/task`)
  } catch {
    return []
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
