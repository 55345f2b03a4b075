import type { FeeObservation, FillObservation } from '../../model/account.ts'
import { decimalSign } from '../../model/decimal.ts'
import type { InstrumentFacts } from '../../model/observation.ts'
import { said } from '../tradovate/entity-fields.ts'
import type { ExportCells } from './export-cells.ts'

const SESSION = ''

/**
 * What the fill cost and the fill itself, in this order: it is counted with its fee. None where the row has
 * problems, which are told by the cells.
 */
export function readExportFill(
  cells: ExportCells,
  wire: object,
): readonly (FeeObservation | FillObservation)[] {
  const id = cells.id('_id')
  const name = cells.text('Contract')
  const side = cells.side('_action')
  const quantity = cells.quantity('_qty')
  const price = cells.number('_price')
  const time = cells.time('_timestamp')
  const tradeDate = cells.day('_tradeDate')
  const account = cells.id('_accountId')
  const order = cells.id('_orderId')
  const isActive = cells.flag('_active')
  const amount = cells.number('commission')
  cells.confirm()
  cells.lacks({ _id: id, Contract: name, _action: side, _qty: quantity, _price: price, _timestamp: time })
  if (
    id === undefined ||
    name === undefined ||
    side === undefined ||
    quantity === undefined ||
    price === undefined ||
    cells.problems.length > 0
  ) {
    return []
  }
  const whose = said({ account, time, tradeDate })
  const entity = { session: SESSION, name, change: 'snapshot', id, ...whose } as const
  const deal = { side, quantity, price, ...said({ order, isActive }) }
  const fill: FillObservation = { kind: 'fill', ...entity, ...deal, ...wire }
  return amount === undefined ? [fill] : [{ kind: 'fee', ...entity, amount, ...wire }, fill]
}

/** The contract that the row speaks of: its id is what the sockets name it by. */
export function readExportContract(cells: ExportCells): InstrumentFacts | undefined {
  const name = cells.id('_contractId')
  const symbol = cells.text('Contract')
  if (name === undefined || symbol === undefined) return undefined
  const tick = cells.number('_tickSize')
  const tickSize = tick !== undefined && decimalSign(tick) > 0 ? tick : undefined
  const root = cells.text('Product')
  const description = cells.text('Product Description')
  return { kind: 'instrument', session: SESSION, name, symbol, ...said({ description, tickSize, root }) }
}
