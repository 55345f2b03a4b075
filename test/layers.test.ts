import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { describe, expect, it } from 'vitest'

/** The house of docs/ARCHITECTURE.md: a file imports its own folder and floors strictly below. */
const FLOORS: Readonly<Record<string, number>> = {
  model: 0,
  instruments: 1,
  tape: 1,
  feeds: 2,
  record: 3,
  import: 3,
  normalize: 3,
  replay: 4,
  edit: 4,
  pnl: 5,
  diff: 5,
  inspect: 5,
  synth: 5,
  report: 6,
  verify: 6,
  serve: 7,
  live: 7,
  cli: 8,
}

/** What may be met through a door only, and the one file that each door is. */
const DOORS: readonly { readonly pattern: RegExp; readonly file: string; readonly instead: string }[] = [
  {
    pattern: /\bDate\.now\(|\bnew Date\(\)|\bperformance\.now\(|\bhrtime\b/,
    file: 'model/clock.ts',
    instead: 'a Clock',
  },
  {
    pattern: /\bset(?:Timeout|Interval|Immediate)\(|node:timers|\bAtomics\.wait/,
    file: 'model/timers.ts',
    instead: 'Timers',
  },
  {
    pattern: /\bMath\.random\(|\bgetRandomValues\(|\brandomUUID\(/,
    file: 'model/random.ts',
    instead: 'a Random',
  },
]

/** Bytes that must not be guessable come from the machine itself, not through the seeded door. */
const SECRET_RANDOMNESS = ['tape/redact.ts', 'tape/stand-in.ts']

const BANNED_NAMES = /(?:^|\/)(?:utils?|helpers?|common|shared|misc|core|lib)(?:\.ts|\/)/

interface SourceFile {
  /** Path below src with `/`. */
  readonly path: string
  readonly text: string
}

function violationsOf(files: readonly SourceFile[]): string[] {
  return files.flatMap(file => [...importViolations(file), ...doorViolations(file), ...nameViolations(file)])
}

function importViolations({ path, text }: SourceFile): string[] {
  const room = path.split('/')[0] ?? ''
  const found: string[] = []
  for (const [, specifier = ''] of text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)) {
    if (!specifier.startsWith('.')) {
      if (room === 'model') found.push(`${path} imports ${specifier}: model/ imports nothing`)
      continue
    }
    const target = join(dirname(path), specifier).split(sep).join('/')
    const targetRoom = target.split('/')[0] ?? ''
    if (path === 'index.ts') continue
    if (room === 'feeds' && targetRoom === 'feeds') {
      const [, feed] = path.split('/')
      const [, other] = target.split('/')
      const bothInFolders = path.split('/').length > 2 && target.split('/').length > 2
      // What several wires of one venue share is a folder of its own: tradovate-user-data may know tradovate/.
      const isFamily = other !== undefined && feed?.startsWith(`${other}-`) === true
      if (bothInFolders && feed !== other && !isFamily)
        found.push(`${path} imports ${target}: feeds do not know each other`)
      continue
    }
    if (room === targetRoom) continue
    const from = FLOORS[room]
    const to = FLOORS[targetRoom]
    if (from === undefined) found.push(`${path}: ${room}/ is no room of the house`)
    else if (to === undefined) found.push(`${path} imports ${target}: no room of the house`)
    else if (to >= from) found.push(`${path} (floor ${from}) imports ${target} (floor ${to})`)
  }
  return found
}

function doorViolations({ path, text }: SourceFile): string[] {
  const code = text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')
  return DOORS.filter(({ pattern, file }) => path !== file && pattern.test(code)).map(
    ({ file, instead }) => `${path} reaches around ${file}: take ${instead} as a parameter`,
  )
}

function nameViolations({ path, text }: SourceFile): string[] {
  const found: string[] = []
  if (BANNED_NAMES.test(path)) found.push(`${path}: a drawer; name it after what is in it`)
  if (!/^[a-z0-9/.-]+$/.test(path)) found.push(`${path}: kebab-case`)
  const lines = text.split('\n').length
  if (lines > 300) found.push(`${path}: ${lines} lines; past 300 it holds two things`)
  if (
    /\bfrom 'node:crypto'/.test(text) &&
    /\brandomBytes\b/.test(text) &&
    !SECRET_RANDOMNESS.includes(path)
  ) {
    found.push(`${path}: randomBytes outside ${SECRET_RANDOMNESS.join(', ')}`)
  }
  return found
}

const root = resolve(import.meta.dirname, '..', 'src')

function sources(folder = root): SourceFile[] {
  return readdirSync(folder).flatMap(name => {
    const path = join(folder, name)
    if (statSync(path).isDirectory()) return sources(path)
    if (!name.endsWith('.ts')) return []
    return [{ path: relative(root, path).split(sep).join('/'), text: readFileSync(path, 'utf8') }]
  })
}

describe('the layers of the house', () => {
  const plant = (path: string, text: string): string[] => violationsOf([{ path, text }])

  it('finds an import of a floor above, of the same floor, and of a room that does not exist', () => {
    expect(plant('tape/a.ts', "import { b } from '../feeds/b.ts'")).toHaveLength(1)
    expect(plant('record/a.ts', "import { b } from '../import/b.ts'")).toHaveLength(1)
    expect(plant('pnl/a.ts', "const b = await import('../cli/b.ts')")).toHaveLength(1)
    expect(plant('pnl/a.ts', "export * from '../cellar/b.ts'")).toHaveLength(1)
    expect(plant('cellar/a.ts', "import { b } from '../model/b.ts'")).toHaveLength(1)
  })

  it('finds a feed that knows another feed, and a model that imports anything', () => {
    expect(plant('feeds/one/a.ts', "import { b } from '../two/b.ts'")).toHaveLength(1)
    expect(plant('feeds/one-data/a.ts', "import { b } from '../one-user/b.ts'")).toHaveLength(1)
    expect(plant('feeds/one/a.ts', "import { b } from '../one-user/b.ts'")).toHaveLength(1)
    expect(plant('feeds/one-user/a.ts', "import { b } from '../one/b.ts'")).toEqual([])
    expect(plant('model/a.ts', "import { b } from 'node:fs'")).toHaveLength(1)
  })

  it('finds a clock, a timer and chance outside their doors, but not in a comment', () => {
    expect(plant('pnl/a.ts', 'const now = Date.now()')).toHaveLength(1)
    expect(plant('pnl/a.ts', 'setTimeout(() => {}, 1)')).toHaveLength(1)
    expect(plant('pnl/a.ts', 'const x = Math.random()')).toHaveLength(1)
    expect(plant('pnl/a.ts', '// Date.now() would not do')).toEqual([])
  })

  it('finds a drawer, a name that is not kebab-case and a file that is too long', () => {
    expect(plant('pnl/utils.ts', '')).toHaveLength(1)
    expect(plant('pnl/lib/a.ts', '')).toHaveLength(1)
    expect(plant('pnl/MyFile.ts', '')).toHaveLength(1)
    expect(plant('pnl/a.ts', '\n'.repeat(300))).toHaveLength(1)
  })

  it('allows the own folder, floors below and the libraries', () => {
    const text = "import { b } from './b.ts'\nimport { c } from '../model/c.ts'\nimport { d } from 'node:fs'"
    expect(plant('tape/a.ts', text)).toEqual([])
  })

  it('holds in every file of src', () => {
    const files = sources()
    expect(files.length).toBeGreaterThan(50)
    expect(violationsOf(files)).toEqual([])
  })
})
