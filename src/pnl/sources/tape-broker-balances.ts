import type { BalanceObservation } from '../../model/account.ts'
import { decimalText } from '../../model/decimal.ts'
import type { JsonObject } from '../../model/observation.ts'
import { type EpochMicros, isoFromEpochMicros } from '../../model/time.ts'
import { bookKey } from '../lines.ts'

/** What an account has in one currency, by its broker's last word: for reading beside the figures, never in them. */
export interface BalanceReport extends Pick<BalanceObservation, 'account' | 'currency' | 'amount'> {
  /** Net of fees where the venue says so. */
  readonly realizedPnl?: BalanceObservation['realizedPnl']
  readonly tradeDate?: string
  /** Of its receipt. */
  readonly at: EpochMicros
}

/** The newest balance of each account and currency: by the time that it names, and at one time by receipt. */
export class BrokerBalances {
  readonly #balances = new Map<string, { readonly word: BalanceObservation; readonly at: EpochMicros }>()

  take(word: BalanceObservation, at: EpochMicros): void {
    const key = JSON.stringify([word.account ?? null, word.currency ?? null])
    const known = this.#balances.get(key)?.word
    if (word.change === 'deleted') {
      if (known?.id === word.id) this.#balances.delete(key)
    } else if (word.time === undefined || known?.time === undefined || word.time >= known.time) {
      this.#balances.set(key, { word, at })
    }
  }

  takeBack(id: string): void {
    for (const [key, { word }] of this.#balances) if (word.id === id) this.#balances.delete(key)
  }

  /** Of that account only, where one was asked for. */
  report(asked: string | undefined): readonly BalanceReport[] {
    return [...this.#balances.values()]
      .filter(({ word }) => asked === undefined || word.account === asked)
      .map(({ word: { account, currency, amount, realizedPnl, tradeDate }, at }) => ({
        amount,
        at,
        ...(account === undefined ? {} : { account }),
        ...(currency === undefined ? {} : { currency }),
        ...(realizedPnl === undefined ? {} : { realizedPnl }),
        ...(tradeDate === undefined ? {} : { tradeDate }),
      }))
  }
}

/** `currency` is the wire's word: Tradovate's id of it. */
export function balanceLine(balance: BalanceReport, book?: string): JsonObject {
  const { account, currency, amount, realizedPnl, tradeDate, at } = balance
  return {
    kind: 'balance',
    ...bookKey(book),
    account: account ?? null,
    currency: currency ?? null,
    amount: decimalText(amount),
    realizedPnl: realizedPnl === undefined ? null : decimalText(realizedPnl),
    tradeDate: tradeDate ?? null,
    at: isoFromEpochMicros(at),
  }
}
