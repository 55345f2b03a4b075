import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { copyFile, mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, it } from 'vitest'
import { tradingviewSocket as feed } from '../src/feeds/tradingview-socket/index.ts'
import { seededRandom } from '../src/model/random.ts'
import { createSyntheticMarket } from '../src/synth/index.ts'
import { TapeReader, TapeWriter } from '../src/tape/index.ts'
import { headerOf } from '../tools/fixtures/script.ts'
import { runCli } from './cli/run-cli.ts'

const run = promisify(execFile)
const SCRIPT = resolve(import.meta.dirname, 'determinism/run.ts')
const START = 1_772_463_600_000_000
const STEPS = 400

/** A synthetic session of some thousand updates; `nudge` changes the price of one of them. */
async function writeTape(path: string, nudge = false): Promise<void> {
  const market = createSyntheticMarket({ seed: 7, start: START })
  const header = headerOf({ feed: 'tradingview-socket', name: 'determinism' })
  const writer = await TapeWriter.create(path, header)
  writer.append({ kind: 'open', at: 0, conn: 1, feed: feed.name, url: feed.url })
  const random = seededRandom(8)
  let at = 0
  let isNudged = !nudge
  for (let step = 0; step < STEPS; step += 1) {
    for (const { name, fields } of market.step()) {
      const isHere = !isNudged && step >= STEPS / 2 && name === 'CME_MINI:MNQ1!' && fields.bid !== undefined
      const nudged = isHere ? { bid: { mantissa: 1, scale: 0 } } : {}
      isNudged ||= isHere
      const text = feed.encode.message([
        { kind: 'quote', session: 'qs_synthetic000', name, fields: { ...fields, ...nudged } },
      ])
      at += Math.floor(random.next() * 90_000)
      if (text !== undefined) writer.append({ kind: 'frame', at, conn: 1, dir: 'in', op: 'text', text })
    }
  }
  await writer.seal(at + 2_000_000)
}

const POSITIONS = [
  '{"instrument":"CME_MINI:MNQ1!","side":"buy","quantity":"2","price":"25600"}',
  '{"instrument":"NQ1!","side":"sell","quantity":"1","price":"25610.25","fee":"2.04"}',
].join('\n')

describe('a replay is a function of its tapes and options', () => {
  let folder = ''
  let tape = ''
  let positions = ''

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'feedtape-determinism-'))
    tape = join(folder, 'a.tape.jsonl')
    positions = join(folder, 'p.jsonl')
    await writeTape(tape)
    await writeFile(positions, POSITIONS)
  })

  const digestOf = async (path: string, chunk: number, cwd: string, env: Record<string, string>) => {
    const options = { cwd, env: { PATH: process.env['PATH'] ?? '', ...env } }
    return (await run(process.execPath, [SCRIPT, path, positions, String(chunk)], options)).stdout
  }

  it('two processes in other time zones, locales and folders, one fed by single bytes, agree on the digest', async () => {
    const elsewhere = join(folder, 'elsewhere', 'ünï cödé')
    await mkdir(elsewhere, { recursive: true })
    const copy = join(elsewhere, 'b.tape.jsonl')
    await copyFile(tape, copy)
    const one = await digestOf(tape, 65_536, folder, { TZ: 'America/Chicago', LANG: 'en_US.UTF-8' })
    const other = await digestOf(copy, 1, elsewhere, {
      TZ: 'Asia/Kolkata',
      LANG: 'tr_TR.UTF-8',
      LC_ALL: 'tr_TR.UTF-8',
    })
    expect(one).toMatch(/^[0-9a-f]{64}$/)
    expect(other).toBe(one)
  })

  it('one changed price changes the digest', async () => {
    const changed = join(folder, 'changed.tape.jsonl')
    await writeTape(changed, true)
    const env = { TZ: 'UTC' }
    expect(await digestOf(changed, 65_536, folder, env)).not.toBe(await digestOf(tape, 65_536, folder, env))
  })

  it('the digest of the command line is the SHA-256 of what --json prints, at any speed and with any --every', async () => {
    const args = ['replay', tape, '--positions', positions, '--mark', 'exit-side,last', '--stale-after', '1s']
    const full = (await runCli([...args, '--json'])).stdout.trimEnd().split('\n')
    const last = JSON.parse(full.pop() ?? '{}')
    const own = createHash('sha256')
      .update(full.map(line => `${line}\n`).join(''))
      .digest('hex')
    expect(last).toEqual({ kind: 'digest', sha256: own })
    expect(full.length).toBeGreaterThan(STEPS / 2)
    const thinned = (await runCli([...args, '--json', '--every', '5s'])).stdout.trimEnd().split('\n')
    expect(thinned.length).toBeLessThan(full.length / 4)
    expect(JSON.parse(thinned.at(-1) ?? '{}')).toEqual(last)
    const human = await runCli([...args, '--digest', '--speed', '1000'], { env: { TZ: 'Asia/Tokyo' } })
    expect(human.stdout).toContain(`digest sha256:${own}`)
    expect(await digestOf(tape, 4_096, folder, {})).toBe(own)
  })

  it('a tape read by 1, 7 and 1,000 bytes gives the same entries', async () => {
    const entriesBy = async (chunkBytes: number) => {
      const entries: unknown[] = []
      for await (const entry of await TapeReader.open(
        join('fixtures/tradingview-socket/quote-names.tape.jsonl'),
        {
          chunkBytes,
        },
      )) {
        entries.push(entry)
      }
      return entries
    }
    const expected = await entriesBy(1_000)
    expect(expected.length).toBeGreaterThan(2)
    expect(await entriesBy(1)).toEqual(expected)
    expect(await entriesBy(7)).toEqual(expected)
    expect(await readFile('fixtures/tradingview-socket/quote-names.tape.jsonl', 'utf8')).toContain('합성')
  })
})
