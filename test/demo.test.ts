import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { Command } from 'commander'
import { Decimal } from 'decimal.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { demoCommand } from '../src/cli/demo.ts'
import { type ExitCode, explainFailure, type Io } from '../src/cli/io.ts'

let home = ''

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'feedtape-demo-'))
})
afterAll(async () => {
  await rm(home, { recursive: true, force: true })
})

interface Ran {
  readonly code: ExitCode
  readonly stdout: string
  readonly stderr: string
}

async function run(...args: readonly string[]): Promise<Ran> {
  const stdout = new PassThrough()
  const stderr = new PassThrough()
  const io: Io = { stdout, stderr, env: {}, isTerminal: false, isColoured: false }
  const texts = Promise.all([text(stdout), text(stderr)])
  let code: ExitCode = 0
  const program = new Command()
  demoCommand.describe(program.command('demo'), async action => {
    code = await action(io).catch((thrown: unknown) => explainFailure(io, thrown))
  })
  await program.parseAsync(['demo', ...args], { from: 'user' })
  stdout.end()
  stderr.end()
  const [out, err] = await texts
  return { code, stdout: out, stderr: err }
}

describe('the demo refuses', () => {
  test.each(['one', '-1', '1.5', ''])('the seed %j', async seed => {
    const { code, stderr } = await run('--dir', join(home, 'never'), `--seed=${seed}`)
    expect(code).toBe(2)
    expect(stderr).toContain('not a seed')
  })

  test('a folder with files that no demo made, and touches none of them', async () => {
    const dir = await mkdtemp(join(home, 'foreign-'))
    await writeFile(join(dir, 'demo.tape.jsonl'), 'mine')
    const { code, stderr } = await run('--dir', dir)
    expect(code).toBe(4)
    expect(stderr).toContain('the folder holds files that no demo made')
    expect(await readdir(dir)).toEqual(['demo.tape.jsonl'])
    expect(await readFile(join(dir, 'demo.tape.jsonl'), 'utf8')).toBe('mine')
  })
})

/** An instrument's figures by an arithmetic of its own: nothing of src/ is used from here on. */
interface Figures {
  quantity: string
  mark: string
  unrealized: string
  realized: string
  fees: string
  net: string
  worst: string
}

interface Fill {
  readonly at?: string
  readonly instrument: string
  readonly side: 'buy' | 'sell'
  readonly quantity: string
  readonly price: string
  readonly fee: string
}

const POINT_VALUES = new Map([
  ['CME_MINI:NQ1!', 20],
  ['CME_MINI:MNQ1!', 2],
])

interface Tape {
  readonly header: Record<string, unknown>
  readonly entries: readonly Record<string, unknown>[]
  readonly seal: Record<string, unknown> | undefined
}

async function readTape(dir: string): Promise<Tape> {
  const content = await readFile(join(dir, 'demo.tape.jsonl'), 'utf8')
  const lines = content.trimEnd().split('\n')
  const [header = {}, ...rest] = lines.map(line => JSON.parse(line) as Record<string, unknown>)
  const entries = rest.filter(({ kind }) => kind !== 'checkpoint' && kind !== 'seal')
  return { header, entries, seal: rest.find(({ kind }) => kind === 'seal') }
}

/** [µs since 1970, name, last price], in the order of the tape. */
function lastPrices({ header, entries }: Tape): [at: number, name: string, price: string][] {
  const start = microsOf(String(header['start']))
  return entries.flatMap(({ dir, at, text: message }) => {
    if (dir !== 'in' || typeof message !== 'string' || !message.startsWith('~m~')) return []
    return packetsOf(message).flatMap((packet): [number, string, string][] => {
      const { m, p = [] } = packet.startsWith('{')
        ? (JSON.parse(packet) as { m?: string; p?: unknown[] })
        : {}
      if (m !== 'qsd') return []
      const { n, v } = p[1] as { n: string; v: Record<string, unknown> }
      return v['lp'] === undefined ? [] : [[start + Number(at), n, String(v['lp'])]]
    })
  })
}

