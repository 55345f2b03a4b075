import { copyFile, mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { discover, planUpdate, verifyFolder } from '../../src/verify/index.ts'
import { goldenFolder, plant } from './golden-folder.ts'

const CASE = 'tradingview-socket/reconnect'
const PNL = 'tradingview-socket/pnl-fifo'

/** The tape of a case packed, and no longer unpacked. */
async function pack(folder: string, name: string, bytes?: number): Promise<string> {
  const path = join(folder, `${name}.tape.jsonl`)
  const packed = gzipSync(await readFile(path))
  await writeFile(`${path}.gz`, packed.subarray(0, bytes))
  await rm(path)
  return `${path}.gz`
}

describe('a packed tape', () => {
  test('is refused beside the same one unpacked', async () => {
    const folder = await goldenFolder(CASE)
    const packed = await pack(folder, CASE)
    await writeFile(packed.slice(0, -'.gz'.length), gunzipSync(await readFile(packed)))
    await expect(verifyFolder(folder)).rejects.toMatchObject({
      code: 'ambiguous',
      where: packed.slice(0, -'.gz'.length),
      found: `${packed} beside it`,
    })
  })

  test('is a case like any other, with the twins that stand beside it', async () => {
    const folder = await goldenFolder(CASE, PNL, 'json-socket/kinds')
    const names = (await discover(folder)).cases.map(({ name }) => name)
    for (const name of names) await pack(folder, name)
    const { cases, isEqual, orphans } = await verifyFolder(folder)
    expect({ isEqual, orphans }).toEqual({ isEqual: true, orphans: [] })
    expect(cases.map(({ name }) => name)).toEqual(names)
    await plant(folder, `${CASE}.quotes.jsonl`, '"last":"25651"', '"last":"25652"')
    await plant(folder, `${PNL}.pnl.jsonl`, '"unrealized":"31.25"', '"unrealized":"32.25"')
    const different = (await verifyFolder(folder)).cases.flatMap(({ cause }) => cause ?? [])
    expect(different).toMatchObject([
      { kind: 'pnl', file: `${PNL}.pnl.jsonl`, line: 5 },
      { kind: 'quotes', file: `${CASE}.quotes.jsonl`, line: 3, place: { seq: 7, entry: 'frame' } },
    ])
  })

  test('that is none is named with all of its name', async () => {
    const folder = await goldenFolder(CASE)
    await writeFile(await pack(folder, CASE), gzipSync('garbage\n'))
    expect((await verifyFolder(folder)).cases[0]?.cause).toMatchObject({
      kind: 'tape',
      file: `${CASE}.tape.jsonl.gz`,
    })
  })

  test('has twins that are not packed: such a one is told', async () => {
    const folder = await goldenFolder(CASE)
    const twin = `${CASE}.quotes.jsonl`
    await rename(join(folder, twin), join(folder, `${twin}.gz`))
    expect(await verifyFolder(folder)).toMatchObject({
      orphans: [`${twin}.gz`],
      orphanReasons: { [`${twin}.gz`]: expect.stringContaining('packed') },
      cases: [{ cause: { kind: 'missing' } }],
    })
  })
})

describe('links', () => {
  test('to tapes and folders of them lead to cases', async () => {
    const elsewhere = await goldenFolder(CASE, PNL)
    const folder = await goldenFolder()
    await symlink(join(elsewhere, 'tradingview-socket'), join(folder, 'linked'))
    await mkdir(join(folder, 'own'))
    await symlink(join(elsewhere, `${CASE}.tape.jsonl`), join(folder, 'own/one.tape.jsonl'))
    await copyFile(join(elsewhere, `${CASE}.quotes.jsonl`), join(folder, 'own/one.quotes.jsonl'))
    const { cases, isEqual } = await verifyFolder(folder)
    expect(cases.map(({ name }) => name)).toEqual(['linked/pnl-fifo', 'linked/reconnect', 'own/one'])
    expect(isEqual).toBe(true)
  })

  test('that lead nowhere are cases that cannot be used', async () => {
    const folder = await goldenFolder(CASE)
    await symlink('nowhere', join(folder, 'gone.tape.jsonl'))
    const { cases } = await verifyFolder(folder)
    expect(cases.map(({ name, unusable }) => [name, unusable !== undefined])).toEqual([
      ['gone', true],
      [CASE, false],
    ])
  })
})

test('a P&L twin whose positions are missing is told so, and not that its tape is', async () => {
  const folder = await goldenFolder(PNL)
  await rm(join(folder, `${PNL}.positions.jsonl`))
  const { orphanReasons, orphans } = await verifyFolder(folder)
  expect(orphans).toEqual([`${PNL}.pnl.jsonl`])
  expect(orphanReasons[`${PNL}.pnl.jsonl`]).toContain(`has no ${PNL}.positions.jsonl beside it`)
})

describe('an update', () => {
  test('does not write the twins of a tape that is damaged, and says so', async () => {
    const folder = await goldenFolder(CASE)
    await pack(folder, CASE, 300)
    await rm(join(folder, `${CASE}.quotes.jsonl`))
    const plan = await planUpdate(folder)
    expect(plan.updates).toEqual([])
    expect(plan.unusable[0]?.unusable).toContain('the tape is damaged: its twins are not written')
    expect((await planUpdate(folder, { damaged: true })).updates).toMatchObject([{ kind: 'new' }])
  })

  test('writes them where the twin tells of the damage already', async () => {
    const folder = await goldenFolder(CASE)
    await pack(folder, CASE, 300)
    await verifyFolder(folder, { update: true })
    await plant(folder, `${CASE}.quotes.jsonl`, '"messages":0', '"messages":1')
    expect(await planUpdate(folder)).toMatchObject({ unusable: [], updates: [{ kind: 'changed', added: 1 }] })
  })
})
