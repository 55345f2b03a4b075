import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { tradingviewSymbolSearch } from '../../src/feeds/tradingview-symbol-search/index.ts'
import { hostForTest } from '../record/small-venue.ts'
import { runCli } from './run-cli.ts'

const SEARCHED = 'fixtures/tradingview-symbol-search/names.tape.jsonl'
const SCANNED = 'fixtures/tradingview-scanner/poll-futures.tape.jsonl'

async function folderOfTest(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'feedtape-search-test-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  return folder
}

describe('wrong usage', () => {
  it.each([
    ['no text', ['search']],
    ['an empty text', ['search', ' ']],
    ['a live option with --tape', ['search', 'a', '--tape', SEARCHED, '--pages', '2']],
    ['pages that are none', ['search', 'a', '--pages', '0']],
    ['a type that is none', ['search', 'a', '--type', 'Two words']],
    ['an address that is none', ['search', 'a', '--url', 'ftp://x']],
  ])('%s is said on stderr', async (_, args) => {
    const result = await runCli(args)
    expect(result).toMatchObject({ code: 2, stdout: '' })
    expect(result.stderr).not.toMatch(/^\s+at /m)
  })
})

describe('a search on tapes', () => {
  it('of what no tape names finds nothing: 1', async () => {
    expect(await runCli(['search', 'nothing like it', '--tape', SEARCHED])).toMatchObject({
      code: 1,
      stdout: '',
    })
  })

  it('finds by name and description, whatever the case, of every feed, each instrument once', async () => {
    const { code, stdout } = await runCli(['search', 'synthetic', '--tape', SEARCHED, SCANNED])
    expect(code).toBe(0)
    expect(stdout.split('\n').map(line => line.split(' ')[0])).toEqual([
      'instrument',
      'NASDAQ:SYNTH',
      'NYSE:SYNTH',
      'BCBA:SYNTH',
      'ICE:SYNTH',
      'SYNTHX',
      'CME_MINI:MNQ1!',
      'CME_MINI:NQ1!',
      '',
    ])
  })

  it('keeps to the type and the exchange, and shows all that is known as JSON', async () => {
    const args = ['search', 'synth', '--type', 'stocks', '--exchange', 'bcba', '--json', '--tape', SEARCHED]
    const { code, stdout } = await runCli(args)
    expect(code).toBe(0)
    expect(
      stdout
        .trim()
        .split('\n')
        .map(line => JSON.parse(line)),
    ).toEqual([
      {
        kind: 'instrument',
        session: '',
        name: 'BCBA:SYNTH',
        exchange: 'BYMA',
        type: 'stock',
        currency: 'ARS',
        description: 'SYNTHETIC SHARES',
      },
    ])
  })
})

describe('a live search, of a venue on loopback', () => {
  it('shows what is found, and leaves nothing behind', async () => {
    const host = await hostForTest(tradingviewSymbolSearch.conversation)
    const folder = await folderOfTest()
    const { code, stdout } = await runCli(['search', 'CME_MINI:NQ1!', '--json', '--url', host.origin], {
      env: { TMPDIR: folder },
    })
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ kind: 'instrument', name: 'CME_MINI:NQ1!' })
    const left = await readdir(folder)
    expect(left.filter(name => name.startsWith('feedtape'))).toEqual([])
  })

  it('keeps a whole tape where one is asked for, and never over another', async () => {
    const host = await hostForTest(tradingviewSymbolSearch.conversation)
    const path = join(await folderOfTest(), 'search.tape.jsonl')
    const args = ['search', 'CME_MINI:NQ1!', '-o', path, '--url', host.origin]
    expect(await runCli(args)).toMatchObject({ code: 0, stdout: expect.stringContaining('CME_MINI:NQ1!') })
    expect(await runCli(['check', path])).toMatchObject({ code: 0 })
    expect(await runCli(['search', 'nq1', '--tape', path])).toMatchObject({ code: 0 })
    expect(await runCli(args)).toMatchObject({ code: 4, stdout: '' })
  })

  it('that finds nothing says so: 1', async () => {
    const host = await hostForTest(tradingviewSymbolSearch.conversation)
    const result = await runCli(['search', 'no such thing', '--url', host.origin])
    expect(result).toMatchObject({ code: 1, stdout: '' })
    expect(result.stderr).toContain('nothing is found')
  })

  it('asks again after an answer that was none', async () => {
    const host = await hostForTest(tradingviewSymbolSearch.conversation)
    host.fail({ kind: 'status', status: 502, body: 'Bad Gateway' })
    expect(await runCli(['search', 'CME_MINI:NQ1!', '--url', host.origin])).toMatchObject({ code: 0 })
    expect(host.requests()).toBe(2)
  })

  it('is over where the venue refuses it again and again: 4', async () => {
    const host = await hostForTest(tradingviewSymbolSearch.conversation)
    for (let n = 0; n < 3; n += 1) host.fail({ kind: 'status', status: 403, body: '<html></html>' })
    const result = await runCli(['search', 'a', '--url', host.origin])
    expect(result).toMatchObject({ code: 4, stdout: '' })
    expect(result.stderr).toContain('3 times in a row')
  }, 30_000)
})
