import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { FEEDS } from '../../src/feeds/registry.ts'
import { type ImportReport, importCapture } from '../../src/import/index.ts'
import { type FeedAnswers, type Inspection, inspectTape } from '../../src/inspect/index.ts'
import { seededRandom } from '../../src/model/random.ts'
import { inspectionText } from '../../src/report/inspection.ts'
import { TapeReader } from '../../src/tape/index.ts'
import { describeWithSamples } from '../samples.ts'

const folder = mkdtempSync(join(tmpdir(), 'feedtape-all-samples-'))
afterAll(() => rmSync(folder, { recursive: true }))

interface Looked extends Inspection {
  readonly report: ImportReport
}

async function lookAt(path: string, feed?: string): Promise<Looked> {
  const output = join(folder, `${basename(path)}.tape.jsonl`)
  const asked = feed === undefined ? {} : { feed }
  const options = {
    path,
    output,
    overwrite: true,
    all: true,
    random: seededRandom(1),
    version: '0',
    ...asked,
  }
  const report = await importCapture(options)
  return { ...(await inspectTape(await TapeReader.open(output))), report }
}

/** `feed: dispositions` */
function counts({ packets }: Inspection): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(packets.dispositions).filter(([, count]) => count > 0))
}

function kinds({ packets }: Inspection): Readonly<Record<string, number>> {
  return Object.fromEntries(
    packets.kinds.map(({ dir, kind, counts: all }) => [
      `${dir}:${kind}`,
      Object.values(all).reduce((sum, count) => sum + count, 0),
    ]),
  )
}

function only({ answers }: Inspection): FeedAnswers {
  const [one, ...more] = answers
  if (one === undefined || more.length > 0) throw new Error(`${answers.length} feeds on the tape`)
  return one
}

const holds = (answers: FeedAnswers) => answers.expectations?.map(one => one.holds)

describe('every feed that the samples are of', () => {
  test.each([
    'tradingview-socket',
    'tradingview-scanner',
    'tradingview-symbol-search',
    'tradingview-broker-rest',
    'trade-manager',
    'tradovate-market-data',
    'tradovate-user-data',
    'json-socket',
  ])('%s is registered', name => {
    expect(FEEDS.map(feed => feed.name)).toContain(name)
  })
})

