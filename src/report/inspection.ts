import { DISPOSITIONS, feedNamed, isAnyJson } from '../feeds/index.ts'
import type { ConnectionReport, Finding, Findings, Inspection, SymbolReport } from '../inspect/index.ts'
import { durationText, isoFromEpochMicros, type Micros } from '../model/time.ts'
import { answerLines, structureLines } from './answers.ts'
import { bytesText, counted, grouped, plain, tableLines } from './table.ts'
import { troubleLines } from './troubles.ts'

/** A long tape names thousands of instruments; `--json` has them all. */
const SYMBOLS_SHOWN = 60
const GAPS_SHOWN = 20
const PROBLEMS_SHOWN = 20

/** An inspection as a person reads it: sections with their columns one below the other. */
export function inspectionText(inspection: Inspection): string {
  const sections = [
    tapeLines(inspection),
    connectionLines(inspection),
    packetLines(inspection),
    answerLines(inspection.answers),
    structureSection(inspection),
    symbolLines(inspection.symbols),
    gapLines(inspection),
    delayLines(inspection),
    oddLines(inspection),
    redactionLines(inspection),
  ]
  return sections
    .filter(lines => lines.length > 0)
    .map(lines => lines.join('\n'))
    .join('\n\n')
}

function tapeLines({ name, header, ending, duration, entries }: Inspection): string[] {
  const { generator, source, clock, synthetic, derived } = header
  const kinds = Object.entries(entries)
  const total = kinds.reduce((sum, [, count]) => sum + count, 0)
  const origin = source === undefined ? '' : `, from the ${source.format} ${source.name}`
  const rows = [
    ['tape', plain(name)],
    ['id', header.id],
    ['start', `${header.start}, ${durationText(duration)} long`],
    ['feeds', plain(header.feeds.join(', '))],
    ['made by', plain(`${generator.name} ${generator.version}${origin}; clock ${clock}`)],
    ...(synthetic === true ? [['synthetic', 'yes: no venue sent this']] : []),
    ...(derived === undefined ? [] : [['derived', plain(derived)]]),
    ['entries', `${grouped(total)}: ${kinds.map(([kind, count]) => `${grouped(count)} ${kind}`).join(', ')}`],
    ['end', endingText(ending)],
  ]
  const problems = ending.problems.slice(0, PROBLEMS_SHOWN).map(problem => {
    const entry = problem.entry === undefined ? '' : `, entry ${problem.entry}`
    return [`line ${problem.line}${entry}`, problem.what, found(problem)]
  })
  return [...tableLines(rows), ...tableLines(problems, { indent: 2 })]
}

function endingText({ isSealed, isWhole, problemCount }: Inspection['ending']): string {
  if (isWhole) return 'sealed, every line whole'
  const seal = isSealed ? 'sealed' : 'NOT SEALED: the recording did not end in order'
  return problemCount === 0 ? seal : `${seal}; ${counted(problemCount, 'problem')}`
}

function found(problem: { readonly expected?: string; readonly found?: string }): string {
  if (problem.expected === undefined) return plain(problem.found ?? '')
  return plain(`expected ${problem.expected}, found ${problem.found ?? 'nothing'}`)
}

function connectionLines({ connections, exchanges }: Inspection): string[] {
  if (connections.length === 0) return ['no connections']
  const rows = connections.map(row => [
    String(row.conn),
    plain(row.feed),
    row.isPolled === true ? 'polled' : row.openedAt === undefined ? 'never' : secondsText(row.openedAt),
    endText(row),
    grouped(row.frames.in),
    bytesText(row.bytes.in),
    grouped(row.frames.out),
    bytesText(row.bytes.out),
    row.standing ?? 'not said',
    plain(row.url),
  ])
  const answers = exchanges.map(({ status, count }) => `${grouped(count)} × ${status}`).join(', ')
  return [
    counted(connections.length, 'connection'),
    ...tableLines(rows, {
      indent: 2,
      head: ['conn', 'feed', 'opened', 'closed', 'in', 'bytes', 'out', 'bytes', 'taken for', 'url'],
      align: ['right', 'left', 'right', 'left', 'right', 'right', 'right', 'right'],
    }),
    ...(answers === '' ? [] : [`  HTTP answers: ${answers}`]),
  ]
}

