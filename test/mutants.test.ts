import { spawn } from 'node:child_process'
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FEED_MUTANTS, type Mutant } from './feed-mutants.ts'

const TV = 'feeds/tradingview-socket'

const MUTANTS: readonly Mutant[] = [
  ...FEED_MUTANTS,
  {
    mistake: 'lengths are counted in bytes',
    file: `${TV}/framing.ts`,
    find: 'return { start, end: start + length, framing: start - offset }',
    put: 'return { start, end: start + Buffer.from(message.slice(start)).subarray(0, length).toString().length, framing: start - offset }',
  },
  {
    mistake: 'a wrong length is skipped to the next ~m~',
    file: `${TV}/framing.ts`,
    find: 'if (length > message.length - start) {',
    put: 'if (length > message.length - start && message.indexOf("~m~", start) > 0) {\n    return { start, end: message.indexOf("~m~", start), framing: start - offset }\n  }\n  if (length > message.length - start) {',
  },
  {
    mistake: 'a message with a heartbeat is a heartbeat',
    file: `${TV}/framing.ts`,
    find: 'if (!message.startsWith(MARK, offset)) {',
    put: 'if (offset > 0 && message.includes("~h~")) return { start: offset, reason: "" }\n  if (!message.startsWith(MARK, offset)) {',
  },
  {
    mistake: 'a null is no value (`||`)',
    file: 'feeds/numbers.ts',
    find: 'if (value === null) return null',
    put: 'if (value === null) return { mantissa: 0, scale: 0 }',
  },
  {
    mistake: '1e+100 is a number',
    file: 'feeds/numbers.ts',
    find: 'const NONE = 1e100',
    put: 'const NONE = 1e101',
  },
  {
    mistake: 'binary noise is taken for digits',
    file: 'feeds/numbers.ts',
    find: 'return roundSignificant(decimal, TRUSTED_DIGITS)',
    put: 'return decimal',
  },
  {
    mistake: 'an error is a quote',
    file: `${TV}/read-packet.ts`,
    find: "if (status !== 'ok') return readQsdStatus(name, status, body)",
    put: "if (status === '') return readQsdStatus(name, status, body)",
  },
  {
    mistake: 'a delayed feed is real time',
    file: `${TV}/fields.ts`,
    find: 'return match === null ? undefined : Number(match[1])',
    put: 'return match === null ? undefined : 0',
  },
  {
    mistake: 'an older price that comes late replaces a newer one',
    file: 'normalize/quote-book.ts',
    find: "return typeof time === 'number' && time < quote.newestTime(group)",
    put: "return typeof time === 'number' && time < 0 && quote.updates === group.length",
  },
  {
    mistake: 'the wire’s state outlives its connection',
    file: 'normalize/quote-book.ts',
    find: 'ensure(ensure(this.#connections, tape), conn)',
    put: 'ensure(ensure(this.#connections, tape), 0)',
  },
  {
    mistake: 'the same time again keeps a price young',
    file: 'normalize/quote-book.ts',
    find: "time <= quote.newestTime('last')",
    put: "time < quote.newestTime('last')",
  },
  {
    mistake: 'the time of one key revives its price over another’s',
    file: 'normalize/quote-book.ts',
    find: 'standing === undefined || standing.source === state || samePrice(standing.price, state.last)',
    put: 'standing === undefined || standing !== undefined',
  },
  {
    mistake: 'a price is as late as the last key that spoke',
    file: 'normalize/quote-book.ts',
    find: "if (field === 'delay') state.delay = fields.delay ?? undefined",
    put: "if (field === 'delay') for (const g of ['last', 'bid', 'ask'] as const) Object.assign(quote.group(g)?.source ?? {}, { delay: fields.delay })",
  },
  {
    mistake: 'ages are those of the last event, not of the end',
    file: 'pnl/engine.ts',
    find: 'where nothing was due.\n    for (const book of this.#books) this.#changes.settle(book, at)',
    put: 'where nothing was due.',
  },
  {
    mistake: 'an instrument facts packet makes a price young',
    file: 'pnl/engine.ts',
    find: 'if (isKnownAnew || isLearned) this.#settleFacts(entry, packet)',
    put: 'if (isKnownAnew || isLearned) this.#settleFacts(entry, packet)\n    const q = this.#market.quotes.quote(facts.name)\n    const p = q?.group("last")\n    if (q && p) q.setPrice("last", p.price, undefined, { at: this.#at, seq: 0, packet: 0 }, p.source)\n    if (q) for (const { ledger } of this.#books) ledger.quote(q.name, q, this.#at)',
  },
  {
    mistake: 'a price is fresh for ever',
    file: 'pnl/mark.ts',
    find: 'const staleAt = group.at + staleAfter + 1',
    put: 'const staleAt = Number.POSITIVE_INFINITY',
  },
  {
    mistake: 'a long position exits at the ask',
    file: 'pnl/mark.ts',
    find: "side === 'long' ? 'bid' : 'ask'",
    put: "side === 'long' ? 'ask' : 'bid'",
  },
  {
    mistake: 'the cost of a partial close is cut off, not rounded half to even',
    file: 'model/decimal.ts',
    find: 'if (twice > d || (twice === d && quotient % 2n === 1n)) quotient += 1n',
    put: '',
  },
  {
    mistake: 'a flip keeps the old cost',
    file: 'pnl/position.ts',
    find: 'openCost: isPartial ? subtract(openCost, cost) : multiply(quantity, fill.price)',
    put: 'openCost: isPartial ? subtract(openCost, cost) : openCost',
  },
  {
    mistake: 'an unknown point value is 1',
    file: 'pnl/holding.ts',
    find: 'return units === undefined || pointValue === undefined ? undefined : multiply(units, pointValue.value)',
    put: 'return units === undefined || pointValue === undefined ? units : multiply(units, pointValue.value)',
  },
  {
    mistake: 'fees are a gain',
    file: 'pnl/holding.ts',
    find: 'subtract(realized, this.#position.fees)',
    put: 'realized',
  },
  {
    mistake: 'the worst is the best',
    file: 'pnl/holding.ts',
    find: 'if (compare(units, this.#worst) >= 0) return',
    put: '',
  },
  {
    mistake: 'a fill that is told twice counts twice',
    file: 'pnl/sources/positions-file.ts',
    find: 'repeated.push({ id: fill.id, line: fill.line, firstLine: first.line })\n      continue',
    put: 'repeated.push({ id: fill.id, line: fill.line, firstLine: first.line })',
  },
  {
    mistake: 'the built-in table is believed before the config',
    file: 'instruments/contradictions.ts',
    find: "export const FACT_SOURCES = ['config', 'wire', 'table'] as const",
    put: "export const FACT_SOURCES = ['table', 'wire', 'config'] as const",
  },
  {
    mistake: 'SIL is worth what SI is worth',
    file: 'instruments/symbol.ts',
    find: 'CONTRACTS_BY_ROOT.get(read.root)',
    put: 'CONTRACTS_BY_ROOT.get(read.root.slice(0, 2)) ?? CONTRACTS_BY_ROOT.get(read.root)',
  },
]