function packetsOf(message: string): string[] {
  const [, length = '', rest = ''] = /^~m~(\d+)~m~(.*)$/s.exec(message) ?? []
  return rest === '' ? [] : [rest.slice(0, Number(length)), ...packetsOf(rest.slice(Number(length)))]
}

function microsOf(iso: string): number {
  return Math.floor(Date.parse(`${iso.slice(0, 19)}Z`) * 1000 + Number(iso.slice(20, 26)))
}

/** (price − average) × quantity × point value, by hand. */
async function recomputed(dir: string): Promise<Map<string, Figures>> {
  const tape = await readTape(dir)
  const content = await readFile(join(dir, 'demo.positions.jsonl'), 'utf8')
  const fills = content
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line) as Fill)
  const figures = new Map<string, Figures>()
  for (const [name, pointValue] of POINT_VALUES) {
    const events: [at: number, Fill | string][] = [
      ...fills.flatMap((fill): [number, Fill][] =>
        fill.instrument === name ? [[fill.at === undefined ? 0 : microsOf(fill.at), fill]] : [],
      ),
      ...lastPrices(tape).flatMap(([at, n, price]): [number, string][] => (n === name ? [[at, price]] : [])),
    ]
    // A stable sort: at one time the fill comes first.
    events.sort(([a], [b]) => a - b)
    figures.set(
      name,
      figuresOf(
        events.map(([, event]) => event),
        pointValue,
      ),
    )
  }
  return figures
}

function figuresOf(events: readonly (Fill | string)[], pointValue: number): Figures {
  let [quantity, average, realized, fees, unrealized, worst] = Array.from(
    { length: 6 },
    () => new Decimal(0),
  ) as [Decimal, Decimal, Decimal, Decimal, Decimal, Decimal]
  let mark: string | undefined
  for (const event of events) {
    if (typeof event === 'string') mark = event
    else {
      const signed = new Decimal(event.quantity).times(event.side === 'buy' ? 1 : -1)
      // The demo's fills open from flat, or close a part: nothing else is needed here.
      if (quantity.isZero()) average = new Decimal(event.price)
      else realized = realized.minus(signed.times(new Decimal(event.price).minus(average)).times(pointValue))
      quantity = quantity.plus(signed)
      fees = fees.plus(event.fee)
    }
    if (mark !== undefined) unrealized = new Decimal(mark).minus(average).times(quantity).times(pointValue)
    worst = Decimal.min(worst, unrealized)
  }
  return {
    quantity: quantity.toFixed(),
    mark: new Decimal(mark ?? Number.NaN).toFixed(),
    unrealized: unrealized.toFixed(),
    realized: realized.toFixed(),
    fees: fees.toFixed(),
    net: realized.plus(unrealized).minus(fees).toFixed(),
    worst: worst.toFixed(),
  }
}

const FIGURES = ['quantity', 'mark', 'unrealized', 'realized', 'fees', 'net', 'worst'] as const

type JsonLine = Record<string, string | null>

function printedJson(stdout: string): JsonLine[] {
  return stdout
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line) as JsonLine)
}

function printedFigures(stdout: string): Map<string | null | undefined, Figures> {
  const positions = printedJson(stdout).filter(line => line['kind'] === 'position')
  return new Map(
    positions.map(line => [
      line['instrument'],
      Object.fromEntries(FIGURES.map(key => [key, line[key]])) as unknown as Figures,
    ]),
  )
}