function endText({ openedAt, closedAt, ended, isPolled }: ConnectionReport): string {
  if (isPolled === true && ended === undefined) return ''
  if (ended === undefined || closedAt === undefined) return openedAt === undefined ? '' : 'open to the end'
  const code = ended.code === undefined ? '' : ` ${ended.code}`
  const reason = ended.reason === undefined || ended.reason === '' ? '' : ` (${plain(ended.reason, 60)})`
  return `${secondsText(closedAt)} by ${ended.by}${code}${reason}`
}

function packetLines({ packets }: Inspection): string[] {
  const { messages, lengths, kinds, dispositions, troubles } = packets
  const rows = kinds.map(({ dir, kind, counts }) => [
    `${dir}:${plain(kind, 60)}`,
    ...DISPOSITIONS.map(disposition => (counts[disposition] === 0 ? '' : grouped(counts[disposition]))),
  ])
  const totals = ['all', ...DISPOSITIONS.map(disposition => grouped(dispositions[disposition]))]
  const sum = `payload ${grouped(lengths.payload)} + framing ${grouped(lengths.framing)} + stray ${grouped(lengths.stray)}`
  const verdict = packets.addsUp ? 'it adds up' : 'IT DOES NOT ADD UP: this is a bug in feedtape'
  return [
    `${counted(packets.packets, 'packet')} in ${counted(messages.in + messages.out, 'message')} (${grouped(messages.in)} in, ${grouped(messages.out)} out)`,
    ...tableLines([...rows, totals], {
      indent: 2,
      head: ['kind', ...DISPOSITIONS],
      align: ['left', ...DISPOSITIONS.map(() => 'right' as const)],
    }),
    `  ${sum} = ${grouped(lengths.messages)} units of the messages: ${verdict}`,
    ...(packets.noise === 0
      ? []
      : [`  ${counted(packets.noise, 'value')} of binary noise, read as 15 digits`]),
    ...(packets.unreadable === 0
      ? []
      : [`  ${counted(packets.unreadable, 'frame')} of connections that no known feed reads`]),
    ...troubleLines(troubles),
  ]
}

/** Where a wire is known, its own decoder says it better. */
function structureSection({ answers, structure, packets }: Inspection): string[] {
  const isForeign = answers.some(({ feed }) => feedNamed(feed) === undefined || isAnyJson(feed))
  const isUnread = packets.unreadable > 0 || packets.dispositions.read === 0
  return isForeign || isUnread ? structureLines(structure) : []
}

function symbolLines(symbols: readonly SymbolReport[]): string[] {
  const rows = symbols
    .slice(0, SYMBOLS_SHOWN)
    .map(({ symbol, names, updates, firstAt, lastAt, last, lastTime, mode, delay }) => [
      plain(namesText(symbol, names), 100),
      grouped(updates),
      secondsText(firstAt),
      secondsText(lastAt),
      last === undefined ? '' : (last ?? 'none now'),
      typeof lastTime === 'number' ? isoFromEpochMicros(lastTime) : '',
      plain(mode ?? '', 40),
      typeof delay === 'number' ? `${delay} s` : '',
    ])
  if (rows.length === 0) return ['no quotes']
  return [
    counted(symbols.length, 'symbol'),
    ...tableLines(rows, {
      indent: 2,
      head: ['name', 'updates', 'first', 'latest', 'last', 'traded', 'mode', 'delay'],
      align: ['left', 'right', 'right', 'right', 'right', 'left', 'left', 'right'],
    }),
    ...rest(symbols.length - SYMBOLS_SHOWN, 'more symbol', 'more symbols'),
  ]
}

