import { copyFile, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { runCli } from './run-cli.ts'

const CASE = 'fixtures/tradingview-socket'
let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'feedtape-cli-'))
})

/** A tape of the fixtures, changed. */
async function changed(name: string, change: (text: string) => string): Promise<string> {
  const path = join(folder, `${Math.random().toString(36).slice(2)}.tape.jsonl`)
  await writeFile(path, change(await readFile(`${CASE}/${name}.tape.jsonl`, 'utf8')))
  return path
}

describe('wrong usage', () => {
  it.each([
    ['an unknown command', ['fly'], 2],
    ['an unknown option', ['quotes', 'a', '--fly'], 2],
    ['a missing argument', ['quotes'], 2],
    [
      'a missing --positions where the tape has none',
      ['replay', 'fixtures/tradingview-socket/pnl-fifo.tape.jsonl'],
      2,
    ],
    ['a mark rule that does not exist', ['replay', 'a', '--positions', 'b', '--mark', 'best'], 2],
    ['a duration without a unit', ['replay', 'a', '--positions', 'b', '--stale-after', '60'], 2],
    ['a speed of nothing', ['replay', 'a', '--positions', 'b', '--speed', '0'], 2],
    ['a tape that is not there', ['quotes', 'nowhere.tape.jsonl'], 4],
    ['a folder of fixtures that is not there', ['verify', 'nowhere'], 4],
  ])('%s is said on stderr, with nothing on stdout and no stack', async (_what, args, code) => {
    const result = await runCli(args)
    expect(result).toMatchObject({ code, stdout: '' })
    expect(result.stderr).not.toBe('')
    expect(result.stderr).not.toMatch(/^\s+at /m)
  })

  it('says what was expected, what was found and what to do next', async () => {
    const { stderr } = await runCli(['replay', 'a', '--positions', 'b', '--stale-after', '60'])
    expect(stderr).toBe(
      'feedtape: --stale-after: not a duration\n' +
        '  expected  a number with its unit: 250ms, 90s, 10m, 1h30m\n' +
        '  found     "60"\n' +
        '  next      write it like --stale-after 60s\n',
    )
  })

  it('an empty file, a HAR and a binary are no tapes, and the HAR is shown the way', async () => {
    const files = { empty: '', har: '{"log":{"version":"1.2","entries":[]}}', binary: '\u0000\u0001\u0002' }
    for (const [name, text] of Object.entries(files)) {
      const path = join(folder, name)
      await writeFile(path, text)
      const { code, stderr } = await runCli(['quotes', path])
      expect({ name, code }).toEqual({ name, code: 4 })
      expect(stderr).toContain('this is no tape')
      if (name === 'har') expect(stderr).toContain('feedtape import FILE')
    }
  })
})

describe('help', () => {
  it('lists the commands in the order of the way of the data', async () => {
    const { code, stdout } = await runCli(['--help'])
    expect(code).toBe(0)
    const commands = [...stdout.matchAll(/^ {2}([a-z]+) .*/gm)].map(([, name]) => name)
    expect(commands).toEqual([
      'record',
      'import',
      'quotes',
      'replay',
      'watch',
      'explain',
      'reconcile',
      'inspect',
      'drift',
      'diff',
      'check',
      'seal',
      'cut',
      'scrub',
      'verify',
      'search',
      'feeds',
      'synth',
      'demo',
      'help',
    ])
  })

  it('every command explains itself', async () => {
    for (const command of ['record', 'import', 'quotes', 'replay', 'inspect', 'verify', 'demo']) {
      const { code, stdout } = await runCli([command, '--help'])
      expect(code).toBe(0)
      expect(stdout).toContain(`Usage: feedtape ${command}`)
      expect(stdout).toContain('--json')
    }
  })
})

describe('a damaged tape', () => {
  it('is read up to what is safe, the place is named, and the exit code is 3', async () => {
    const path = await changed('quote-partial', text => text.replace('25650.25', '25650.26'))
    for (const args of [
      ['quotes', path],
      ['inspect', path],
    ]) {
      const { code, stdout, stderr } = await runCli(args)
      expect(code).toBe(3)
      expect(stdout + stderr).toContain('crc')
      expect(stdout).toContain('CME_MINI:MNQ1!')
    }
  })

  it('without its seal is said to be so', async () => {
    const path = await changed('quote-partial', text => text.split('\n').slice(0, -2).join('\n').concat('\n'))
    const { code, stderr } = await runCli(['quotes', path])
    expect(code).toBe(3)
    expect(stderr).toContain('not sealed')
  })
})

