import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const LAUNCHER = fileURLToPath(new URL('../../bin/feedtape.js', import.meta.url))

export interface Child {
  readonly process: ChildProcess
  readonly pid: number
  /** All that it said so far. */
  readonly said: () => string
  says(pattern: RegExp): Promise<void>
  readonly ended: Promise<number | null>
  kill(): Promise<void>
}

/** `feedtape …` as its own process, under this very Node. */
export function feedtape(args: readonly string[], cwd: string): Child {
  return start(process.execPath, [LAUNCHER, ...args], cwd)
}

/** A process of ours; it dies with us. */
export function start(command: string, args: readonly string[], cwd: string): Child {
  const child = spawn(command, [...args], {
    cwd,
    env: { PATH: process.env['PATH'], HOME: cwd, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const die = (): void => {
    child.kill('SIGKILL')
  }
  process.once('exit', die)
  let said = ''
  const listeners = new Set<() => void>()
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text
      for (const listener of listeners) listener()
    })
  }
  const ended = once(child, 'close').then(([code]: (number | null)[]) => {
    process.off('exit', die)
    return code ?? null
  })
  return {
    process: child,
    pid: child.pid ?? 0,
    said: () => said,
    says: pattern =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (!pattern.test(said)) return
          listeners.delete(look)
          resolve()
        }
        listeners.add(look)
        look()
        void ended.then(code => reject(new Error(`ended (${code}) before it said ${pattern}:\n${said}`)))
      }),
    ended,
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
  }
}

export interface CpuTime {
  /** Of the thread that runs JavaScript, in ns. */
  readonly main: number
  /** Of all threads. */
  readonly all: number
}

/** Linux only: the scheduler's own account of a process, thread by thread. */
export function cpuTimeOf(pid: number): CpuTime {
  const tasks = readdirSync(`/proc/${pid}/task`)
  const times = tasks.map(task => {
    const [ran = '0'] = readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')
    return { isMain: task === String(pid), ran: Number(ran) }
  })
  return {
    main: times.find(({ isMain }) => isMain)?.ran ?? 0,
    all: times.reduce((sum, { ran }) => sum + ran, 0),
  }
}