describeWithSamples('inspect on every sample', samples => {
  test.each([
    ['tradingview-socket/01_prodata_2025-12-18.har', 'tradingview-socket', 'certain'],
    ['tradingview-socket/01_prodata_2025-12-18.frames.jsonl', 'tradingview-socket', 'certain'],
    ['tradingview-socket/06_btcusdt_2025-07-06.frames.jsonl', 'tradingview-socket', 'certain'],
    ['tradingview-socket/09_short_frames.jsonl', 'tradingview-socket', 'certain'],
    ['tradingview-scanner/real_america_scan_5rows.json', 'tradingview-scanner', 'certain'],
    ['tradingview-scanner/real_error_bodies.jsonl', 'tradingview-scanner', 'likely'],
    [
      'tradingview-symbol-search/real_excerpt_symbol_search_v3_aapl.json',
      'tradingview-symbol-search',
      'certain',
    ],
    [
      'tradingview-symbol-search/real_legacy_symbol_search_rows_highlighted.jsonl',
      'tradingview-symbol-search',
      'likely',
    ],
    ['tradingview-broker-rest/documentation_examples.jsonl', 'tradingview-broker-rest', 'certain'],
    ['trade-manager/ws_messages_transcribed.json', 'trade-manager', 'certain'],
    ['trade-manager/ws_sessions_2025-11-06.json', 'trade-manager', 'certain'],
    ['trade-manager/log_lines.txt', 'trade-manager', 'certain'],
    ['tradovate/ws/demo_user_socket_2026-06-14.frames.jsonl', 'tradovate-user-data', 'certain'],
    ['tradovate/ws/demo_user_sync_2026-08-18_MESU6.jsonl', 'tradovate-user-data', 'likely'],
    ['tradovate/ws/props_fill_2026-09-21_NQZ6.jsonl', 'tradovate-user-data', 'likely'],
    ['tradovate/csv/A_Fills.csv', 'tradovate-user-data', 'certain'],
    ['tradovate/ws/md_quotes_MNQM6_semireal.jsonl', 'tradovate-market-data', 'likely'],
    ['tradovate/ws/documentation_frames_and_errors.jsonl', 'tradovate-market-data', 'certain'],
  ])('%s is recognised as %s: %s', async (file, feed, confidence) => {
    const { header, packets, report } = await lookAt(join(samples, file))
    expect(report.recognised[0]).toMatchObject({ feed, confidence })
    expect(header.feeds).toEqual([feed])
    expect(packets.addsUp).toBe(true)
  })

  test.each([
    'tradingview-scanner/derived_tvscraper_futures_gainers.json',
    'tradingview-scanner/official_scanner_futures_qf.json',
    'tradingview-scanner/real_get_symbol_aapl_nulls.json',
    'tradovate/rest/fill_list_2022-10-25.json',
    'tradovate/rest/position_list_flat_2025-09-17.json',
    'trade-manager/closed_trades_2025-11-06.json',
  ])('%s is no known wire’s by its looks, and nothing of it is quoted', async file => {
    const looked = await lookAt(join(samples, file))
    expect(looked.report.recognised).toMatchObject([{ feed: 'json-socket', confidence: 'possible' }])
    expect(counts(looked)).toEqual({ ignored: 1 })
    expect(inspectionText(looked)).toContain('none of it is quoted')
  })

  test('what is no capture is refused', async () => {
    for (const file of ['README.md', 'tradovate/contract_ids.csv']) {
      await expect(lookAt(join(samples, file))).rejects.toMatchObject({ code: 'bad-capture' })
    }
  })

  test('TradingView’s socket: m and p behind ~m~, last, bid and ask, tickers, no positions', async () => {
    const answers = only(await lookAt(join(samples, 'tradingview-socket/01_prodata_2025-12-18.frames.jsonl')))
    expect(answers.wrapping).toMatchObject({
      isTypeData: 'no',
      framing: '~m~N~m~',
      forms: [{ form: 'm and p' }, { form: 'direct' }],
    })
    const paths = Object.fromEntries(answers.prices.map(({ field, path }) => [field, path]))
    expect(paths).toMatchObject({
      last: 'p.1.v.lp',
      bid: 'p.1.v.bid',
      ask: 'p.1.v.ask',
      volume: 'p.1.v.volume',
    })
    expect(answers.names.map(({ by }) => by)).toEqual(['ticker'])
    expect(answers.positions).toEqual([])
  })

  test('the scanner without its request: rows of which no columns are known, and the structure is shown', async () => {
    const looked = await lookAt(join(samples, 'tradingview-scanner/real_america_scan_5rows.json'))
    expect(kinds(looked)).toEqual({ 'in:rows': 1, 'out:scan': 1 })
    expect(only(looked).wrapping.isTypeData).toBe('no')
    expect(looked.structure.shapes[0]?.fields).toContainEqual(
      expect.objectContaining({ path: 'data.*.s', role: 'symbol' }),
    )
  })

  test('the error bodies are four errors; the search gives 5 and 4 instruments', async () => {
    const errors = await lookAt(join(samples, 'tradingview-scanner/real_error_bodies.jsonl'))
    expect(errors.packets.dispositions.error).toBe(4)
    const v3 = await lookAt(
      join(samples, 'tradingview-symbol-search/real_excerpt_symbol_search_v3_aapl.json'),
    )
    expect(only(v3).names).toMatchObject([{ by: 'ticker', names: 5 }])
    const legacy = await lookAt(
      join(samples, 'tradingview-symbol-search/real_legacy_symbol_search_rows_highlighted.jsonl'),
    )
    expect(only(legacy).names).toMatchObject([{ by: 'ticker', names: 4 }])
  })

  test('the brokers’ examples: 1 quote, 3 trades, 1 daily bar, 1 heartbeat, 2 histories, 1 quotes', async () => {
    const looked = await lookAt(join(samples, 'tradingview-broker-rest/documentation_examples.jsonl'))
    expect(kinds(looked)).toMatchObject({
      'in:quote': 1,
      'in:trade': 3,
      'in:daily bar': 1,
      'in:heartbeat': 1,
      'in:history': 2,
      'in:quotes': 1,
    })
  })

  test('Trade Manager: wrapped, bid and ask, tickers, signals; its greeting has no type; 4 closes and one open', async () => {
    const messages = only(await lookAt(join(samples, 'trade-manager/ws_messages_transcribed.json')))
    expect(messages.wrapping.isTypeData).toBe('yes')
    expect(messages.prices.map(({ field, path }) => `${field} ${path}`)).toEqual([
      'bid data.prices.bid',
      'ask data.prices.ask',
    ])
    expect(messages.names).toMatchObject([{ by: 'ticker', example: 'ES1!' }])
    expect(messages.positions).toMatchObject([{ what: 'signal: open', count: 1 }])
    const sessions = await lookAt(join(samples, 'trade-manager/ws_sessions_2025-11-06.json'))
    expect(kinds(sessions)).toEqual({
      'in:greeting': 4,
      'in:ACCSETUP_COMPLETE': 3,
      'out:AUTH': 5,
      'out:ACCSETUP': 3,
    })
    expect(sessions.connections.map(({ ended }) => ended?.code)).toEqual([1005, 1005, 1005, 1005, undefined])
    expect(only(sessions).wrapping.forms).toMatchObject([
      { form: 'data alone', count: 4 },
      { form: 'type without data', count: 3 },
    ])
  })

  test('Tradovate’s user socket: events and answers in a[…], contract ids, orders and balances pushed', async () => {
    const looked = await lookAt(join(samples, 'tradovate/ws/demo_user_socket_2026-06-14.frames.jsonl'))
    expect(counts(looked)).toEqual({ read: 97, status: 6 })
    const answers = only(looked)
    expect(answers.wrapping).toMatchObject({
      isTypeData: 'no',
      framing: 'a',
      forms: [
        { form: 'e and d', count: 101 },
        { form: 's, i and d', count: 2 },
      ],
    })
    expect(answers.names).toMatchObject([{ by: 'contract id', example: '4327110' }])
    expect(answers.positions.map(({ what }) => what)).toEqual([
      'balance: snapshot',
      'order: created',
      'order: updated',
    ])
    expect(holds(answers)).toEqual(['yes', 'unseen', 'unseen', 'unseen'])
  })

  test('Tradovate’s fills: prices in them, no position and no quote', async () => {
    const fills = only(await lookAt(join(samples, 'tradovate/ws/demo_user_sync_2026-08-18_MESU6.jsonl')))
    expect(fills.positions).toMatchObject([
      { what: 'fill: created', count: 4 },
      { what: 'order: updated', count: 3 },
    ])
    expect(holds(fills)).toEqual(['yes', 'yes', 'unseen', 'unseen'])
  })

  test('Tradovate’s quotes: the fields that they have, by contract id, and pushed', async () => {
    const quotes = only(await lookAt(join(samples, 'tradovate/ws/md_quotes_MNQM6_semireal.jsonl')))
    expect(quotes.prices.map(({ field }) => field)).toEqual(
      expect.arrayContaining(['bid', 'ask', 'last', 'volume', 'high', 'low']),
    )
    expect(quotes.names).toMatchObject([{ by: 'contract id', names: 2 }])
    expect(holds(quotes)).toEqual(['yes', 'yes', 'unseen', 'yes'])
  })

  test('the documented frames, for market data as they are best known, leave nothing unknown', async () => {
    const looked = await lookAt(join(samples, 'tradovate/ws/documentation_frames_and_errors.jsonl'))
    expect(looked.packets.dispositions).toMatchObject({ error: 6, unknown: 0, malformed: 0 })
    expect(holds(only(looked))?.slice(0, 2)).toEqual(['yes', 'yes'])
  })

  test('a position of the REST API is found by the structure alone', async () => {
    const { structure } = await lookAt(join(samples, 'tradovate/rest/position_list_flat_2025-09-17.json'))
    const roles = structure.shapes.flatMap(({ fields }) => fields.map(({ path, role }) => `${path} ${role}`))
    expect(roles).toEqual(
      expect.arrayContaining(['$.*.netPos position', '$.*.contractId contract id', '$.*.timestamp time']),
    )
  })
})