describe('quotes', () => {
  it('reads a tape from standard input', async () => {
    const input = await readFile(`${CASE}/quote-partial.tape.jsonl`, 'utf8')
    const fromFile = await runCli(['quotes', `${CASE}/quote-partial.tape.jsonl`, '--json'])
    const fromInput = await runCli(['quotes', '-', '--json'], { input })
    expect(fromInput.stdout).toBe(fromFile.stdout)
    expect(JSON.parse(fromFile.stdout)).toMatchObject({ instrument: 'CME_MINI:MNQ1!', fields: { bid: null } })
  })

  it('--updates --json is what the golden twin holds', async () => {
    const { stdout } = await runCli(['quotes', '--updates', '--json', `${CASE}/quote-snapshot.tape.jsonl`])
    expect(stdout).toBe(await readFile(`${CASE}/quote-snapshot.quotes.jsonl`, 'utf8'))
  })

  it('says on stderr what it did not understand', async () => {
    const { code, stderr } = await runCli(['quotes', `${CASE}/unknown-kind.tape.jsonl`])
    expect(code).toBe(0)
    expect(stderr).toContain('6 unknown and 0 malformed packets')
  })
})

describe('replay', () => {
  it('prints the seed’s example: one NQ contract from 25600 to 25650 is 1,000 USD', async () => {
    const { code, stdout } = await runCli([
      'replay',
      `${CASE}/pnl-nq.tape.jsonl`,
      '--positions',
      `${CASE}/pnl-nq.positions.jsonl`,
    ])
    expect(code).toBe(0)
    expect(stdout).toMatch(/CME_MINI:NQ1! +\+1 +25600 +25650 +last #4\.0 +1 ms +\+1000 /)
    expect(stdout).toMatch(/total USD +\+1000 +0 +0 +\+1000/)
  })

  it('an unknown point value ends with 3 and the config that would help', async () => {
    const { code, stderr } = await runCli([
      'replay',
      `${CASE}/pnl-point-values.tape.jsonl`,
      '--positions',
      `${CASE}/pnl-point-values.positions.jsonl`,
    ])
    expect(code).toBe(3)
    expect(stderr).toContain('{"instruments":{"NYSE:ES":{"pointValue":"…"}}}')
  })

  it('names the file and the line of a wrong position', async () => {
    const path = join(folder, 'positions.jsonl')
    await writeFile(path, '{"instrument":"A","side":"buy","quantity":"1","price":25600}\n')
    const { code, stderr } = await runCli(['replay', `${CASE}/pnl-nq.tape.jsonl`, '--positions', path])
    expect(code).toBe(4)
    expect(stderr).toContain(`${path}:1 price`)
  })
})

describe('verify', () => {
  it('shows the first cause with its file, line and key, and exits with 1', async () => {
    for (const file of ['tape', 'quotes']) {
      await copyFile(`${CASE}/reconnect.${file}.jsonl`, join(folder, `case.${file}.jsonl`))
    }
    const alone = await mkdtemp(join(folder, 'verify-'))
    await copyFile(`${CASE}/reconnect.tape.jsonl`, join(alone, 'case.tape.jsonl'))
    const golden = await readFile(`${CASE}/reconnect.quotes.jsonl`, 'utf8')
    await writeFile(join(alone, 'case.quotes.jsonl'), golden.replace('"last":"25651"', '"last":"25652"'))
    const { code, stdout } = await runCli(['verify', alone])
    expect(code).toBe(1)
    expect(stdout).toContain('case.quotes.jsonl:3 fields.last\n  expected  "25652"\n  found     "25651"')
    expect((await runCli(['verify', alone, '--update', '--reason', 'a test'])).code).toBe(0)
    expect(await readFile(join(alone, 'case.quotes.jsonl'), 'utf8')).toBe(golden)
    expect((await runCli(['verify', alone])).code).toBe(0)
  })

  it('a tape without its twin, and a twin without its tape, are differences', async () => {
    const alone = await mkdtemp(join(folder, 'verify-'))
    await copyFile(`${CASE}/reconnect.tape.jsonl`, join(alone, 'case.tape.jsonl'))
    await writeFile(join(alone, 'other.quotes.jsonl'), '')
    const { code, stdout } = await runCli(['verify', alone])
    expect(code).toBe(1)
    expect(stdout).toContain('differs  case')
    expect(stdout).toContain('orphan   other.quotes.jsonl')
  })
})
