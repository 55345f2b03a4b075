import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const ROOT = resolve(import.meta.dirname, '..')
const BUILD = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`

/** A Node that is too old, as words before the script: a real one, or this one with another version and machine. */
interface OldNode {
  readonly name: string
  readonly words: readonly [string, ...string[]]
}

let home = ''

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'feedtape-launcher-'))
  await writeFile(
    join(home, 'old.cjs'),
    `const change = (key, value) => Object.defineProperty(process, key, { value })
change('versions', { ...process.versions, node: '20.20.2' })
if (process.env.FAKE_MACHINE) {
  const [platform, arch] = process.env.FAKE_MACHINE.split(' ')
  change('platform', platform)
  change('arch', arch)
}`,
  )
})
afterAll(async () => {
  await rm(home, { recursive: true, force: true })
})

const fake = (): OldNode => ({
  name: 'a Node that says it is 20',
  words: [process.execPath, '--require', join(home, 'old.cjs')],
})

/** The first on PATH that really is too old. */
function realOldNode(): string | undefined {
  const found = (process.env['PATH'] ?? '').split(delimiter).map(folder => join(folder, 'node'))
  return found.find(path => {
    const { stdout } = spawnSync(path, ['--version'], { encoding: 'utf8', timeout: 10_000 })
    return typeof stdout === 'string' && /^v(?:1[468]|2[0-3])\./.test(stdout)
  })
}

/** The launcher in a folder of its own; `main` is what a checkout's src/cli/main.ts would be. */
async function place(main: string | undefined, brought?: (path: string) => Promise<void>): Promise<string> {
  const folder = await mkdtemp(join(home, 'place-'))
  await mkdir(join(folder, 'bin'))
  await copyFile(join(ROOT, 'bin/feedtape.js'), join(folder, 'bin/feedtape.js'))
  await writeFile(join(folder, 'package.json'), '{"type":"module"}')
  if (main !== undefined) {
    await mkdir(join(folder, 'src/cli'), { recursive: true })
    await writeFile(join(folder, 'src/cli/main.ts'), main)
  }
  if (brought !== undefined) {
    await mkdir(join(folder, 'node_modules', BUILD, 'bin'), { recursive: true })
    await brought(join(folder, 'node_modules', BUILD, 'bin', 'node'))
  }
  return join(folder, 'bin/feedtape.js')
}

function run({ words: [program, ...before] }: OldNode, script: string, machine = '') {
  const env = { ...process.env, FAKE_MACHINE: machine }
  const { status, stdout, stderr } = spawnSync(program, [...before, script], {
    env,
    encoding: 'utf8',
    timeout: 20_000,
  })
  return { code: status, stdout, stderr }
}

const first = (machine: string) => `feedtape needs Node 24 or newer; this is Node 20.20.2 on ${machine}.\n`
const BY_HAND =
  "'npm ci' has none to bring for this machine. Install Node 24 from https://nodejs.org, then run 'npm ci'.\n"

describe('on a Node that is too old, with no other there', () => {
  it('a checkout on a Mac says which Node to install', async () => {
    const stderr = first('darwin arm64') + BY_HAND
    expect(run(fake(), await place(''), 'darwin arm64')).toEqual({ code: 2, stdout: '', stderr })
  })

  it('a checkout where npm has a Node says that npm ci brings it', async () => {
    const { code, stderr } = run(fake(), await place(''), 'linux x64')
    expect(code).toBe(2)
    expect(stderr).toMatch(
      /^feedtape needs Node 24 .* linux x64\.\nRun 'npm ci' in .*: it brings a Node 24 along\./,
    )
  })

  it('the package says which Node to install, and nothing of npm ci', async () => {
    const stderr = `${first('linux x64')}Install Node 24 from https://nodejs.org, then run this again.\n`
    expect(run(fake(), await place(undefined), 'linux x64')).toEqual({ code: 2, stdout: '', stderr })
  })

  it('npm test says so before its tools die of it', async () => {
    const script = join(ROOT, 'tools/preflight.cjs')
    const stderr = first('darwin x64') + BY_HAND
    expect(run(fake(), script, 'darwin x64')).toEqual({ code: 2, stdout: '', stderr })
    expect(run(fake(), script, 'linux arm64').stderr).toContain("Run 'npm ci --include=optional'")
    expect(run({ name: 'this', words: [process.execPath] }, script)).toEqual({
      code: 0,
      stdout: '',
      stderr: '',
    })
  })

  it.skipIf(realOldNode() === undefined)(
    'a real one from PATH says the same (skipped where there is none)',
    async () => {
      const real: OldNode = { name: 'real', words: [realOldNode() ?? ''] }
      for (const script of [await place(''), await place(undefined), join(ROOT, 'tools/preflight.cjs')]) {
        const { code, stdout, stderr } = run(real, script)
        expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
        expect(stderr).toMatch(
          /^feedtape needs Node 24 or newer; this is Node \d+\.\d+\.\d+ on .*\n.*nodejs\.org.*\n$/,
        )
      }
    },
  )
})

