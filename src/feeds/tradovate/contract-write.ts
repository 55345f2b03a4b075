import type { InstrumentFacts } from '../../model/observation.ts'
import {
  entityJson,
  flagJson,
  idJson,
  type Member,
  member,
  numberJson,
  textJson,
  timeJson,
} from './entity-json.ts'
import type { WrittenEntity } from './entity-write.ts'

/**
 * The entities that say this of a contract, in the order in which they are to be read. `id` is for its maturity,
 * product and currency, of which nothing is known but what they say here; it must be used by no other.
 */
export function writeContract(facts: InstrumentFacts, id: number): readonly WrittenEntity[] | undefined {
  if (isBeyondEntities(facts)) return undefined
  const { name, symbol, currency } = facts
  const product = productMembers(facts)
  const maturity = maturityMembers(facts)
  const hasProduct = product.length > 0 || currency !== undefined
  const hasMaturity = hasProduct || maturity.length > 0
  const own: Member = ['id', String(id)]
  const ofProduct: readonly Member[] = hasProduct ? [['productId', String(id)]] : []
  const ofMaturity: readonly Member[] = hasMaturity ? [['contractMaturityId', String(id)]] : []
  const entities: WrittenEntity[] = []
  const isWritten = [
    currency === undefined || put('currency', [own, ['name', textJson(currency)]]),
    !hasProduct || put('product', [own, ...product, ...member('currencyId', currency, () => String(id))]),
    !hasMaturity || put('contractMaturity', [own, ...maturity, ...ofProduct]),
    put('contract', [['id', idJson(name)], ...member('name', symbol, textJson), ...ofMaturity]),
  ]
  return isWritten.every(Boolean) ? entities : undefined

  function put(type: string, members: readonly Member[]): boolean {
    const json = entityJson(members)
    if (json !== undefined) entities.push({ type, json })
    return json !== undefined
  }
}

function isBeyondEntities(facts: InstrumentFacts): boolean {
  const { session, symbol, exchange, priceScale, minMove, variableTickSize, tickValue, front } = facts
  const beyond = [exchange, priceScale, minMove, variableTickSize, tickValue, front]
  return session !== '' || symbol === undefined || beyond.some(fact => fact !== undefined)
}

function productMembers(facts: InstrumentFacts): readonly Member[] {
  const { root, type, description, pointValue, tickSize, fractional } = facts
  return [
    ...member('name', root, textJson),
    ...member('productType', type, textJson),
    ...member('description', description, textJson),
    ...member('valuePerPoint', pointValue, numberJson),
    ...member('priceFormatType', fractional, is => (is ? '"Fractional"' : '"Decimal"')),
    ...member('tickSize', tickSize, numberJson),
  ]
}

function maturityMembers({ expires, isFront }: InstrumentFacts): readonly Member[] {
  return [...member('expirationDate', expires, timeJson), ...member('isFront', isFront, flagJson)]
}
