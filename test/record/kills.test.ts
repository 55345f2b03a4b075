import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { seededRandom } from '../../src/model/random.ts'
import { type KillKind, killOnce } from '../../tools/soak/kill-run.ts'
import { folder } from './scene.ts'

const KINDS: readonly KillKind[] = [
  'plain',
  'plain',
  'plain',
  'plain',
  'gzip',
  'gzip',
  'parts',
  'parts',
  'fsync',
  'large',
]

// `npm run soak -- kills` does the same 200 times.
test('a recorder that is killed ten times in bursts keeps all that was sent 150 ms before, large frames 1 s', async () => {
  const place = await folder()
  for (const [n, kind] of KINDS.entries()) {
    const own = join(place, String(n))
    await mkdir(own)
    const result = await killOnce(kind, seededRandom(100 + n), own)
    expect(result.wrong, `${kind}, seed ${100 + n}`).toStrictEqual([])
    expect(result.sent).toBeGreaterThan(0)
  }
})
