import type { Decimal } from '../../model/decimal.ts'
import type { InstrumentFacts } from '../../model/observation.ts'
import type { EpochMicros } from '../../model/time.ts'
import { said } from './entity-fields.ts'

/** Of whom an entity speaks: the contract's id as text, and the account's where it is known. */
export interface Whose {
  readonly name: string
  readonly account?: string
}

const NOBODY: Whose = { name: '' }

export interface Contract {
  readonly symbol: string
  readonly maturity?: string
}

export interface Maturity {
  readonly product?: string
  readonly expires?: EpochMicros
  readonly isFront?: boolean
}

export interface Product {
  readonly root?: string
  readonly type?: string
  readonly description?: string
  readonly currency?: string
  readonly pointValue?: Decimal
  readonly tickSize?: Decimal
  readonly fractional?: boolean
}

/**
 * What one connection has told of who belongs to whom, by entity type and id: ids are unique within a type only.
 * A fill names its order and not its account, a fee its fill, a pair its position; a contract names its maturity,
 * and that its product. No quantity and no price of an account is kept here.
 */
export class EntityBook {
  readonly #orders = new Map<string, Whose>()
  readonly #fills = new Map<string, Whose>()
  readonly #positions = new Map<string, Whose>()
  readonly #contracts = new Map<string, Contract>()
  readonly #maturities = new Map<string, Maturity>()
  readonly #products = new Map<string, Product>()
  readonly #currencies = new Map<string, string>()
  readonly #contractsOf = new Map<string, Set<string>>()
  readonly #maturitiesOf = new Map<string, Set<string>>()
  readonly #productsOf = new Map<string, Set<string>>()

  learnOrder(id: string, whose: Whose): void {
    this.#orders.set(id, whose)
  }

  learnFill(id: string, whose: Whose): void {
    this.#fills.set(id, whose)
  }

  learnPosition(id: string, whose: Whose): void {
    this.#positions.set(id, whose)
  }

  whoseOrder(id: string | undefined): Whose {
    return this.#orders.get(id ?? '') ?? NOBODY
  }

  whoseFill(id: string): Whose {
    return this.#fills.get(id) ?? NOBODY
  }

  whosePosition(id: string | undefined): Whose {
    return this.#positions.get(id ?? '') ?? NOBODY
  }

  /** What is known of it now, with its maturity and its product as far as they are known. */
  learnContract(id: string, contract: Contract): readonly InstrumentFacts[] {
    this.#contracts.set(id, contract)
    if (contract.maturity !== undefined) memberOf(this.#contractsOf, contract.maturity, id)
    return this.#factsOf(id)
  }

  learnMaturity(id: string, maturity: Maturity): readonly InstrumentFacts[] {
    this.#maturities.set(id, maturity)
    if (maturity.product !== undefined) memberOf(this.#maturitiesOf, maturity.product, id)
    return this.#factsOfMaturity(id)
  }

  learnProduct(id: string, product: Product): readonly InstrumentFacts[] {
    this.#products.set(id, product)
    if (product.currency !== undefined) memberOf(this.#productsOf, product.currency, id)
    return this.#factsOfProduct(id)
  }

  learnCurrency(id: string, name: string): readonly InstrumentFacts[] {
    this.#currencies.set(id, name)
    const products = [...(this.#productsOf.get(id) ?? [])]
    return products
      .filter(product => this.#products.get(product)?.currency === id)
      .flatMap(product => this.#factsOfProduct(product))
  }

  #factsOfProduct(id: string): readonly InstrumentFacts[] {
    const maturities = [...(this.#maturitiesOf.get(id) ?? [])]
    return maturities
      .filter(maturity => this.#maturities.get(maturity)?.product === id)
      .flatMap(maturity => this.#factsOfMaturity(maturity))
  }

  #factsOfMaturity(id: string): readonly InstrumentFacts[] {
    const contracts = [...(this.#contractsOf.get(id) ?? [])]
    return contracts
      .filter(contract => this.#contracts.get(contract)?.maturity === id)
      .flatMap(contract => this.#factsOf(contract))
  }

  #factsOf(id: string): readonly InstrumentFacts[] {
    const contract = this.#contracts.get(id)
    if (contract === undefined) return []
    const { product: productId, ...maturity } = this.#maturities.get(contract.maturity ?? '') ?? {}
    const { currency, ...product } = this.#products.get(productId ?? '') ?? {}
    const known = said({ ...maturity, ...product, currency: this.#currencies.get(currency ?? '') })
    return [{ kind: 'instrument', session: '', name: id, symbol: contract.symbol, ...known }]
  }
}

function memberOf(sets: Map<string, Set<string>>, key: string, member: string): void {
  const set = sets.get(key)
  if (set === undefined) sets.set(key, new Set([member]))
  else set.add(member)
}