/** Says what it hears, and which it is; SIGTERM ends it with a code of its own. */
const LISTENER = `
let heard = 0
process.on('SIGINT', () => console.log('SIGINT', (heard += 1)))
process.on('SIGHUP', () => process.exit(console.log('SIGHUP') ?? 8))
process.on('SIGTERM', () => process.exit(console.log('SIGTERM', heard) ?? 7))
setTimeout(() => process.exit(9), 20_000)
console.log('ready', Number(process.versions.node.split('.')[0]) >= 24, process.env['FEEDTAPE_LAUNCHED'])
`

const linkToThis = (path: string) => symlink(process.execPath, path)

/** The launcher as the leader of a group, as a shell starts it. */
async function started(old: OldNode, main: string) {
  const [program, ...before] = old.words
  const script = await place(main, linkToThis)
  const child = spawn(program, [...before, script], { detached: true, stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(child, 'exit')
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const next = async (): Promise<string | undefined> => (await lines.next()).value
  // Never 0: a signal to group 0 goes to our own.
  if (child.pid === undefined) throw new Error('the launcher did not start')
  return { pid: child.pid, next, ended }
}

// On Windows there are no groups of processes and no signals to pass on.
describe.skipIf(process.platform === 'win32')('under an older Node with a newer one beside it', () => {
  const olds = (): OldNode[] => {
    const path = realOldNode()
    return path === undefined ? [fake()] : [fake(), { name: path, words: [path] }]
  }

  it.each([
    ['a Ctrl-C, which a terminal sends to the whole group', (pid: number) => process.kill(-pid, 'SIGINT')],
    ['a kill of the launcher alone', (pid: number) => process.kill(pid, 'SIGINT')],
  ])('%s reaches the program once, and its exit code comes back', async (_what, interrupt) => {
    for (const old of olds()) {
      const { pid, next, ended } = await started(old, LISTENER)
      expect(await next()).toBe('ready true undefined')
      for (let count = 1; count <= 10; count += 1) {
        interrupt(pid)
        expect(await next()).toBe(`SIGINT ${count}`)
      }
      process.kill(pid, 'SIGTERM')
      expect(await next()).toBe('SIGTERM 10')
      expect(await ended).toEqual([7, null])
    }
  })

  it('a program that dies of a signal takes the launcher along by the same one', async () => {
    for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
      const { ended } = await started(
        fake(),
        `process.kill(process.pid, '${signal}')\nsetTimeout(() => {}, 20_000)`,
      )
      expect(await ended).toEqual([null, signal])
    }
  })

  it('a launcher that is killed leaves no orphan: the program is hung up', async () => {
    const { pid, next, ended } = await started(fake(), LISTENER)
    expect(await next()).toBe('ready true undefined')
    process.kill(pid, 'SIGKILL')
    expect(await next()).toBe('SIGHUP')
    expect(await next()).toBeUndefined()
    expect(await ended).toEqual([null, 'SIGKILL'])
  })

  it('a program that is done does not wait for its launcher', async () => {
    const { next, ended } = await started(fake(), "console.log('done')")
    expect(await next()).toBe('done')
    expect(await ended).toEqual([0, null])
  })

  it('a newer Node that cannot be started is said plainly', async () => {
    const script = await place('', path => writeFile(path, 'no program'))
    const { code, stderr } = run(fake(), script)
    expect(code).toBe(2)
    expect(stderr).toMatch(/node cannot be started: .*EACCES/)
    expect(stderr).not.toMatch(/^\s+at /m)
  })
})
