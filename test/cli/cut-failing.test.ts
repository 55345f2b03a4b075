import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { beforeAll, describe, expect, it } from 'vitest'
import { failsWith, numbersOf, quotes, whenTouched, workshop } from '../edit/smallest/failing.ts'
import { runCli } from './run-cli.ts'

const { next, script, tapeOf } = workshop()
/** Where the program under test puts what it tries. */
const own = next('tmp')
let tape = ''
beforeAll(async () => {
  await mkdir(own)
  tape = await tapeOf(quotes(30))
})

async function cut(...args: readonly string[]) {
  const ran = await runCli(['cut', ...args], { env: { TMPDIR: own } })
  return { ...ran, left: readdirSync(own).filter(name => name.startsWith('feedtape')) }
}

describe('feedtape cut --failing', () => {
  it.each([
    [['--failing', ' '], 'which command fails?'],
    [['--failing', 'false', '--from', '1s'], '--failing finds its slice itself'],
    [['--failing', 'false', '--overwrite'], '--failing finds its slice itself'],
    [['--failing', 'false', '--max-runs', '0'], 'not a number of that'],
    [['--failing', 'false', '--jobs', '65'], 'not a number of that'],
    [['--failing', 'false', '--for', '0s'], 'not a duration'],
    [['--failing', 'false', '--command-timeout', '60'], 'not a duration'],
    [['--failing', 'false', '-o', 'x.tape.jsonl.gz'], 'a cut tape is written plain'],
    [['--failing', 'true'], 'the command does not fail on the whole tape'],
    [['--keep-secrets', '--from', '1s', '-o', 'x'], '--keep-secrets belongs to --failing'],
    [['--from', '1s'], 'where is the new tape to be?'],
  ] as const)('refuses %j with exit code 2, and leaves nothing', async (args, words) => {
    const { code, stdout, stderr, left } = await cut(tape, ...args)
    expect(stderr).toContain(words)
    expect({ code, stdout, left }).toEqual({ code: 2, stdout: '', left: [] })
  })

  it('writes the smallest tape beside the tape, and says what is left of it', async () => {
    const { code, stdout, stderr, left } = await cut(tape, '--failing', await script(failsWith(4, 21)))
    const output = tape.replace('.tape.jsonl', '.smallest.tape.jsonl')
    expect(stdout.split('\n').slice(1)).toEqual([
      '  left      1 open, 2 in:qsd',
      '  fails     exit 7, 3 of 3 times more',
      '  scrubbed  0 stand-ins put in; it still fails',
      '',
    ])
    expect(stdout).toMatch(/^\S+smallest\.tape\.jsonl: 3 of 31 entries, \d+ bytes of [\d.]+ KB; \d+ runs in /)
    expect({ code, stderr, left }).toEqual({ code: 0, stderr: '', left: [] })
    expect(await numbersOf(output)).toEqual([1, 4, 21])
    const again = await cut(tape, '--failing', 'false')
    expect(again).toMatchObject({ code: 4, stderr: expect.stringContaining('the file is there already') })
    expect((await runCli(['scrub', '--check', output])).code).toBe(0)
    expect((await runCli(['check', output])).code).toBe(0)
  })

  it('gives JSON, and exits with 3 where it may not be the smallest', async () => {
    const output = next('out.tape.jsonl')
    const asked = ['--max-runs', '7', '--json', '-o', output]
    const { code, stdout, stderr } = await cut(tape, '--failing', await script(failsWith(4, 21)), ...asked)
    expect(code).toBe(3)
    expect(stderr).toContain('it may not be the smallest: the runs are used up (--max-runs)')
    expect(JSON.parse(stdout)).toMatchObject({
      kind: 'smallest',
      output,
      written: 'scrubbed',
      entries: { before: 31 },
      exitCode: 7,
      isSmallest: false,
      stoppedBy: 'runs',
      confirmed: { failed: 3, of: 3 },
    })
  })

  it('exits with 3 and says so where the command is flaky', async () => {
    const runs = next('runs')
    // Its first failure is the only one.
    const flaky = `echo >> ${runs}; test "$(wc -l < ${runs})" -eq 1 && exit 7; exit 0`
    const command = await script(flaky)
    const { code, stderr } = await cut(
      tape,
      '--failing',
      command,
      '--keep-secrets',
      '-o',
      next('out.tape.jsonl'),
    )
    expect(code).toBe(3)
    expect(stderr).toContain('it failed in 0 of 3 further runs: the command is flaky')
  })

  it('writes nothing and exits with 1 where it no longer fails without its secrets', async () => {
    const path = next('named.tape.jsonl')
    const secrets = next('secrets')
    await writeFile(path, await readFile(tape))
    await writeFile(secrets, '"NSE:A"\n')
    const command = await script('grep -q \'n..:."NSE:A."\' "$1" && exit 7; exit 0')
    const { code, stdout, stderr } = await cut(path, '--failing', command, '--secret-file', secrets)
    expect(stderr).toContain('scrubbed it no longer fails: nothing is written')
    expect(stdout).toContain('not written: 2 of 31 entries')
    expect(code).toBe(1)
    expect(existsSync(path.replace('.tape.jsonl', '.smallest.tape.jsonl'))).toBe(false)
  })

  it('tells that the command fails on anything', async () => {
    const { code, stderr } = await cut(tape, '--failing', 'false', '-o', next('out.tape.jsonl'))
    expect(stderr).toContain('the command fails on a tape without entries, too')
    expect(code).toBe(0)
  })

  it('finds with the release that was right what the present one gets wrong', async () => {
    // The twins are written by one "release" and verified by another, which differ in one entry.
    const verify = `'${process.execPath}' '${resolve('bin/feedtape.js')}' verify`
    const path = next('small.tape.jsonl')
    await writeFile(path, await readFile(await tapeOf(quotes(4))))
    const wrong = `sed -i.old 's/"last":"3"/"last":"4"/' $d/*.quotes.jsonl`
    const command = `d=$(dirname {}); ${verify} $d --update && ${wrong} && ${verify} $d`
    const { code, stderr } = await cut(path, '--failing', command)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(await numbersOf(path.replace('.tape.jsonl', '.smallest.tape.jsonl'))).toEqual([1, 4])
  })

  it('ends at a first Ctrl-C with the smallest so far, and ends what it had started', async () => {
    const [hangs, runs, output] = [next('hangs'), next('runs'), next('out.tape.jsonl')]
    const fifth = `echo >> ${runs}; test "$(wc -l < ${runs})" -eq 5 && echo $$ > ${hangs} && exec sleep 600\n`
    const command = await script(fifth + failsWith(4, 21))
    const launcher = resolve('bin/feedtape.js')
    const child = spawn(process.execPath, [launcher, 'cut', tape, '--failing', command, '-o', output], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const printed = { stdout: '', stderr: '' }
    child.stdout.on('data', chunk => {
      printed.stdout += chunk
    })
    child.stderr.on('data', chunk => {
      printed.stderr += chunk
    })
    const watcher = whenTouched(hangs, () => child.kill('SIGINT'))
    const [code] = await once(child, 'close')
    watcher.close()
    expect(printed.stderr).toContain('it may not be the smallest: the search was ended')
    expect(code).toBe(3)
    expect(printed.stdout).toContain(basename(output))
    expect(await numbersOf(output)).toEqual(expect.arrayContaining([1, 4, 21]))
    // Nothing, or a zombie where nobody reaps orphans.
    const ps = spawn('ps', ['-o', 'stat=', '-p', (await readFile(hangs, 'utf8')).trim()])
    const [state] = await Promise.all([text(ps.stdout), once(ps, 'close')])
    expect(state.trim()).toMatch(/^(?:Z.*)?$/)
  })
})

it('what was tried is in a folder that others cannot read', async () => {
  const seen = next('seen')
  const command = await script(`ls -ld "$(dirname "$(dirname "$1")")" >> ${seen}; exit 1`)
  await cut(tape, '--failing', command, '-o', next('out.tape.jsonl'))
  expect(await readFile(seen, 'utf8')).toMatch(/^drwx------/)
})
