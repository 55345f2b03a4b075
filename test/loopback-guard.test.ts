import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const GUARD = fileURLToPath(new URL('./loopback-guard.mjs', import.meta.url))

// 192.0.2.0/24 and .invalid lead nowhere (RFC 5737, RFC 2606).
test.each([
  "require('node:net').connect(80, '192.0.2.1').on('error', () => {})",
  "require('node:https').get('https://venue.invalid/').on('error', () => {})",
  "fetch('http://192.0.2.1/').catch(() => {})",
])('a call to another machine ends the program: %s', code => {
  const { status, stderr } = spawnSync(process.execPath, ['--import', GUARD, '-e', code], {
    encoding: 'utf8',
  })
  expect(stderr).toMatch(/a test called .*: only this machine may be called/)
  expect(status).not.toBe(0)
})

test('a call to this machine is none of its business', () => {
  const code = "require('node:net').connect(9, '127.0.0.1').on('error', () => {})"
  expect(spawnSync(process.execPath, ['--import', GUARD, '-e', code]).status).toBe(0)
})
