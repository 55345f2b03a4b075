import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join, resolve, sep } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { COMMANDS } from '../src/cli/commands.ts'
import * as source from '../src/index.ts'

const ROOT = resolve(import.meta.dirname, '..')
const MODULES = join(ROOT, 'node_modules')
const CASE = 'tradingview-socket/quote-partial'

/** Somebody else's project: the packed feedtape in its node_modules, and what that needs beside it. No network. */
let home = ''
let packed = ''
let tarball = ''

interface Ran {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

function run(program: string, args: readonly string[], cwd = home): Promise<Ran> {
  const path = dirname(process.execPath) + delimiter + process.env['PATH']
  const env = { ...process.env, PATH: path, npm_config_offline: 'true' }
  return new Promise(done => {
    execFile(program, args, { cwd, env, encoding: 'utf8', timeout: 60_000 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1
      done({ code, stdout, stderr })
    })
  })
}

const node = (...args: readonly string[]): Promise<Ran> => run(process.execPath, args)
const feedtape = (...args: readonly string[]): Promise<Ran> =>
  node('node_modules/feedtape/bin/feedtape.js', ...args)

/** npm itself, without a shell: where an npm runs us it says where it is. */
function npm(...args: readonly string[]): Promise<Ran> {
  const cli = process.env['npm_execpath']
  return cli?.endsWith('npm-cli.js') === true
    ? run(process.execPath, [cli, ...args], ROOT)
    : run('npm', args, ROOT)
}

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'feedtape-package-'))
  packed = join(home, 'node_modules', 'feedtape')
  await mkdir(packed, { recursive: true })
  const { code, stdout, stderr } = await npm('pack', '--pack-destination', home)
  if (code !== 0) throw new Error(`npm pack ended with ${code}\n${stdout}${stderr}`)
  tarball = join(home, (await readdir(home)).find(name => name.endsWith('.tgz')) ?? '')
  await run('tar', ['-xzf', tarball, '-C', packed, '--strip-components', '1'])
  // Of types only Node's: the README asks for no others.
  await mkdir(join(home, 'node_modules', '@types'), { recursive: true })
  for (const name of ['commander', 'ws', 'zod', 'vitest', '@types/node']) {
    await symlink(join(MODULES, name), join(home, 'node_modules', name), 'junction')
  }
  await writeFile(join(home, 'package.json'), '{"name":"consumer","private":true,"type":"module"}')
  for (const file of ['tape.jsonl', 'quotes.jsonl']) {
    await cp(join(ROOT, 'fixtures', `${CASE}.${file}`), join(home, 'fixtures', `${CASE}.${file}`))
  }
}, 120_000)

afterAll(async () => {
  await rm(home, { recursive: true, force: true })
})

async function filesOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter(entry => entry.isFile())
    .map(entry =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .split(sep)
        .join('/'),
    )
    .sort()
}

