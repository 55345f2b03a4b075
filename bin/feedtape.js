#!/usr/bin/env node
// The launcher. Plain old JavaScript that any Node can read: it finds a Node that is new enough and starts
// src/cli/main.ts (a checkout) or dist/cli/main.js (the package) under it.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const NEEDED = 24
const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const source = join(root, 'src', 'cli', 'main.ts')
const main = existsSync(source) ? source : join(root, 'dist', 'cli', 'main.js')

if (Number(process.versions.node.split('.')[0]) >= NEEDED) {
  const { enableCompileCache } = await import('node:module')
  enableCompileCache()
  await import(pathToFileURL(main).href)
} else {
  const platform = process.platform === 'win32' ? 'win' : process.platform
  const brought = join(
    root,
    'node_modules',
    `node-${platform}-${process.arch}`,
    'bin',
    platform === 'win' ? 'node.exe' : 'node',
  )
  if (!existsSync(brought)) {
    console.error(
      `feedtape needs Node ${NEEDED} or newer; this is Node ${process.versions.node} on ${process.platform} ${process.arch}.\n` +
        `In a checkout, 'npm ci' brings a Node ${NEEDED} where there is a build of it (Linux, Windows). ` +
        `Elsewhere install Node ${NEEDED} from https://nodejs.org, then run this again.`,
    )
    process.exit(2)
  }
  const child = spawn(brought, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: 'inherit',
  })
  // A terminal sends Ctrl-C to both; a `kill` reaches only this process and is passed on.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal)
    })
  }
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1)
    process.removeAllListeners(signal)
    process.kill(process.pid, signal)
  })
}