const root = resolve(import.meta.dirname, '..')
const fixtures = join(root, 'fixtures')
let house = ''

function verify(part = ''): Promise<{ code: number | null; output: string }> {
  return new Promise((done, reject) => {
    const child = spawn(process.execPath, [join(house, 'bin/feedtape.js'), 'verify', join(fixtures, part)], {
      stdio: ['ignore', 'pipe', 'pipe'],
      // A mutant may run for ever.
      timeout: 20_000,
    })
    let output = ''
    child.stdout.on('data', text => {
      output += text
    })
    child.stderr.on('data', text => {
      output += text
    })
    child.on('error', reject)
    child.on('close', code => done({ code, output }))
  })
}

describe('the golden twins kill', () => {
  beforeAll(async () => {
    house = await mkdtemp(join(tmpdir(), 'feedtape-mutants-'))
    for (const part of ['src', 'bin', 'package.json'])
      await cp(join(root, part), join(house, part), { recursive: true })
    await symlink(join(root, 'node_modules'), join(house, 'node_modules'))
  })
  afterAll(() => rm(house, { recursive: true, force: true }))

  it('nothing where nothing is planted', async () => {
    expect(await verify()).toMatchObject({ code: 0 })
  })

  it.each(MUTANTS.map(mutant => [mutant.mistake, mutant] as const))(
    '%s',
    async (_mistake, { file, find, fixtures: part, put }) => {
      const path = join(house, 'src', file)
      const source = await readFile(path, 'utf8')
      expect(source.split(find), 'the place to plant it in').toHaveLength(2)
      await writeFile(
        path,
        source.replace(find, () => put),
      )
      try {
        const { code, output } = await verify(part)
        // A mutant that cannot run shows nothing: it has to give another answer.
        expect(output).not.toContain('this is a bug in feedtape')
        expect({ code, differs: output.includes('differs') }).toEqual({ code: 1, differs: true })
      } finally {
        await writeFile(path, source)
      }
    },
  )
})