describe('the demo', () => {
  let one: Ran
  let oneAgain: Ran
  let two: Ran
  const dir = (name: string) => join(home, name)

  beforeAll(async () => {
    await mkdir(dir('again'))
    await writeFile(join(dir('again'), 'README.txt'), 'Made by feedtape demo --seed 1.')
    await writeFile(join(dir('again'), 'demo.tape.jsonl'), 'the tape of the run before')
    await writeFile(join(dir('again'), 'notes.txt'), 'mine')
    ;[one, oneAgain, two] = await Promise.all([
      run('--dir', dir('one'), '--json'),
      run('--dir', dir('again'), '--seed', '1', '--json'),
      run('--dir', dir('two'), '--seed', '2'),
    ])
  }, 60_000)

  test('ends well', () => {
    expect([one.code, oneAgain.code, two.code]).toEqual([0, 0, 0])
  })

  test('prints the P&L of seed 1 that the tape it left behind gives', async () => {
    expect(printedFigures(one.stdout)).toEqual(await recomputed(dir('one')))
  })

  test('prints the P&L of seed 2 that the tape it left behind gives, for people', async () => {
    const figures = await recomputed(dir('two'))
    const totals = {
      unrealized: new Decimal(0),
      realized: new Decimal(0),
      fees: new Decimal(0),
      net: new Decimal(0),
    }
    for (const [name, expected] of figures) {
      const row = two.stdout.split('\n').find(line => line.includes(name) && line.includes('USD')) ?? ''
      const cells = row.trim().split(/\s{2,}/)
      for (const key of FIGURES)
        expect({ name, cells }).toEqual({ name, cells: expect.arrayContaining([shown(key, expected)]) })
      for (const key of ['unrealized', 'realized', 'fees', 'net'] as const) {
        totals[key] = totals[key].plus(expected[key])
      }
    }
    const total = two.stdout.split('\n').find(line => line.includes('total USD')) ?? ''
    expect(
      total
        .trim()
        .split(/\s{2,}/)
        .slice(1, 5),
    ).toEqual([
      plus(totals.unrealized.toFixed()),
      plus(totals.realized.toFixed()),
      totals.fees.toFixed(),
      plus(totals.net.toFixed()),
    ])
  })

  test('gives the same figures for the same seed, and others for another', async () => {
    const figuresAndTotals = (stdout: string) => ({
      positions: [...printedFigures(stdout)],
      totals: printedJson(stdout).filter(line => line['kind'] === 'total'),
    })
    expect(figuresAndTotals(one.stdout)).toEqual(figuresAndTotals(oneAgain.stdout))
    expect([...(await recomputed(dir('two')))]).not.toEqual([...(await recomputed(dir('one')))])
  })

  test('leaves a sealed tape that says it is synthetic, of two connections with a break between them', async () => {
    const { header, entries, seal } = await readTape(dir('one'))
    expect(header['synthetic']).toBe(true)
    expect(entries.some(({ kind, note }) => kind === 'mark' && String(note).startsWith('synthetic'))).toBe(
      true,
    )
    expect(entries.filter(({ kind }) => kind === 'open').map(({ conn }) => conn)).toEqual([1, 2])
    expect(entries.find(({ kind, conn }) => kind === 'close' && conn === 1)).toMatchObject({ by: 'unknown' })
    expect(seal?.['count']).toBe(entries.length)
  })

  test('has every message on the tape that the venue sent, heartbeats and their echoes among them', async () => {
    const { entries } = await readTape(dir('one'))
    const [{ messagesSent } = {}] = printedJson(one.stdout)
    const heard = entries.filter(
      ({ kind, dir: way, op }) => kind === 'frame' && way === 'in' && op === 'text',
    )
    expect(heard).toHaveLength(Number(messagesSent))
    const beats = entries.filter(({ text: message }) => message === '~m~4~m~~h~1')
    expect(beats.map(({ conn, dir: way }) => `${conn} ${way}`)).toEqual(['1 in', '1 out', '2 in', '2 out'])
  })

  test('replaces the files of a demo before, and touches no other', async () => {
    expect((await readTape(dir('again'))).header['kind']).toBe('header')
    expect(await readFile(join(dir('again'), 'notes.txt'), 'utf8')).toBe('mine')
  })

  test('says where the files are, and leaves nothing else', async () => {
    for (const file of ['demo.tape.jsonl', 'demo.positions.jsonl']) {
      expect(two.stdout).toContain(join(dir('two'), file))
    }
    expect((await readdir(dir('two'))).sort()).toEqual([
      'README.txt',
      'demo.positions.jsonl',
      'demo.tape.jsonl',
    ])
  })
})

function shown(key: (typeof FIGURES)[number], figures: Figures): string {
  const isSigned = key === 'quantity' || key === 'unrealized' || key === 'realized' || key === 'net'
  return isSigned ? plus(figures[key]) : figures[key]
}

function plus(text: string): string {
  return new Decimal(text).gt(0) ? `+${text}` : text
}
