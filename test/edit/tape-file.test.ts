import { execFileSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { irregularKind, refuseIrregular } from '../../src/edit/new-file.ts'
import { TapeFile } from '../../src/edit/tape-file.ts'
import { checkTape, toLine } from '../../src/tape/index.ts'
import { runCli } from '../cli/run-cli.ts'
import { EVERY_KIND, tapeLines } from '../tape/damage.ts'
import { HEADER, temporaryFolder } from '../tape/tapes.ts'

const folder = temporaryFolder()
const LINES = tapeLines(EVERY_KIND)

function pipe(name: string): string {
  const path = join(folder, name)
  execFileSync('mkfifo', [path])
  return path
}

function create(path: string, overwrite: boolean): Promise<TapeFile> {
  return TapeFile.create(path, HEADER, { overwrite })
}

describe('a name that is no file', () => {
  test.each([true, false])(
    'is refused and stays what it is, with overwrite %s: a pipe, a folder',
    async overwrite => {
      const [fifo, below] = [pipe(`pipe-${overwrite}`), join(folder, `folder-${overwrite}`)]
      mkdirSync(below)
      const link = join(folder, `link-${overwrite}`)
      symlinkSync(fifo, link)
      const before = readdirSync(folder)
      for (const [path, found] of [
        [fifo, 'a pipe'],
        [link, 'a pipe'],
        [below, 'a folder'],
      ] as const) {
        await expect(create(path, overwrite)).rejects.toMatchObject({
          code: 'file-unwritable',
          where: path,
          found,
        })
      }
      expect(statSync(fifo).isFIFO()).toBe(true)
      expect(readdirSync(folder)).toStrictEqual(before)
    },
  )

  test('is told by what it is: a device too, and only a file or nothing is taken', async () => {
    expect(irregularKind(statSync('/dev/null'))).toBe('a device')
    expect(irregularKind(statSync(folder))).toBe('a folder')
    await expect(refuseIrregular('/dev/null')).rejects.toMatchObject({ code: 'file-unwritable' })
    const file = join(folder, 'file')
    writeFileSync(file, '')
    expect(irregularKind(statSync(file))).toBeUndefined()
    expect(await refuseIrregular(file)).toBeUndefined()
    expect(await refuseIrregular(join(folder, 'nothing', 'here'))).toBeUndefined()
  })

  test.each([
    ['cut', ['--to', '1s', '--overwrite']],
    ['scrub', ['--overwrite']],
    ['seal', ['--overwrite']],
    ['check', ['--repair', '--overwrite']],
  ])('is refused by %s, exit 4', async (command, more) => {
    const damaged = join(folder, `${command}.tape.jsonl`)
    writeFileSync(damaged, LINES.slice(0, -1).join(''))
    const fifo = pipe(`${command}.pipe`)
    const { code, stderr } = await runCli([command, damaged, '-o', fifo, ...more])
    expect(code).toBe(4)
    expect(stderr).toContain('a tape is written to a file')
    expect(statSync(fifo).isFIFO()).toBe(true)
    expect(existsSync(`${fifo}.unfinished`)).toBe(false)
  })
})

describe('an unfinished file that is there', () => {
  test('is neither written nor removed, whether the tape is sealed or given up', async () => {
    const path = join(folder, 'mine.tape.jsonl')
    const theirs = `${path}.unfinished`
    writeFileSync(theirs, 'theirs')
    const given = await create(path, false)
    await given.discard()
    const sealed = await create(path, false)
    await sealed.add({ at: 0 }, Buffer.from(toLine({ kind: 'mark', seq: 1, at: 0, note: 'x' }).slice(0, -1)))
    await sealed.seal(1)
    expect((await checkTape(path)).isWhole).toBe(true)
    expect(readFileSync(theirs, 'utf8')).toBe('theirs')
    expect(readdirSync(folder).filter(name => name.startsWith('mine'))).toStrictEqual([
      'mine.tape.jsonl',
      'mine.tape.jsonl.unfinished',
    ])
  })

  test('of another run that writes the same tape is its own', async () => {
    const path = join(folder, 'race.tape.jsonl')
    const [one, other] = [await create(path, true), await create(path, true)]
    await one.seal(1)
    await other.seal(2)
    expect((await checkTape(path)).seal?.at).toBe(2)
    expect(readdirSync(folder).filter(name => name.startsWith('race'))).toStrictEqual(['race.tape.jsonl'])
  })

  test('of a hundred runs that were killed is too many, and the name is free again', async () => {
    const path = join(folder, 'many.tape.jsonl')
    for (let number = 1; number <= 100; number++) {
      writeFileSync(`${path}.unfinished${number === 1 ? '' : number}`, '')
    }
    await expect(create(path, false)).rejects.toMatchObject({ code: 'file-exists', where: path })
    expect(existsSync(path)).toBe(false)
  })
})
