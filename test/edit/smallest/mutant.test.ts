import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { expect, it } from 'vitest'
import { seededRandom } from '../../../src/model/random.ts'
import { randomSession } from '../cut/sessions.ts'
import { entriesOf, search, workshop } from './failing.ts'

const { folder, tapeOf } = workshop()

/** What quotes rest on. */
const ROOMS = ['model', 'instruments', 'tape', 'feeds', 'normalize'] as const

/** A checkout in which one line of a decoder is wrong, and a check that holds its quotes against ours. */
async function mutantCheck(file: string, find: string, put: string): Promise<string> {
  const root = join(folder, 'mutant')
  await mkdir(root)
  for (const room of ROOMS) {
    await cp(resolve('src', room), join(root, 'src', room), { recursive: true })
  }
  await symlink(resolve('node_modules'), join(root, 'node_modules'))
  await writeFile(join(root, 'package.json'), '{"type":"module"}')
  const source = join(root, 'src', file)
  const text = await readFile(source, 'utf8')
  expect(text).toContain(find)
  await writeFile(source, text.replace(find, put))
  const check = join(root, 'check.ts')
  await writeFile(
    check,
    `import { TapeReader } from '${resolve('src/tape/index.ts')}'
import { Normalizer as Ours } from '${resolve('src/normalize/index.ts')}'
import { Normalizer as Theirs } from './src/normalize/index.ts'
const [ours, theirs] = [[], []]
const readers = [[Ours, ours], [Theirs, theirs]].map(
  ([Normalizer, list]) => new Normalizer({ observation: one => list.push(one) }),
)
for await (const entry of await TapeReader.open(process.argv[2])) for (const reader of readers) reader.apply(entry)
if (JSON.stringify(ours) !== JSON.stringify(theirs)) throw new Error('the quotes differ')
`,
  )
  return `'${process.execPath}' '${check}' {}`
}

it('a decoder’s mistake is shown by one frame that has it, and what that frame needs', async () => {
  const command = await mutantCheck(
    'feeds/tradingview-socket/fields.ts',
    "{ wire: 'bid_size', field: 'bidSize'",
    "{ wire: 'bid_size', field: 'askSize'",
  )
  const path = await tapeOf(randomSession(seededRandom(11), 150))
  const { output, report } = await search(path, command, { saying: 'the quotes differ', jobs: 2 })
  const [first, second, ...others] = await entriesOf(output)
  expect(others).toEqual([])
  expect(first).toMatchObject({ kind: 'open' })
  expect(second).toMatchObject({ kind: 'frame', text: expect.stringContaining('"bid_size"') })
  expect(report).toMatchObject({ exitCode: 1, written: 'scrubbed', confirmed: { failed: 3, of: 3 } })
  expect(report.runs).toBeLessThan(50)
})
