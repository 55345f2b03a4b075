import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { filesBelow } from '../../src/edit/index.ts'

/** Two folders, `in` and `out`, with a file each. */
async function folders(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'feedtape-below-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  for (const name of ['in', 'out']) {
    await mkdir(join(folder, name))
    await writeFile(join(folder, name, `${name}.txt`), 'x')
  }
  return folder
}

async function below(folder: string) {
  const root = join(folder, 'in')
  const { broken, files, others } = await filesBelow(root)
  const names = (paths: readonly string[]) => paths.map(path => relative(root, path))
  return { files: names(files), broken: names(broken.map(({ file }) => file)), others: names(others) }
}

describe('the files below a folder', () => {
  test('that is not there are refused', async () => {
    const gone = join(await folders(), 'gone')
    await expect(filesBelow(gone)).rejects.toMatchObject({ code: 'file-missing', where: gone })
  })

  test('are those behind links, too: to a file, and to a folder', async () => {
    const folder = await folders()
    await symlink('../out/out.txt', join(folder, 'in/file.txt'))
    await symlink('../out', join(folder, 'in/folder'))
    expect(await below(folder)).toEqual({
      files: ['file.txt', 'folder/out.txt', 'in.txt'],
      broken: [],
      others: [],
    })
  })

  test('end where links go in circles, back up, or twice to one folder', async () => {
    const folder = await folders()
    for (const [to, at] of [
      ['.', 'in/here'],
      ['..', 'in/up'],
      ['../out', 'in/once'],
      ['../out', 'in/twice'],
      ['../in', 'out/back'],
      ['..', 'out/up'],
    ] as const)
      await symlink(to, join(folder, at))
    expect(await below(folder)).toEqual({ files: ['in.txt', 'once/out.txt'], broken: [], others: [] })
  })

  test('have the name without a link where there is one', async () => {
    const folder = await folders()
    await mkdir(join(folder, 'in/z'))
    await writeFile(join(folder, 'in/z/z.txt'), 'x')
    await symlink('z', join(folder, 'in/a'))
    expect((await below(folder)).files).toEqual(['in.txt', 'z/z.txt'])
  })

  test('are told beside the links that lead nowhere, and without other people’s code', async () => {
    const folder = await folders()
    await symlink('nowhere', join(folder, 'in/nowhere'))
    await mkdir(join(folder, 'in/node_modules'))
    await writeFile(join(folder, 'in/node_modules/code.txt'), 'x')
    await symlink('../out', join(folder, 'in/.git'))
    await symlink('/dev/null', join(folder, 'in/null'))
    expect(await below(folder)).toEqual({ files: ['in.txt'], broken: ['nowhere'], others: ['null'] })
  })
})
