import { decimalText } from '../model/decimal.ts'
import { durationText, type Micros } from '../model/time.ts'
import type {
  Progress,
  RecordEnding,
  RecordFigures,
  Recording,
  RecordSummary,
  SourceStatus,
  SourceSummary,
  Status,
  WatchedSymbol,
} from '../record/index.ts'
import { bytesText, counted, grouped, plain } from '../report/table.ts'
import { type Io, tell } from './io.ts'

export interface RecordView {
  show(progress: Progress): void
  note(text: string): void
  /** Takes the live line away. */
  end(): void
}

const WIDTH = 100
const ERASE_LINE = '\r\u001b[2K'

/** On a terminal one line that changes, with notes above it; elsewhere the notes alone. */
export function createRecordView(io: Io): RecordView {
  let line = ''
  const draw = (): void => {
    if (io.isTerminal && line !== '') io.stderr.write(`${ERASE_LINE}${line}`)
  }
  const note = (text: string): void => {
    if (io.isTerminal) io.stderr.write(ERASE_LINE)
    tell(io, plain(text, 1_000))
    draw()
  }
  return {
    note,
    show(progress) {
      if (progress.kind === 'note') return note(noteText(progress))
      line = cut(liveLine(progress), widthOf(io) - 1)
      draw()
    },
    end() {
      if (io.isTerminal && line !== '') io.stderr.write(ERASE_LINE)
      line = ''
    },
  }
}

function noteText({ source, text }: Extract<Progress, { kind: 'note' }>): string {
  return source === undefined ? text : `${source}: ${text}`
}

function liveLine({ at, sources }: Status): string {
  const parts = sources.map(source => sourceText(source, at, sources.length > 1))
  return plain([durationText(at), ...parts].join(sources.length > 1 ? ' | ' : ' · '), 1_000)
}

function sourceText(source: SourceStatus, at: Micros, isOneOfMany: boolean): string {
  const { connections, framesReceived, name, quotes, state, symbols } = source
  const parts = [
    ...(isOneOfMany ? [name] : []),
    connections > 1 ? `${state} (${connections})` : state,
    counted(framesReceived, 'frame'),
    counted(quotes, 'quote'),
    ...symbols.map(symbol => symbolText(symbol, at)),
  ]
  return parts.join(' · ')
}

function symbolText({ name, last, pricedAt }: WatchedSymbol, at: Micros): string {
  const price = last === undefined ? '–' : decimalText(last)
  return pricedAt === undefined ? `${name} ${price}` : `${name} ${price} ${durationText(at - pricedAt)} ago`
}

/** What a person wants to know behind the answer: how long, how whole, what came, of all and of each source. */
export function summaryLines(summary: RecordSummary): readonly string[] {
  const { elapsed, sources } = summary
  const after = `${endingText(summary.ending)} after ${durationText(elapsed)}`
  const [only] = sources
  if (sources.length === 1 && only !== undefined) {
    const [came = '', ...others] = figureLines(only, isOnTape(summary))
    return [`${after}: ${came}`, ...others].map(line => plain(line, 1_000))
  }
  const lines = sources.flatMap(source => {
    const [came = '', ...others] = figureLines(source, isOnTape(summary))
    return [`${source.name}: ${sourceEnding(source)}${came}`, ...others.map(line => `  ${line}`)]
  })
  return [`${after}: ${counted(sources.length, 'source')}`, ...lines].map(line => plain(line, 1_000))
}

function sourceEnding({ ending }: SourceSummary): string {
  if (ending.kind === 'stopped') return ''
  return ending.kind === 'refused' ? 'refused; ' : 'all was asked; '
}

/** All that was recorded can be read there. */
function isOnTape({ entries, harms, written }: RecordSummary): boolean {
  return written === entries && harms.length === 0
}

