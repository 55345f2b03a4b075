import type { Disposition } from '../packet.ts'
import { isRecord, type JsonRecord } from '../tradingview/json.ts'
import type { Row } from './read-row.ts'
import type { ClientRequest, ScanRequest, SymbolRequest } from './request.ts'
import type { AnswerShape } from './shape.ts'

/** An answer's rows, each with its name and its columns. */
export interface NamedRows {
  readonly kind: 'rows' | 'rows (nameless)' | 'rows (scan2)' | 'symbol'
  readonly rows: readonly Row[]
  /** Rows that could not be used, and why. */
  readonly problems: readonly string[]
}

/** Rows of which nothing can be read, and why. */
export interface Unusable {
  readonly kind: NamedRows['kind']
  readonly disposition: Extract<Disposition, 'ignored' | 'malformed'>
  readonly reason: string
}

/** `undefined`: it is no answer of this wire. */
export function rowsIn(
  shape: AnswerShape,
  request: ClientRequest | undefined,
): NamedRows | Unusable | undefined {
  switch (shape.kind) {
    case 'rows':
      return keyedRows(shape.rows, request)
    case 'nameless':
      return namelessRows(shape.rows, request)
    case 'table':
      return tableRows(shape.fields, shape.rows, request)
    case 'object':
      return request?.kind === 'symbol' ? symbolRow(shape.object, request) : undefined
    case 'error':
    case 'code':
    case 'nothing':
    case 'other':
      return undefined
    default:
      return shape satisfies never
  }
}

/** A scan whose rows can be read at all; or why not. */
function readableScan(
  kind: NamedRows['kind'],
  request: ClientRequest | undefined,
): (ScanRequest & { readonly columns: readonly string[] }) | Unusable {
  if (request?.kind === 'malformed') {
    return { kind, disposition: 'ignored', reason: 'the scan that it answers cannot be read: no columns' }
  }
  if (request?.kind !== 'scan' && request?.kind !== 'scan2') {
    return { kind, disposition: 'ignored', reason: 'the scan that it answers is not on the tape: no columns' }
  }
  const { columns } = request
  if (columns === undefined) {
    return { kind, disposition: 'ignored', reason: 'the body of its scan was not kept: no columns' }
  }
  return convertedTo(kind, request) ?? { ...request, columns }
}

/** Such prices are not the instrument's own. */
function convertedTo(kind: NamedRows['kind'], request: ClientRequest | undefined): Unusable | undefined {
  const currency = request !== undefined && 'convertedTo' in request ? request.convertedTo : undefined
  if (currency === undefined) return undefined
  return { kind, disposition: 'ignored', reason: `asked for in another currency (price_conversion)` }
}

function keyedRows(rows: readonly unknown[], request: ClientRequest | undefined): NamedRows | Unusable {
  const scan = readableScan('rows', request)
  if ('disposition' in scan) return scan
  return gathered('rows', rows, (row, place) => {
    const { s: name, d: values } = row
    if (typeof name !== 'string' || name === '') return `row ${place}: s is no name`
    return rowOf(name, scan.columns, values, 'd')
  })
}

/** Whose row it is can only be told by its place, and only where none is missing and none was added. */
function namelessRows(rows: readonly unknown[], request: ClientRequest | undefined): NamedRows | Unusable {
  const scan = readableScan('rows (nameless)', request)
  if ('disposition' in scan) return scan
  const { tickers, columns, isAsWritten } = scan
  if (!isAsWritten) {
    const reason = 'rows without s, and the scan sorts, filters or pages them: whose they are cannot be told'
    return { kind: 'rows (nameless)', disposition: 'malformed', reason }
  }
  if (rows.length !== tickers.length) {
    const reason = `${rows.length} rows without s for ${tickers.length} tickers: whose they are cannot be told`
    return { kind: 'rows (nameless)', disposition: 'malformed', reason }
  }
  return gathered('rows (nameless)', rows, (row, place) =>
    rowOf(tickers[place] ?? '', columns, row['d'], 'd'),
  )
}

function tableRows(
  fields: readonly unknown[],
  rows: readonly unknown[],
  request: ClientRequest | undefined,
): NamedRows | Unusable {
  const converted = convertedTo('rows (scan2)', request)
  if (converted !== undefined) return converted
  const columns = fields.filter(field => typeof field === 'string')
  if (columns.length < fields.length) {
    return { kind: 'rows (scan2)', disposition: 'malformed', reason: 'fields is no array of strings' }
  }
  return gathered('rows (scan2)', rows, (row, place) => {
    const { s: name, f: values } = row
    if (typeof name !== 'string' || name === '') return `row ${place}: s is no name`
    return rowOf(name, columns, values, 'f')
  })
}

/** An object with nothing in it that was asked for is no row, whatever else it says. */
function symbolRow(object: JsonRecord, { name, fields }: SymbolRequest): NamedRows | undefined {
  if (fields.length > 0 && !fields.some(field => Object.hasOwn(object, field))) return undefined
  const row = { name, columns: Object.keys(object), values: Object.values(object) }
  return { kind: 'symbol', rows: [row], problems: [] }
}

function gathered(
  kind: NamedRows['kind'],
  rows: readonly unknown[],
  read: (row: JsonRecord, place: number) => Row | string,
): NamedRows {
  const good: Row[] = []
  const problems: string[] = []
  for (const [place, row] of rows.entries()) {
    const one = isRecord(row) ? read(row, place) : `row ${place} is no object`
    if (typeof one === 'string') problems.push(one)
    else good.push(one)
  }
  return { kind, rows: good, problems }
}

function rowOf(name: string, columns: readonly string[], values: unknown, key: string): Row | string {
  if (!Array.isArray(values)) return `${name}: ${key} is no array`
  if (values.length !== columns.length)
    return `${name}: ${values.length} values for ${columns.length} columns`
  return { name, columns, values }
}
