import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import { discover } from '../../src/verify/index.ts'

/** A temporary folder with golden cases of the project, `tradingview-socket/reconnect`, to plant differences in. */
export async function goldenFolder(...names: readonly string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'feedtape-golden-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const { cases } = await discover('fixtures')
  for (const name of names) {
    const golden = cases.find(one => one.name === name)
    if (golden === undefined) throw new Error(`there is no golden case ${name}`)
    const { config, isOfTape, pnl, positions, quotes, tape } = golden
    const files = [tape, quotes, config, positions, isOfTape || positions !== undefined ? pnl : undefined]
    await mkdir(join(folder, dirname(name)), { recursive: true })
    for (const file of files) {
      if (file !== undefined) await copyFile(file, join(folder, dirname(name), basename(file)))
    }
  }
  return folder
}

/** Fails where nothing is changed: a difference that was not planted tests nothing. */
export async function plant(folder: string, file: string, find: string, put: string): Promise<void> {
  const path = join(folder, file)
  const text = await readFile(path, 'utf8')
  if (!text.includes(find)) throw new Error(`${file} holds no ${find}`)
  await writeFile(
    path,
    text.replace(find, () => put),
  )
}