describe('the package holds', () => {
  it('the launcher, the library and what a reader needs: nothing else', async () => {
    const files = await filesOf(packed)
    expect(files.filter(file => !file.startsWith('dist/'))).toEqual([
      'CHANGELOG.md',
      'README.md',
      'bin/feedtape.js',
      'docs/PARSERS.md',
      'docs/PUBLISH.md',
      'docs/TAPE_FORMAT.md',
      'docs/config.schema.json',
      'docs/examples/parser.py',
      'docs/examples/parser.ts',
      'package.json',
    ])
  })

  it('each source file as JavaScript, and types: no source, no file of an earlier build', async () => {
    const files = (await filesOf(packed)).filter(file => file.startsWith('dist/'))
    const sources = (await filesOf(join(ROOT, 'src'))).filter(file => file.endsWith('.ts'))
    const built = (end: string) => sources.map(file => `dist/${file.replace(/\.ts$/, end)}`)
    const types = built('.d.ts').filter(file => !file.startsWith('dist/cli/'))
    expect(files).toEqual([...built('.js'), ...types].sort())
  })

  it('text, packed into less than 1 MB, without a path of the machine that packed it', async () => {
    for (const file of await filesOf(packed)) {
      const text = await readFile(join(packed, file), 'utf8')
      expect({ file, isText: !/[\0\uFFFD]/.test(text) }).toEqual({ file, isText: true })
      expect({ file, names: text.includes(ROOT) }).toEqual({ file, names: false })
    }
    expect((await stat(tarball)).size).toBeLessThan(1_000_000)
  })

  it('a manifest that wants three libraries, Node 24 and, if one likes, vitest', async () => {
    const { dependencies, peerDependencies, peerDependenciesMeta, engines, optionalDependencies, exports } =
      JSON.parse(await readFile(join(packed, 'package.json'), 'utf8'))
    expect(Object.keys(dependencies)).toEqual(['commander', 'ws', 'zod'])
    expect(Object.keys(peerDependencies)).toEqual(['vitest'])
    expect(peerDependenciesMeta).toEqual({ vitest: { optional: true } })
    expect(engines).toEqual({ node: '>=24' })
    expect(optionalDependencies).toBeUndefined()
    const files = await filesOf(packed)
    for (const conditions of Object.values<Record<string, string>>(exports)) {
      expect(Object.keys(conditions)).toEqual(['types', 'default'])
      for (const path of Object.values(conditions)) expect(files).toContain(path.slice(2))
    }
  })
})

