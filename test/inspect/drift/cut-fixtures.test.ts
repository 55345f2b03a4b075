import { mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { cutFixtures } from '../../../src/inspect/drift/index.ts'
import { close, open } from '../../../tools/fixtures/script.ts'
import { qsd, receive, send } from '../../../tools/fixtures/tradingview-socket/packets.ts'
import { makeFixture } from '../../../tools/make-fixtures.ts'

// Made up, in the shape of a session's token.
const TOKEN = 'Zk7QpW2xVn8Lr4TdYb6MsHc9'

test('a frame that is cut out does not repeat a secret that only a dropped frame names', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'feedtape-drift-cut-'))
  const steps = [
    open,
    send({ m: 'set_auth_token', p: [TOKEN] }),
    close(1000),
    open,
    receive(qsd('qs_SyntheticAaa', 'CME_MINI:NQ1!', { lp: 1, echo: `said ${TOKEN}` })),
  ]
  await makeFixture({ feed: 'tradingview-socket', name: 'new', about: 'a test', steps }, folder)
  const [fixture] = await cutFixtures([{ tape: 0, seq: 6, size: 1, shows: [0] }], {
    paths: [join(folder, 'new.tape.jsonl')],
    folder,
    overwrite: false,
  })
  expect(fixture).toMatchObject({ seqs: [6], shows: [0] })
  const text = await readFile(fixture?.path ?? '', 'utf8')
  expect(text).toContain('said ')
  expect(text).not.toContain('"conn":1')
  expect(text).not.toContain(TOKEN)
})
