import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { TapeWriter } from '../../src/tape/index.ts'
import { DAMAGE_HEADER } from '../tape/damage.ts'
import { runCli } from './run-cli.ts'

const TAPE = 'fixtures/tradingview-socket/reconnect.tape.jsonl'
let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'feedtape-loss-'))
})

test('what a repair could not save is said wherever figures come of it, with 3, and check calls the tape whole', async () => {
  const [damaged, repaired] = [join(folder, 'hit.tape.jsonl'), join(folder, 'repaired.tape.jsonl')]
  await writeFile(damaged, (await readFile(TAPE, 'utf8')).replace('lp\\":', 'lq\\":'))
  expect(await runCli(['check', '--repair', damaged, '-o', repaired])).toMatchObject({ code: 3 })
  expect(await runCli(['check', repaired])).toMatchObject({ code: 0 })
  for (const args of [
    ['quotes', repaired],
    ['diff', repaired, repaired.replace('repaired', 'hit')],
  ]) {
    expect(await runCli(args)).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('repaired.tape.jsonl: 1 entry of it were lost'),
    })
  }
})

test('the part behind the last that is named is found beside it, whatever the working folder is', async () => {
  const path = join(folder, 'rotated.tape.jsonl')
  const writer = await TapeWriter.create(path, DAMAGE_HEADER, { rotate: { bytes: 2_000 } })
  writer.append({ kind: 'open', at: 0, conn: 1, feed: 'tradingview-socket', url: 'wss://127.0.0.1/' })
  for (let n = 0; n < 20; n += 1) {
    writer.append({
      kind: 'frame',
      at: n,
      conn: 1,
      dir: 'in',
      op: 'text',
      text: `~m~200~m~${'x'.repeat(200)}`,
    })
  }
  await writer.seal(100)
  const fills = join(folder, 'fills.jsonl')
  await writeFile(fills, '{"instrument":"CME_MINI:NQ1!","side":"buy","quantity":"1","price":"1"}\n')
  const { stderr } = await runCli(['replay', path, '--positions', fills])
  expect(stderr).toContain('rotated.tape.jsonl: the recording goes on in ')
  expect(stderr).toContain(join(folder, 'rotated.part2.tape.jsonl'))
})