describe('the installed program', () => {
  it('says which version it is, from the package itself', async () => {
    const { version } = JSON.parse(await readFile(join(packed, 'package.json'), 'utf8'))
    expect(await feedtape('--version')).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' })
  })

  // On Windows npm writes a .cmd file there instead of a link.
  it.skipIf(process.platform === 'win32')(
    'answers through the link that npm makes, as npx calls it',
    async () => {
      await mkdir(join(home, 'node_modules', '.bin'))
      await symlink('../feedtape/bin/feedtape.js', join(home, 'node_modules', '.bin', 'feedtape'))
      const { code, stdout, stderr } = await run(join(home, 'node_modules', '.bin', 'feedtape'), ['--help'])
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      const listed = [...stdout.matchAll(/^ {2}([a-z]+) {2,}\S/gm)].map(([, name]) => name)
      expect(listed).toEqual([...COMMANDS.map(({ name }) => name), 'help'])
    },
  )

  it('verifies golden twins of the consumer’s own, and sees a difference', async () => {
    expect(await feedtape('verify', 'fixtures')).toMatchObject({ code: 0, stderr: '' })
    expect(await feedtape('verify', 'fixtures', '--jobs', '2')).toMatchObject({ code: 0, stderr: '' })
    await cp(join(home, 'fixtures'), join(home, 'changed'), { recursive: true })
    const twin = join(home, 'changed', `${CASE}.quotes.jsonl`)
    await writeFile(twin, (await readFile(twin, 'utf8')).replace('25650.25', '25650.5'))
    expect(await feedtape('verify', 'changed')).toMatchObject({ code: 1, stderr: '' })
  })

  it('loads one command and its libraries when it is called, and for --help none', async () => {
    await writeFile(join(home, 'loaded.mjs'), LOADED)
    const loaded = async (...args: readonly string[]) => {
      const { stderr } = await node(
        '--import',
        './loaded.mjs',
        'node_modules/feedtape/bin/feedtape.js',
        ...args,
      )
      const files: string[] = JSON.parse(stderr)
      const commands = COMMANDS.map(({ name }) => name).filter(name =>
        files.some(file => file.endsWith(`/dist/cli/${name}.js`)),
      )
      const names = files.flatMap(file => /.*\/node_modules\/([^/]+)\//.exec(file)?.[1] ?? [])
      return { commands, libraries: [...new Set(names)].filter(name => name !== 'feedtape').sort() }
    }
    expect(await loaded('--help')).toEqual({ commands: [], libraries: ['commander'] })
    expect(await loaded('record', '--help')).toEqual({
      commands: ['record'],
      libraries: ['commander', 'ws', 'zod'],
    })
    expect(await loaded('help', 'replay')).toEqual({ commands: ['replay'], libraries: ['commander', 'zod'] })
  })
})

/** Each file that is loaded, as a JSON array on stderr. */
const LOADED = `import { registerHooks } from 'node:module'
const files = []
registerHooks({
  load(url, context, next) {
    if (url.startsWith('file:')) files.push(url)
    return next(url, context)
  },
})
process.on('exit', () => console.error(JSON.stringify(files)))
`

describe('the installed library', () => {
  it('exports what the source exports', async () => {
    const script = "console.log(JSON.stringify(Object.keys(await import('feedtape'))))"
    const { stdout } = await node('--input-type=module', '--eval', script)
    const names: string[] = JSON.parse(stdout)
    expect(names.sort()).toEqual(Object.keys(source).sort())
    expect(names).toEqual(
      expect.arrayContaining(['TapeReader', 'recordSession', 'replayPnl', 'verifyFolder']),
    )
  })

  it('keeps its rooms to itself', async () => {
    const { code, stderr } = await node(
      '--input-type=module',
      '--eval',
      "await import('feedtape/dist/cli/main.js')",
    )
    expect(code).toBe(1)
    expect(stderr).toContain('ERR_PACKAGE_PATH_NOT_EXPORTED')
  })

  it('has types that a strict compiler accepts, declarations included, and that refuse a mistake', async () => {
    await writeFile(join(home, 'consumer.ts'), CONSUMER)
    const tsc = (...options: readonly string[]) => node(join(MODULES, 'typescript/bin/tsc'), ...options)
    const strict = ['consumer.ts', '--noEmit', '--strict', '--target', 'es2024', '--types', 'node']
    const fine = { code: 0, stdout: '', stderr: '' }
    expect(await tsc(...strict, '--module', 'nodenext')).toEqual(fine)
    const bundler = ['--module', 'esnext', '--moduleResolution', 'bundler', '--skipLibCheck']
    expect(await tsc(...strict, ...bundler)).toEqual(fine)
  }, 60_000)

  it('makes tests of golden twins in two lines of a vitest file', async () => {
    const lines = "import { goldenTwins } from 'feedtape/vitest'\nawait goldenTwins('fixtures')\n"
    await writeFile(join(home, 'golden.test.ts'), lines)
    const { code, stdout } = await node(join(MODULES, 'vitest/vitest.mjs'), 'run', '--reporter=tap-flat')
    expect(stdout).toContain(CASE)
    expect(code).toBe(0)
  })

  it('values fills and quotes that a test feeds by hand, as the README shows it', async () => {
    const readme = await readFile(join(ROOT, 'README.md'), 'utf8')
    const [, shown = ''] = /```ts\n(import \{ createPnl \}[^`]*)```/.exec(readme) ?? []
    await writeFile(join(home, 'hand-fed.test.ts'), shown)
    const ran = await node(join(MODULES, 'vitest/vitest.mjs'), 'run', 'hand-fed', '--reporter=tap-flat')
    expect(ran).toMatchObject({ code: 0, stdout: expect.stringMatching(/^ok 1 .*one NQ, 50 points up/m) })
    const tsc = [
      join(MODULES, 'typescript/bin/tsc'),
      'hand-fed.test.ts',
      '--noEmit',
      '--strict',
      '--skipLibCheck',
    ]
    expect(await node(...tsc, '--target', 'es2024', '--types', 'node', '--module', 'nodenext')).toMatchObject(
      {
        code: 0,
      },
    )
  }, 60_000)
})

const CONSUMER = `import { FeedtapeError, type Observation, QuoteBook, TapeReader, verifyFolder } from 'feedtape'
import { goldenTwins } from 'feedtape/vitest'

export const twins: (folder: string) => Promise<void> = goldenTwins

export async function read(): Promise<readonly Observation[]> {
  const tape = await TapeReader.open('a.tape.jsonl')
  const sealed: boolean = tape.isWhole
  await tape.close()
  // @ts-expect-error: a folder is text
  const { isEqual } = await verifyFolder(7)
  if (!isEqual || !sealed || new QuoteBook().quotes().length > 0) {
    throw new FeedtapeError('usage', 'what', { where: 'here' })
  }
  return []
}
`
