import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { readPositions, replayPnl } from '../../../src/pnl/index.ts'
import { TapeReader } from '../../../src/tape/index.ts'
import { open, wait } from '../../../tools/fixtures/script.ts'
import { qsd, receive } from '../../../tools/fixtures/tradingview-socket/packets.ts'
import { makeFixture } from '../../../tools/make-fixtures.ts'
import { RULES } from './stage.ts'

const bought = (instrument: string, file: string) =>
  readPositions(JSON.stringify({ instrument, side: 'buy', quantity: '1', price: '100' }), file)

async function nasdaq(): Promise<TapeReader> {
  const folder = await mkdtemp(join(tmpdir(), 'feedtape-names-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const bid = receive(qsd('qs_SyntheticAaa', 'NASDAQ:AAA', { bid: 104 }))
  await makeFixture(
    { feed: 'tradingview-socket', name: 'names', about: 'a test', steps: [open, wait(1), bid, wait(1)] },
    folder,
  )
  const tape = await TapeReader.open(join(folder, 'names.tape.jsonl'))
  onTestFinished(() => tape.close())
  return tape
}

test('a bare name that is ambiguous only by another book’s file is refused with that file’s name', async () => {
  const books = [bought('AAA', 'bare.jsonl'), bought('NYSE:AAA', 'full.jsonl')]
  await expect(replayPnl([await nasdaq()], books, RULES)).rejects.toMatchObject({
    code: 'ambiguous',
    where: 'bare.jsonl:1 instrument',
    found: 'NYSE:AAA (as full.jsonl writes), NASDAQ:AAA',
  })
})

test('alone it is the one instrument of the tape', async () => {
  const { positions } = await replayPnl([await nasdaq()], bought('AAA', 'bare.jsonl'), RULES)
  expect(positions).toMatchObject([{ instrument: 'NASDAQ:AAA' }])
})
