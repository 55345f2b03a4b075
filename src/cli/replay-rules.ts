import { readFile } from 'node:fs/promises'
import { FeedtapeError, reasonOf } from '../model/errors.ts'
import {
  type BookPlan,
  type PnlOptions,
  parseCurrency,
  parseFeeRule,
  parseMarkChain,
  parseMatching,
  parseRates,
  type RuleName,
  type RulesFrom,
  readPositions,
  readWebhooks,
} from '../pnl/index.ts'
import { type CliConfig, cliConfigOf, type RulesConfig } from './cli-config.ts'
import { type AskedAccount, fillsPlan } from './fills-plan.ts'
import type { Io } from './io.ts'
import { durationOption } from './tapes.ts'

/** The rules of a run as they stand on the command line; what is left out is the config's or the default. */
export interface RuleOptions extends RulesConfig {
  readonly pairs?: true
  readonly stats?: true
  readonly equity?: true
  readonly days?: true
  readonly rate?: readonly string[]
}

const DEFAULTS = { mark: 'last', matching: 'average', staleAfter: '60s', fees: 'fill' }

export interface SourceOptions {
  /** One book each. */
  readonly positions: readonly string[]
  readonly account?: string
  /** The file that says what the bodies of webhooks mean. */
  readonly config?: string
}

/** Throws `usage`. */
export function rulesOf(
  options: RuleOptions,
  { rules = {}, rates = [] }: Pick<CliConfig, 'rules' | 'rates'> = {},
): PnlOptions {
  const said = { ...DEFAULTS, ...written(rules), ...written(options) }
  const matching = parseMatching(said.matching)
  if (options.pairs === true && matching !== 'fifo') {
    throw new FeedtapeError('usage', `${matching} has no pairs`, {
      where: '--pairs',
      expected: '--matching fifo',
      found: `--matching ${matching}`,
      next: 'add --matching fifo: by average no fill closes another, each takes its share of all that is open',
    })
  }
  if (options.rate !== undefined && said.currency === undefined) {
    throw new FeedtapeError('usage', 'a rate alone converts nothing', {
      where: '--rate',
      expected: '--currency with it: the one that all is to be converted to',
      found: options.rate.map(rate => `--rate ${rate}`).join(' '),
      next: 'add --currency, such as --currency USD',
    })
  }
  return {
    chain: parseMarkChain(said.mark),
    staleAfter: durationOption('--stale-after', said.staleAfter),
    matching,
    fees: parseFeeRule(said.fees),
    ...(options.pairs === true ? { pairs: true } : {}),
    ...(options.stats === true ? { stats: true } : {}),
    ...(options.equity === true ? { equity: true } : {}),
    ...(options.days === true ? { showDays: true } : {}),
    ...(said.currency === undefined ? {} : { currency: parseCurrency(said.currency) }),
    // The later one is believed.
    rates: [...rates, ...parseRates(options.rate ?? [])],
    rulesFrom: { ...fromOf(rules, 'config'), ...fromOf(options, 'option') },
  }
}

const RULE_NAMES: readonly RuleName[] = ['mark', 'matching', 'staleAfter', 'fees', 'currency']

/** Those that are said. */
function written(rules: RulesConfig): Partial<Record<RuleName, string>> {
  return Object.fromEntries(
    RULE_NAMES.flatMap(name => (rules[name] === undefined ? [] : [[name, rules[name]]])),
  )
}

function fromOf(rules: RulesConfig, from: 'config' | 'option'): RulesFrom {
  return Object.fromEntries(Object.keys(written(rules)).map(name => [name, from]))
}

/** The words for an account's fills, and its broker's positions, that are on the tapes; a file of that name is `./fills`. */
const OF_ACCOUNTS = ['fills', 'broker'] as const

/** What strategies say on the tapes; with a file behind it, in that file of webhook bodies. */
const SIGNALS = 'signals'
const SIGNALS_IN = `${SIGNALS}:`

/** One plan for each `--positions`, in their order. Throws `usage`, `bad-positions`, `file-missing`. */
export async function plansOf(
  io: Io,
  { positions, account, config }: SourceOptions,
): Promise<readonly BookPlan[]> {
  if (account !== undefined && positions.every(isOfStrategies)) {
    throw new FeedtapeError('usage', 'an account can be chosen among fills and positions only', {
      where: '--account',
      expected: '--positions fills, broker, or a file of fills',
      found: positions.map(source => `--positions ${source}`).join(' '),
      next: 'leave --account out: strategies name none',
    })
  }
  const twice = positions.find((source, index) => positions.indexOf(source) !== index)
  if (twice !== undefined) {
    throw new FeedtapeError('usage', 'a source of positions is named twice', {
      where: `--positions ${twice}`,
      expected: 'each once: every source is a book of its own',
      found: 'the same two times',
      next: 'leave one of them out',
    })
  }
  const plans: BookPlan[] = []
  const isForTapes = OF_ACCOUNTS.some(source => positions.includes(source))
  for (const source of positions) plans.push(await planOf(io, source, { account, isForTapes }, config))
  return plans
}

function isOfStrategies(source: string): boolean {
  return source === SIGNALS || source.startsWith(SIGNALS_IN)
}

async function planOf(
  io: Io,
  source: string,
  asked: AskedAccount,
  config: string | undefined,
): Promise<BookPlan> {
  const { account } = asked
  const from = OF_ACCOUNTS.find(name => name === source)
  if (from !== undefined) return { from, ...(account === undefined ? {} : { account }) }
  if (source === SIGNALS) return { from: 'signals' }
  if (source.startsWith(SIGNALS_IN)) return await webhooksOf(source.slice(SIGNALS_IN.length), config)
  return fillsPlan(io, readPositions(await textOf(source, `--positions ${source}`), source), asked)
}

async function webhooksOf(path: string, config: string | undefined): Promise<BookPlan> {
  const { signals } = await cliConfigOf(config)
  if (signals !== undefined) {
    const text = await textOf(path, `--positions ${SIGNALS_IN}${path}`)
    return { from: 'signals-file', ...readWebhooks(text, path, signals) }
  }
  throw new FeedtapeError('usage', 'nobody has said what the bodies of these webhooks mean', {
    where: `--positions ${SIGNALS_IN}${path}`,
    expected: '--config FILE with "signals": {"ticker":"…","action":"…","quantity":"…","price":"…"}',
    found: config === undefined ? 'no --config' : `no "signals" in ${config}`,
    next: 'write the mapping; feedtape record --config-schema shows its keys',
  })
}

async function textOf(path: string, where: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    throw new FeedtapeError('file-missing', 'the file cannot be read', {
      where,
      found: reasonOf(cause),
      next: 'check the path',
      cause,
    })
  }
}