function figureLines(figures: RecordFigures, isWritten: boolean): readonly string[] {
  const { connections, failures, gaps, quotes, standing, symbols } = figures
  const total = gaps.reduce((sum, gap) => sum + gap.to - gap.from, 0)
  const who = standing === undefined ? '' : `, as ${standing}`
  const failed = failures === 0 ? '' : `, ${counted(failures, 'attempt')} failed`
  const lines = [`${counted(connections, 'connection')}${who}${failed}`]
  if (gaps.length > 0) {
    const shown = gaps
      .slice(0, 5)
      .map(gap => `${durationText(gap.to - gap.from)} at ${durationText(gap.from)}`)
    const more = gaps.length > shown.length ? `, and ${gaps.length - shown.length} more` : ''
    lines.push(`without a connection for ${durationText(total)}: ${shown.join(', ')}${more}`)
  }
  if (quotes === 0) return lines
  const updates = `${counted(quotes, 'quote update')} of ${counted(symbols.length, 'symbol')}`
  return [...lines, updates, ...uncountedLines(figures, isWritten)]
}

/** What the count of quotes leaves out; where nothing was counted it leaves nothing out. */
function uncountedLines({ oversized, unwatched }: RecordFigures, isWritten: boolean): readonly string[] {
  const where = isWritten ? ': the tape has them' : ''
  const reasons = [
    [unwatched - oversized, 'came too fast'],
    [oversized, oversized === 1 ? 'was too large' : 'were too large'],
  ] as const
  return reasons.flatMap(([frames, reason]) =>
    frames === 0 ? [] : [`${counted(frames, 'frame')} ${reason} to be counted as quotes${where}`],
  )
}

function endingText(ending: RecordEnding): string {
  switch (ending.kind) {
    case 'frames':
      return 'all frames that were asked for,'
    case 'time':
      return 'time is up'
    case 'stopped':
      return 'stopped'
    case 'finished':
      return 'all was asked'
    case 'refused':
      return 'refused'
    case 'broken':
      return 'the tape could not be written any longer,'
    default:
      return ending satisfies never
  }
}

/** The path, and the figures that have to agree. */
export function answerText(recording: Recording, summary: RecordSummary): string {
  const { bytes, entries, framesReceived, framesRecorded, framesSent, parts, sealed, written } = summary
  const frames = `${counted(framesReceived, 'frame')} received, ${grouped(framesRecorded)} recorded`
  const seal = sealed === undefined ? 'not sealed' : `sealed with ${grouped(sealed)}`
  const inParts = parts === 1 ? '' : ` in ${parts} parts`
  const tape = `${counted(entries, 'entry', 'entries')}, ${grouped(written)} written, ${seal}, ${bytesText(bytes)}${inParts}`
  return `${recording.path}\n${frames}, ${grouped(framesSent)} sent; ${tape}`
}

export function answerJson(recording: Recording, summary: RecordSummary): string {
  const { bytes, elapsed, ending, entries, harms, sealed, sources } = summary
  return JSON.stringify({
    path: recording.path,
    id: recording.header.id,
    ending: ending.kind,
    ...(ending.kind === 'refused' ? { reason: ending.reason, next: ending.next } : {}),
    elapsedMicros: elapsed,
    ...figuresJson(summary),
    entries,
    written: summary.written,
    sealed: sealed ?? null,
    bytes,
    parts: summary.parts,
    ...(harms.length === 0 ? {} : { harms: harms.map(({ kind, path }) => ({ kind, path })) }),
    sources: sources.map(source => ({
      name: source.name,
      feed: source.feed,
      ending: source.ending.kind,
      ...(source.ending.kind === 'refused' ? { reason: source.ending.reason, next: source.ending.next } : {}),
      ...figuresJson(source),
    })),
  })
}

function figuresJson(figures: RecordFigures): object {
  const { connections, failures, framesReceived, framesRecorded, framesSent } = figures
  return {
    connections,
    failures,
    gaps: figures.gaps.map(({ from, to }) => ({ fromMicros: from, toMicros: to })),
    standing: figures.standing ?? null,
    frames: { received: framesReceived, recorded: framesRecorded, sent: framesSent },
    quotes: figures.quotes,
    unwatched: figures.unwatched,
    symbols: figures.symbols.map(({ name, last, mode, delay, marketState }) => ({
      name,
      last: last === undefined ? null : decimalText(last),
      mode: mode ?? null,
      delaySeconds: delay ?? null,
      marketState: marketState ?? null,
    })),
  }
}

function cut(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, width - 1)}…` : text
}

function widthOf(io: Io): number {
  return 'columns' in io.stderr && typeof io.stderr.columns === 'number' ? io.stderr.columns : WIDTH
}
