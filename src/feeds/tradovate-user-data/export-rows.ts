import { cellsOf } from '../../model/csv-row.ts'
import type { Observation } from '../../model/observation.ts'
import type { Disposition } from '../feed.ts'
import { ExportCells } from './export-cells.ts'
import { readExportContract, readExportFill } from './export-fill.ts'

/** The columns of Tradovate's export of fills as A_Fills.csv (January 2026) has them. `_timestamp` is UTC. */
export const EXPORT_COLUMNS: readonly string[] = (
  '_id,_orderId,_contractId,_timestamp,_tradeDate,_action,_qty,_price,_active,_accountId,Fill ID,Order ID,' +
  'Timestamp,Date,Account,B/S,Quantity,Price,_priceFormat,_priceFormatType,_tickSize,Contract,Product,' +
  'Product Description,commission'
).split(',')

/** Without these there is no fill; and an account's name is found by the columns around it. */
const NEEDED = ['_id', '_timestamp', '_action', '_qty', '_price', 'Contract']
const AROUND_THE_ACCOUNT = 'Date,Account,B/S'

/** How a socket's frames begin, and no row. */
const SOCKET = /^(?:a\[|c\[|[oh]$)/

export const EXPORT_HEADER = 'export header'
export const EXPORT_FILL = 'export fill'

export interface ExportReading {
  readonly kind: string
  readonly disposition: Disposition
  readonly reason?: string
  readonly noise?: number
  readonly observations: readonly Observation[]
  /** Without its line end, which is its framing. */
  readonly payload: number
}

/**
 * The rows of an export that stands on a tape as frames, one a row with its line end. The header row says what the
 * columns are; without one (a cut tape) a row is read by the columns that are known, where its cells confirm it.
 */
export class ExportRows {
  readonly #keepWire: boolean
  #columns = EXPORT_COLUMNS
  #isExport = false
  /** By contract id, those that were told. */
  readonly #told = new Set<string>()

  constructor(keepWire: boolean) {
    this.#keepWire = keepWire
  }

  /** `undefined`: not an export's. */
  read(text: string): ExportReading | undefined {
    if (SOCKET.test(text)) return undefined
    const row = text.replace(/\r?\n$/, '')
    const header = columnsOf(row)
    if (header !== undefined) return this.#begin(header, row.length)
    const reading = this.#readRow(row)
    if (this.#isExport) return { ...reading, payload: row.length }
    return reading.disposition === 'read' ? { ...reading, payload: row.length } : undefined
  }

  #begin(columns: readonly string[], payload: number): ExportReading {
    this.#isExport = true
    this.#columns = columns
    const header = { kind: EXPORT_HEADER, observations: [], payload }
    const missing = NEEDED.filter(column => !columns.includes(column))
    if (missing.length === 0) return { ...header, disposition: 'status' }
    return { ...header, disposition: 'malformed', reason: `no column ${missing.join(', ')}` }
  }

  #readRow(line: string): Omit<ExportReading, 'payload'> {
    if (line.trim() === '') return { kind: '(empty)', disposition: 'status', observations: [] }
    const cells = cellsOf(line)
    const broken = { kind: EXPORT_FILL, disposition: 'malformed', observations: [] } as const
    if (cells === undefined) return { ...broken, reason: 'a quote that does not end' }
    if (cells.length !== this.#columns.length) {
      return { ...broken, reason: `${cells.length} cells for ${this.#columns.length} columns` }
    }
    const row = new Map(this.#columns.map((column, place) => [column, cells[place] ?? '']))
    const read = new ExportCells(row)
    const fills = readExportFill(read, this.#keepWire ? { wire: Object.fromEntries(row) } : {})
    const facts = this.#news(read)
    const counted = read.noise === 0 ? {} : { noise: read.noise }
    if (read.problems.length > 0) return { ...broken, reason: read.problems.join('; '), ...counted }
    return { kind: EXPORT_FILL, disposition: 'read', observations: [...facts, ...fills], ...counted }
  }

  /** Once for each contract. */
  #news(cells: ExportCells): readonly Observation[] {
    const facts = readExportContract(cells)
    if (facts === undefined || this.#told.has(facts.name) || cells.problems.length > 0) return []
    this.#told.add(facts.name)
    return [facts]
  }
}

/** The columns, where the row names them. */
function columnsOf(row: string): readonly string[] | undefined {
  const names = row.replace(/^\uFEFF/, '')
  return names.includes(`,${AROUND_THE_ACCOUNT},`) ? cellsOf(names) : undefined
}

/** Whether the text is a row of an export, by itself. */
export function isExportRow(text: string): 'header' | 'fill' | undefined {
  const reading = new ExportRows(false).read(text)
  if (reading?.kind === EXPORT_HEADER) return 'header'
  return reading?.disposition === 'read' ? 'fill' : undefined
}

/** `1/29/26,DEMO1000001, Buy,`: between its date and its side stands the account's name, quoted or not. */
const ACCOUNT = /,\d{1,2}\/\d{1,2}\/\d{2,4},(?:"((?:[^"]|""){1,200})"|([^,"\r\n]{1,200})), ?(?:Buy|Sell),/g

/** As they are written: what is looked for on the tape is the text, its doubled quotes too. */
export function exportAccounts(text: string): readonly string[] {
  if (!/, ?(?:Buy|Sell),/.test(text)) return []
  return [...text.matchAll(ACCOUNT)].map(([, quoted, plain]) => quoted ?? plain ?? '')
}
