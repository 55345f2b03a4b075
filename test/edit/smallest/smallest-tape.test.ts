import { readFile, stat, truncate, writeFile } from 'node:fs/promises'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { checkForSecrets } from '../../../src/edit/scrub/index.ts'
import { randomInteger, seededRandom } from '../../../src/model/random.ts'
import { Normalizer } from '../../../src/normalize/index.ts'
import { checkTape, type Entry, TapeReader } from '../../../src/tape/index.ts'
import { randomSession } from '../cut/sessions.ts'
import {
  entriesOf,
  failsWith,
  frame,
  numbersOf,
  opened,
  qsd,
  quotes,
  search,
  whenTouched,
  workshop,
} from './failing.ts'

const { next, script, tapeOf } = workshop()

const linesOf = async (path: string): Promise<Map<number, string>> =>
  new Map(
    (await readFile(path, 'utf8')).split('\n').flatMap(line => {
      const seq = /^\{"kind":"\w+","seq":(\d+),/.exec(line)?.[1]
      return seq === undefined ? [] : [[Number(seq), line]]
    }),
  )

/** The entries that these frames say nothing without. */
function withOpens(entries: readonly Entry[], seqs: readonly number[]): number[] {
  const needed = seqs.flatMap(seq => {
    const one = entries.find(entry => entry.seq === seq)
    const open = entries.findLast(
      entry => entry.kind === 'open' && one?.kind === 'frame' && entry.conn === one.conn && entry.seq < seq,
    )
    return open === undefined ? [seq] : [open.seq, seq]
  })
  return [...new Set(needed)].sort((one, other) => one - other)
}

describe('a search for the smallest failing tape refuses', () => {
  it('a command that does not fail, with its exit code and the end of what it printed', async () => {
    const path = await tapeOf(quotes(3))
    const searching = search(path, await script('seq 100; echo all is well >&2; exit 0'))
    await expect(searching).rejects.toMatchObject({
      code: 'usage',
      message: 'the command does not fail on the whole tape',
      found: expect.stringMatching(/^exit 0; the last that it printed:\n[\s\S]*100\nall is well$/),
    })
  })

  it('a command that the shell cannot run, that hangs, and that does not say what it should', async () => {
    const path = await tapeOf(quotes(3))
    const refused = async (command: string, asked: object = {}): Promise<unknown> =>
      await search(path, command, asked).catch((thrown: unknown) => thrown)
    expect(await refused('no-such-program-anywhere')).toMatchObject({ message: 'the command cannot be run' })
    const hanging = await refused(await script('echo begun; sleep 60'), { timeout: 400_000 })
    expect(hanging).toMatchObject({ message: 'the command hangs on the whole tape' })
    expect(await refused(await script('echo one; exit 1'), { saying: 'two' })).toMatchObject({
      message: 'the command fails, but does not say that',
      expected: "a failure that says 'two'",
    })
  })

  it('a failure that is the tape’s damage', async () => {
    const path = await tapeOf(quotes(3))
    await truncate(path, (await stat(path)).size - 60)
    const searching = search(path, await script('grep -q \'"kind":"seal".*"}$\' "$1" || exit 1'))
    await expect(searching).rejects.toMatchObject({
      message: 'the command fails on the tape’s damage only',
    })
  })

  it('an output that is there, before it runs anything', async () => {
    const path = await tapeOf(quotes(3))
    const runs = next('runs')
    await writeFile(`${path}.smallest.tape.jsonl`, 'mine')
    const searching = search(path, await script(`echo >> ${runs}; exit 1`))
    await expect(searching).rejects.toMatchObject({ code: 'file-exists' })
    await expect(stat(runs)).rejects.toThrow()
    expect(await readFile(`${path}.smallest.tape.jsonl`, 'utf8')).toBe('mine')
  })
})

describe('the smallest failing tape', () => {
  it('of random sessions holds what the failure is planted in and what that needs, byte for byte', async () => {
    for (let seed = 1; seed <= 5; seed += 1) {
      const random = seededRandom(seed)
      const path = await tapeOf(randomSession(random, 150))
      const entries = await entriesOf(path)
      const frames = entries.filter(({ kind }) => kind === 'frame')
      const drawn = [0, 0].map(() => frames[randomInteger(random, 0, frames.length - 1)]?.seq ?? 0)
      const planted = [...new Set(drawn)]
      const { output, report } = await search(path, await script(failsWith(...planted)), { jobs: 2 })
      const expected = withOpens(entries, planted)
      const kept = await numbersOf(output)
      expect(kept, `seed ${seed}`).toEqual(expected)
      const [before, after] = [await linesOf(path), await linesOf(output)]
      for (const seq of kept) expect(after.get(seq), `seed ${seed}, entry ${seq}`).toBe(before.get(seq))
      expect((await checkTape(output)).isWhole).toBe(true)
      expect((await checkForSecrets([output])).findings).toEqual([])
      expect(report).toMatchObject({
        written: 'scrubbed',
        exitCode: 7,
        stoppedBy: undefined,
        confirmed: { failed: 3, of: 3 },
        entries: { before: entries.length, after: kept.length },
      })
      expect(report.runs, `seed ${seed}`).toBeLessThan(100)
    }
  })

  it('says in its header how it came about, and can be read by the feed', async () => {
    const { output } = await search(await tapeOf(quotes(40)), await script(failsWith(30)))
    const tape = await TapeReader.open(output)
    await tape.close()
    expect(tape.header).toMatchObject({ derived: 'cut --failing: 2 of 41 entries; scrub', synthetic: true })
    const names: string[] = []
    const normalizer = new Normalizer({ observation: ({ name }) => names.push(name) })
    for (const entry of await entriesOf(output)) normalizer.apply(entry)
    expect(names).toEqual(['NSE:A'])
  })

  it('holds nothing where the command fails on anything', async () => {
    const { output, report } = await search(await tapeOf(quotes(10)), await script('exit 1'))
    expect(await numbersOf(output)).toEqual([])
    expect(report).toMatchObject({ runs: 6, entries: { before: 11, after: 0 }, stoppedBy: undefined })
    expect((await checkTape(output)).isWhole).toBe(true)
  })

  it('keeps the tape’s end where that is what fails, and ends with its last entry otherwise', async () => {
    const path = await tapeOf(quotes(10), 9_000_000)
    const sealed = async (text: string): Promise<number | undefined> => {
      const copy = next('end.tape.jsonl')
      await writeFile(copy, await readFile(path))
      return (await checkTape((await search(copy, await script(text))).output)).seal?.at
    }
    expect(await sealed(failsWith(5))).toBe(40)
    expect(await sealed('grep -q \'"kind":"seal","at":9000000\' "$1" && exit 7; exit 0')).toBe(9_000_000)
  })

  it('takes a failure for another one by its exit code, and by what is said', async () => {
    const path = await tapeOf(quotes(20))
    const text = `grep -q '"seq":9,' "$1" || { echo no quotes; exit 1; }\necho wrong quotes; exit 2\n`
    const copies = await Promise.all(
      ['a', 'b', 'c'].map(async name => {
        const copy = next(`${name}.tape.jsonl`)
        await writeFile(copy, await readFile(path))
        return copy
      }),
    )
    const kept = async (copy: string | undefined, asked: object): Promise<number[]> =>
      await numbersOf((await search(copy ?? '', await script(text), asked)).output)
    expect(await kept(copies[0], {})).toEqual([1, 9])
    expect(await kept(copies[1], { isAnyFailure: true })).toEqual([])
    expect(await kept(copies[2], { isAnyFailure: true, saying: 'wrong quotes' })).toEqual([1, 9])
  })

  it('of a packed tape is plain, under the tape’s own name', async () => {
    const plain = await tapeOf(quotes(20))
    const path = next('packed.tape.jsonl.gz')
    await writeFile(path, gzipSync(await readFile(plain)))
    const text = `case "$1" in *-packed.tape.jsonl) ;; *) exit 0 ;; esac\n${failsWith(4, 17)}`
    const { output } = await search(path, await script(text))
    expect(await numbersOf(output)).toEqual([1, 4, 17])
  })

  it('of a damaged tape is made of what is safe of it', async () => {
    const path = await tapeOf(quotes(20))
    const text = await readFile(path, 'utf8')
    await writeFile(path, text.replace('"seq":8,', '"seq":88,').slice(0, -60))
    const { output, report } = await search(path, await script(failsWith(7, 9)))
    expect(await numbersOf(output)).toEqual([1, 7, 9])
    expect((await checkTape(output)).isWhole).toBe(true)
    expect(report.source.problemCount).toBeGreaterThan(0)
  })

  it('gets the path for {}, from the environment, or behind the command', async () => {
    const path = await tapeOf(quotes(8))
    const ends = [`grep -c '"seq":5,' {} > /dev/null && exit 3 || exit 0`, `! grep -q '"seq":5,'`]
    const own = `if grep -q '"seq":5,' "$FEEDTAPE_TAPE"; then exit 3; fi`
    for (const command of [...ends, own]) {
      const copy = next('path.tape.jsonl')
      await writeFile(copy, await readFile(path))
      expect(await numbersOf((await search(copy, command)).output), command).toEqual([1, 5])
    }
  })
})

describe('a pause', () => {
  it('stays with its resume, and both go where they are not needed', async () => {
    const held = [
      ...quotes(4),
      { kind: 'pause', at: 50, conn: 1, reason: 'the disk' } as const,
      { kind: 'resume', at: 60, conn: 1 } as const,
      frame(70, qsd('NSE:A', { lp: 9 })),
    ]
    const pause = await search(await tapeOf(held), await script(failsWith(6)))
    expect(await numbersOf(pause.output)).toEqual([1, 6, 7])
    const other = await search(await tapeOf(held), await script(failsWith(8)))
    expect(await numbersOf(other.output)).toEqual([1, 8])
  })
})

describe('an exchange', () => {
  it('goes as one, and an answer keeps its request', async () => {
    const url = 'https://scanner.tradingview.com/futures/scan'
    const polled = [1, 2, 3].flatMap(exchange => [
      {
        ...({ kind: 'request', at: exchange, conn: 2, feed: 'tradingview-scanner', exchange } as const),
        ...{ method: 'POST', url, headers: [], text: '{"columns":["close"]}' },
      },
      {
        ...({ kind: 'response', at: exchange, conn: 2, exchange, status: 200, headers: [] } as const),
        text: '{"totalCount":0,"data":[]}',
      },
    ])
    const answer = await search(await tapeOf(polled), await script(failsWith(4)))
    expect(await numbersOf(answer.output)).toEqual([3, 4])
    const request = await search(await tapeOf(polled), await script(failsWith(5)))
    expect(await numbersOf(request.output)).toEqual([5])
  })
})

describe('a search that is ended', () => {
  it('by its runs has the smallest so far, which fails, and says that it may not be the smallest', async () => {
    const { output, report } = await search(await tapeOf(quotes(60)), await script(failsWith(20, 50)), {
      maxRuns: 9,
    })
    expect(report).toMatchObject({ stoppedBy: 'runs', runs: 13, confirmed: { failed: 3, of: 3 } })
    const kept = await numbersOf(output)
    expect(kept).toEqual(expect.arrayContaining([1, 20, 50]))
    expect(kept.length).toBeGreaterThan(3)
    expect(kept.length).toBeLessThan(61)
  })

  it('by its time or by hand likewise, and does not wait for the run that it is in', async () => {
    const path = await tapeOf(quotes(60))
    for (const by of ['time', 'interrupt'] as const) {
      const [runs, hangs] = [next('runs'), next('hangs')]
      const sixth = `echo >> ${runs}; test "$(wc -l < ${runs})" -eq 6 && : > ${hangs} && exec sleep 60\n`
      const copy = next(`${by}.tape.jsonl`)
      await writeFile(copy, await readFile(path))
      const stop = new AbortController()
      let timeIsUp = (): void => {}
      const watcher = whenTouched(hangs, () => (by === 'time' ? timeIsUp() : stop.abort()))
      const { report, output } = await search(copy, await script(sixth + failsWith(20, 50)), {
        stop: stop.signal,
        duration: 1_000,
        timers: {
          after(delay, then) {
            if (delay === 1_000) timeIsUp = then
            return () => {}
          },
        },
      }).finally(() => watcher.close())
      expect(report.stoppedBy).toBe(by)
      expect(report.confirmed).toEqual(by === 'time' ? { failed: 3, of: 3 } : { failed: 0, of: 0 })
      expect(await numbersOf(output)).toEqual(expect.arrayContaining([1, 20, 50]))
    }
  })

  it('by leaving has nothing, and leaves nothing', async () => {
    const [runs, hangs] = [next('runs'), next('hangs')]
    const fifth = `echo >> ${runs}; test "$(wc -l < ${runs})" -eq 5 && : > ${hangs} && exec sleep 60\n`
    const path = await tapeOf(quotes(60))
    const leave = new AbortController()
    const watcher = whenTouched(hangs, () => leave.abort())
    const searching = search(path, await script(fifth + failsWith(20, 50)), { leave: leave.signal })
    await expect(searching.finally(() => watcher.close())).rejects.toThrow('the search was left')
    await expect(stat(`${path}.smallest.tape.jsonl`)).rejects.toThrow()
    expect((await readFile(runs, 'utf8')).split('\n')).toHaveLength(6)
  })
})

describe('a command', () => {
  it('that hangs on some tapes does not fail on them', async () => {
    const hangs = next('hangs')
    const command = await script(`grep -q '"seq":6,' "$1" || { : > ${hangs}; exec sleep 60; }\nexit 7\n`)
    let expire = (): void => {}
    const watcher = whenTouched(hangs, () => expire())
    const timers = {
      after(_: number, then: () => void) {
        expire = then
        return () => {
          expire = () => {}
        }
      },
    }
    const searching = search(await tapeOf(quotes(8)), command, { timers }).finally(() => watcher.close())
    const { output, report } = await searching
    expect(await numbersOf(output)).toEqual([1, 6])
    expect(report.hung).toBeGreaterThan(0)
  })

  it('that is flaky is called so', async () => {
    // Behind the search there are 4 runs: of the first 3 the second one passes.
    const runs = next('runs')
    const { report } = await search(await tapeOf(quotes(8)), await script(failsWith(6)))
    const flaky = `echo >> ${runs}; test "$(wc -l < ${runs})" -eq ${report.runs - 2} && exit 0\n`
    const other = await search(await tapeOf(quotes(8)), await script(flaky + failsWith(6)))
    expect(other.report).toMatchObject({ confirmed: { failed: 2, of: 3 }, written: 'scrubbed' })
    expect(other.report.runs).toBe(report.runs)
  })

  it('finds nothing beside the tape that an earlier run left there', async () => {
    const text = `test -e "$1.mine" && exit 0; : > "$1.mine"\n${failsWith(6)}`
    const { report } = await search(await tapeOf(quotes(8)), await script(text))
    expect(report).toMatchObject({ confirmed: { failed: 3, of: 3 }, written: 'scrubbed' })
  })
})

const TOKEN = 'kq7w0fz2m4x9plainlettersonly'
const secretive = [
  opened,
  frame(10, { m: 'set_auth_token', p: [TOKEN] }, 'out'),
  ...[20, 30, 40].map(at => frame(at, qsd('NSE:A', { lp: at }))),
  frame(50, { m: 'protocol_error', p: [`no rights for ${TOKEN}`] }),
]

describe('secrets', () => {
  it('that only another entry gives away are taken out of the failing one', async () => {
    const { output, report } = await search(await tapeOf(secretive), await script(failsWith(6)))
    expect(await numbersOf(output)).toEqual([1, 6])
    const text = await readFile(output, 'utf8')
    expect(text).not.toContain(TOKEN)
    expect(text).toContain('no rights for ')
    expect(report).toMatchObject({ written: 'scrubbed', replaced: 1, suspicious: 0 })
    expect((await checkTape(output)).isWhole).toBe(true)
  })

  it('that the failure rests on are not written, unless that is asked for', async () => {
    const command = await script(`grep -q 'no rights for ${TOKEN}' "$1" && exit 7; exit 0`)
    const refused = await search(await tapeOf(secretive), command)
    expect(refused.report).toMatchObject({ written: 'nothing', entries: { before: 6, after: 2 } })
    await expect(stat(refused.output)).rejects.toThrow()
    const kept = await search(await tapeOf(secretive), command, { keepSecrets: true })
    expect(kept.report).toMatchObject({ written: 'unscrubbed' })
    expect(await readFile(kept.output, 'utf8')).toContain(TOKEN)
  })

  it('that a command prints are not repeated', async () => {
    const searching = search(await tapeOf(secretive), await script('cat "$1"; exit 0'))
    const error: unknown = await searching.catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ found: expect.stringContaining('no rights for ') })
    expect(JSON.stringify(error)).not.toContain(TOKEN)
  })
})
