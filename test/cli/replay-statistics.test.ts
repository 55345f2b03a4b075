import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { runCli } from './run-cli.ts'

const STEM = 'fixtures/tradingview-socket/pnl-statistics'
const INVERSE = 'fixtures/tradingview-socket/pnl-inverse'
const replay = (...args: readonly string[]) =>
  runCli(['replay', `${STEM}.tape.jsonl`, '--positions', `${STEM}.positions.jsonl`, '--every', '0', ...args])

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'feedtape-statistics-'))
})

let configs = 0
async function configOf(config: object): Promise<string> {
  configs += 1
  const path = join(folder, `${configs}.json`)
  await writeFile(path, JSON.stringify(config))
  return path
}

describe('rules and rates that cannot be', () => {
  it.each([
    [{ rules: { mark: 'first' } }, 'rules.mark'],
    [{ rules: { fees: 'per-share=1' } }, 'rules.fees'],
    [{ rules: { staleAfter: 'soon' } }, 'rules.staleAfter'],
    [{ rules: { stale: '30s' } }, 'rules.stale'],
    [{ rules: { currency: 'dollars' } }, 'rules.currency'],
    [{ rates: { EUR: { USD: 1.08 } } }, 'rates.EUR.USD'],
    [{ rates: { EUR: { USD: '0' } } }, 'rates.EUR.USD'],
    [{ rates: { EUR: '1.08' } }, 'rates.EUR'],
  ])('%j is refused, with its key', async (config, key) => {
    const { code, stderr } = await replay('--config', await configOf(config))
    expect({ code, isNamed: stderr.includes(key) }).toEqual({ code: 4, isNamed: true })
  })

  it.each([
    [['--rate', 'EUR/USD=1.08'], 'a rate alone converts nothing'],
    [['--currency', 'USD', '--rate', 'EURUSD'], 'the rate cannot be read'],
    [['--currency', 'usd'], 'the currency cannot be read'],
  ])('%j is wrong usage', async (args, what) => {
    const { code, stderr } = await replay(...args)
    expect({ code, isSaid: stderr.includes(what) }).toEqual({ code: 2, isSaid: true })
  })
})

describe('rules in the config', () => {
  it('count as if they were options, and options before them; where they come from is printed', async () => {
    const rules = {
      mark: 'exit-side,last',
      matching: 'fifo',
      staleAfter: '9h',
      fees: 'none',
      currency: 'USD',
    }
    const path = await configOf({ rules, rates: { EUR: { USD: '1.08' } } })
    const { stdout } = await replay('--config', path, '--fees', 'fill')
    expect(stdout).toContain(
      'rules: matching fifo · mark exit-side, then last · stale after 9 h 00 m · fees per fill' +
        ' (fees by option; matching, mark, stale after, currency by config)',
    )
    expect(stdout).toContain('converted to USD at EUR/USD 1.08: unrealized -138.5')
  })

  it('make the same lines and digest as the options do', async () => {
    const path = await configOf({ rules: { matching: 'fifo', staleAfter: '9h' } })
    const [config, options] = [
      await replay('--json', '--config', path),
      await replay('--json', '--matching', 'fifo', '--stale-after', '9h'),
    ]
    expect(config.stdout).toBe(options.stdout)
  })
})

describe('a total in one currency', () => {
  it('is null without its rate, says which one is missing, and is no partial sum', async () => {
    const { stdout } = await replay('--json', '--currency', 'USD', '--stale-after', '9h')
    const line = stdout.split('\n').find(text => text.includes('"kind":"converted"')) ?? '{}'
    expect(JSON.parse(line)).toMatchObject({
      net: null,
      realized: null,
      fees: null,
      reasons: ['no rate EUR/USD'],
    })
  })
})

describe('statistics', () => {
  it('come as lines with --stats and --equity only, and the lines without them are the same', async () => {
    const [plain, full] = [await replay('--json'), await replay('--json', '--stats', '--equity')]
    const kindOf = (line: string): string => JSON.parse(line).kind
    const added = new Set(['statistics', 'trade', 'day', 'equity', 'digest'])
    const linesOf = (text: string): readonly string[] => text.trim().split('\n')
    expect(linesOf(full.stdout).filter(line => !added.has(kindOf(line)))).toEqual(
      linesOf(plain.stdout).filter(line => !added.has(kindOf(line))),
    )
    expect(new Set(linesOf(plain.stdout).map(kindOf))).not.toContain('statistics')
    expect(new Set(linesOf(full.stdout).map(kindOf))).toEqual(
      new Set([...linesOf(plain.stdout).map(kindOf), ...added]),
    )
  })

  it('stand in the summary for people, with the days where there are several', async () => {
    const { stdout } = await replay('--stale-after', '9h')
    expect(stdout).toMatch(/CME_MINI:MNQ1! +2 +1 of 2, 50 % +0 of 2, 0 % +\+2 +-81 +\+24.5 +-81 /)
    expect(stdout).toContain('deepest fall 128.6, from 2026-03-02 15:00:20.005 to 2026-03-02 23:01:00.008')
    expect(stdout).toMatch(/2026-03-03 +-81 +\+35 +1.86 +-47.86 +USD +CME, from 17:00 America\/Chicago/)
  })

  it('one day is a table only where it is asked for', async () => {
    const stem = 'fixtures/tradingview-socket/pnl-mnq'
    const args = ['replay', `${stem}.tape.jsonl`, '--positions', `${stem}.positions.jsonl`]
    expect((await runCli(args)).stdout).not.toContain('whose day')
    expect((await runCli([...args, '--days'])).stdout).toContain('whose day')
  })

  it('the curve takes the place of the marks, thinned as they are', async () => {
    const { stdout } = await replay('--equity', '--every', '1h', '--stale-after', '9h')
    expect(stdout.split('\n').slice(0, 2)).toEqual([
      '2026-03-02T16:00:00.000  net +260.5 EUR  ·  net -24.6 USD',
      '2026-03-02T23:00:00.000  net +260.5 EUR  ·  net -80.1 USD',
    ])
  })

  it('a delayed mark is said with its delay, at the position and at the total', async () => {
    const stem = 'fixtures/tradingview-socket/pnl-rebroadcast'
    const args = ['replay', `${stem}.tape.jsonl`, '--positions', `${stem}.positions.jsonl`]
    const { stdout } = await runCli(args)
    expect(stdout).toContain(', delayed 600 s')
    expect(stdout).toContain('delayed: CME_MINI:MNQ1! 600 s')
  })
})

it('an inverse contract is named, with what to do, and the exit code says that something is missing', async () => {
  const { code, stdout, stderr } = await runCli([
    'replay',
    `${INVERSE}.tape.jsonl`,
    '--positions',
    `${INVERSE}.positions.jsonl`,
  ])
  expect(code).toBe(3)
  expect(stderr).toContain('BITMEX:XBTUSD.P: inverse contract: it is paid in BTC')
  expect(stderr).toContain('"kind":"linear"')
  expect(stdout).toContain('inverse contract: it is paid in BTC')
})