/** `CME_MINI:NQZ2026, also 3267315`: a decorated name says no more than its symbol. */
function namesText(symbol: string, names: readonly string[]): string {
  const others = names.filter(name => name !== symbol && !name.startsWith('='))
  return others.length === 0 ? symbol : `${symbol}, also ${others.join(', ')}`
}

function gapLines({ gaps }: Inspection): string[] {
  if (gaps.length === 0) return ['no gaps']
  const rows = gaps
    .slice(0, GAPS_SHOWN)
    .map(({ kind, conn, from, to }) => [
      kind,
      `conn ${conn}`,
      secondsText(from),
      'to',
      secondsText(to),
      durationText(to - from),
    ])
  return [
    `${counted(gaps.length, 'gap')} (a heartbeat is no data)`,
    ...tableLines(rows, { indent: 2, align: ['left', 'left', 'right', 'left', 'right', 'right'] }),
    ...rest(gaps.length - GAPS_SHOWN, 'more gap', 'more gaps'),
  ]
}

function delayLines({ symbols, lateness }: Inspection): string[] {
  const declared = new Map<number, string[]>()
  for (const { symbol, delay } of symbols) {
    if (typeof delay === 'number' && delay > 0) {
      declared.set(delay, [...(declared.get(delay) ?? []), symbol])
    }
  }
  const rows = [...declared].map(([delay, names]) => [
    `${delay} s`,
    plain(names.slice(0, 5).join(', ')) + (names.length > 5 ? ` and ${names.length - 5} more` : ''),
  ])
  const { count, min, median, max } = lateness
  const measured =
    min === undefined || median === undefined || max === undefined
      ? 'none measured: no new trade came with its own time'
      : `${secondsText(min)} at least, ${secondsText(median)} in the middle, ${secondsText(max)} at most, of ${counted(count, 'new trade')}`
  return [
    rows.length === 0 ? 'delays: none declared' : 'delays declared',
    ...tableLines(rows, { indent: 2, align: ['right'] }),
    `  lateness beyond that (receipt less the wire's time): ${measured}`,
  ]
}

function oddLines({ afterRemoval, olderQuotes, otherChanges }: Inspection): string[] {
  return [
    ...findingLines(afterRemoval, 'update after removal', 'updates after removal'),
    ...findingLines(olderQuotes, 'older quote that came late', 'older quotes that came late'),
    ...findingLines(
      otherChanges,
      'change that its own prices do not give',
      'changes that their own prices do not give',
      ({ byPrices, change }) => [`${change}, by the prices ${byPrices}`],
    ),
  ]
}

function findingLines<F extends Finding>(
  { count, first }: Findings<F>,
  noun: string,
  plural: string,
  cells: (finding: F) => readonly string[] = () => [],
): string[] {
  if (count === 0) return []
  const rows = first.map(finding => [
    plain(finding.name, 100),
    `entry ${finding.seq}`,
    `packet ${finding.packet}`,
    secondsText(finding.at),
    `conn ${finding.conn}`,
    plain(finding.session, 60),
    ...cells(finding),
  ])
  return [
    counted(count, noun, plural),
    ...tableLines(rows, { indent: 2 }),
    ...rest(count - first.length, 'more'),
  ]
}

function redactionLines({ redactions }: Inspection): string[] {
  if (redactions.length === 0) return []
  const total = redactions.reduce((sum, { count }) => sum + count, 0)
  return [
    `${counted(total, 'secret')} replaced`,
    ...tableLines(
      redactions.map(({ place, count }) => [plain(place), grouped(count)]),
      { indent: 2, align: ['left', 'right'] },
    ),
  ]
}

function rest(count: number, noun: string, plural = noun): string[] {
  return count > 0 ? [`  … and ${counted(count, noun, plural)} (--json has all that is kept)`] : []
}

function secondsText(micros: Micros): string {
  return `${(micros / 1_000_000).toFixed(3)} s`
}
