import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { folder } from './scene.ts'

const LAUNCHER = fileURLToPath(new URL('../../bin/feedtape.js', import.meta.url))
const GUARD = new URL('../loopback-guard.mjs', import.meta.url).href

export interface Run {
  readonly process: ChildProcess
  readonly cwd: string
  readonly output: { stdout: string; stderr: string }
  readonly exit: Promise<number | null>
  says(pattern: RegExp): Promise<void>
}

/** The real program, still running; it can call this machine only. */
export async function feedtape(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  command = 'record',
  place?: string,
): Promise<Run> {
  const cwd = place ?? (await folder())
  const child = spawn(process.execPath, [LAUNCHER, command, ...args], {
    cwd,
    env: { PATH: process.env['PATH'], HOME: cwd, NO_COLOR: '1', NODE_OPTIONS: `--import=${GUARD}`, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  const output = { stdout: '', stderr: '' }
  const listeners = new Set<() => void>()
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text
      for (const listener of listeners) listener()
    })
  }
  const exit = once(child, 'close').then(([code]: (number | null)[]) => code ?? null)
  const says = (pattern: RegExp): Promise<void> =>
    new Promise(resolve => {
      const look = (): void => {
        if (!pattern.test(output.stderr)) return
        listeners.delete(look)
        resolve()
      }
      listeners.add(look)
      look()
    })
  return { process: child, cwd, output, exit, says }
}
