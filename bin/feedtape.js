#!/usr/bin/env node
// The launcher. JavaScript that any Node since 12.20 reads: under a Node that is new enough it starts
// src/cli/main.ts (a checkout) or dist/cli/main.js (the package); under an older one it looks for the Node that
// `npm ci` brings to a checkout, and starts itself again under that (docs/decisions/0012-the-package.md).
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import module from 'node:module'
import { constants } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const NEEDED = 24
const BROUGHT_TO = ['linux x64', 'linux arm64', 'win32 x64']
const LAUNCHED = 'FEEDTAPE_LAUNCHED'

const isWindows = process.platform === 'win32'
const machine = `${process.platform} ${process.arch}`
const launcher = fileURLToPath(import.meta.url)
const root = join(dirname(launcher), '..')
const source = join(root, 'src', 'cli', 'main.ts')
const isCheckout = existsSync(source)

if (Number(process.versions.node.split('.')[0]) >= NEEDED) {
  if (process.env[LAUNCHED] !== undefined) followLauncher()
  module.enableCompileCache()
  import(pathToFileURL(isCheckout ? source : join(root, 'dist', 'cli', 'main.js')).href)
} else {
  const build = `node-${isWindows ? 'win' : process.platform}-${process.arch}`
  const brought = join(root, 'node_modules', build, 'bin', isWindows ? 'node.exe' : 'node')
  if (existsSync(brought)) startUnder(brought)
  else refuse(advice())
}

function advice() {
  if (!isCheckout) return `Install Node ${NEEDED} from https://nodejs.org, then run this again.`
  return BROUGHT_TO.includes(machine)
    ? `Run 'npm ci' in ${root}: it brings a Node ${NEEDED} along. Or install Node ${NEEDED} from https://nodejs.org.`
    : `'npm ci' has none to bring for this machine. Install Node ${NEEDED} from https://nodejs.org, then run 'npm ci'.`
}

function refuse(next) {
  console.error(
    `feedtape needs Node ${NEEDED} or newer; this is Node ${process.versions.node} on ${machine}.`,
  )
  console.error(next)
  process.exit(2)
}

/**
 * Every signal reaches the child once. A terminal's Ctrl-C goes to the whole group of processes, a `kill` to one of
 * them, and nothing tells the two apart: so the child gets a group of its own, and all that it hears of comes
 * through here. On Windows the console itself tells both, and a `kill` asks nobody.
 */
function startUnder(brought) {
  const child = spawn(brought, [launcher].concat(process.argv.slice(2)), {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: Object.assign({}, process.env, { [LAUNCHED]: '1' }),
    detached: !isWindows,
  })
  const passed = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGWINCH', 'SIGCONT']
  if (isWindows) for (const signal of ['SIGINT', 'SIGBREAK', 'SIGHUP']) process.on(signal, () => {})
  else {
    for (const signal of passed) process.on(signal, () => child.kill(signal))
    // The system ignores a SIGTSTP (Ctrl-Z) in a group whose parent is in another session.
    process.on('SIGTSTP', () => {
      child.kill('SIGSTOP')
      process.kill(process.pid, 'SIGSTOP')
    })
  }
  child.on('error', error => refuse(`${brought} cannot be started: ${error.message}. ${advice()}`))
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code)
    // Whoever waits for us should see the signal that the child died of.
    process.exitCode = 128 + constants.signals[signal]
    process.removeAllListeners(signal)
    process.kill(process.pid, signal)
  })
}

/** In the child: a launcher that was killed can pass nothing on, and must not leave an orphan that records for ever. */
function followLauncher() {
  delete process.env[LAUNCHED]
  if (process.channel === undefined) return
  process.once('disconnect', () => process.kill(process.pid, 'SIGHUP'))
  process.channel.unref()
}
