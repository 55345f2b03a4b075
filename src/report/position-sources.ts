import type { BrokerSourceReport, FillsSourceReport } from '../pnl/index.ts'
import { figureText, signedText } from './figures.ts'
import { counted, grouped, plain } from './table.ts'

type Remark = readonly [count: number, what: string]

/** Where the tapes' own fills are the source: whose they are, and what became of those that are not counted. */
export function fillsLines(source: FillsSourceReport): string[] {
  const { account, fills, otherAccounts, brokerDiffers = 0 } = source
  const remarks: readonly Remark[] = [
    [source.repeated, 'told again'],
    [source.corrected, 'corrected'],
    [source.takenBack, 'taken back'],
    [source.withoutAccount, 'left out: nobody has said whose they are'],
    [source.beforeTheCut, 'left out: from before the cut'],
    [source.foreignFees, 'fees left out: a second currency for one fill'],
    [source.repeatedFees ?? 0, 'fees told again'],
    [source.correctedFees ?? 0, 'fees corrected'],
    ...silences(source),
  ]
  const what = `${counted(fills, 'fill')}${of(account)}, in the order of receipt`
  const lines = [sourceText(what, remarks, otherAccounts)]
  if (brokerDiffers === 0) return lines
  const differ = brokerDiffers === 1 ? 'position differs' : 'positions differ'
  return [...lines, `${grouped(brokerDiffers)} ${differ} from the broker’s at the end: feedtape reconcile`]
}

/** Where the broker's own positions are: figures rest on its words, and balances stand beside them. */
export function brokerLines(source: BrokerSourceReport): string[] {
  const { account, contracts, otherAccounts, balances = [] } = source
  const remarks: readonly Remark[] = [
    [source.words, 'stated'],
    [source.repeated, 'told again'],
    [source.outdated, 'left out: older than what is known'],
    [source.takenBack, 'taken back'],
    [source.unlisted, 'flat because a whole list has them no more'],
    [source.withoutAccount, 'left out: nobody has said whose they are'],
    ...silences(source),
  ]
  const what = `words of the broker on ${counted(contracts, 'contract')}${of(account)}; realized is of its trade date`
  return [
    sourceText(what, remarks, otherAccounts),
    ...balances.map(({ account: whose, currency, amount, realizedPnl, tradeDate }) => {
      const parts = [
        `balance${of(whose)}: ${figureText(amount)} (currency ${currency ?? 'unknown'})`,
        ...(realizedPnl === undefined ? [] : [`realized ${signedText(realizedPnl)} by the broker`]),
        ...(tradeDate === undefined ? [] : [tradeDate]),
      ]
      return plain(parts.join(' · '), Number.POSITIVE_INFINITY)
    }),
  ]
}

function silences({ gaps = 0, unconfirmed = 0 }: FillsSourceReport | BrokerSourceReport): readonly Remark[] {
  return [
    [gaps, gaps === 1 ? 'gap' : 'gaps'],
    [unconfirmed, unconfirmed === 1 ? 'position not confirmed since' : 'positions not confirmed since'],
  ]
}

function sourceText(what: string, remarks: readonly Remark[], otherAccounts: readonly string[]): string {
  const said = remarks.flatMap(([count, text]) => (count === 0 ? [] : [`${grouped(count)} ${text}`]))
  const others = otherAccounts.length === 0 ? [] : [`other accounts left out: ${otherAccounts.join(', ')}`]
  return `positions: the tapes’ ${plain([what, ...said, ...others].join(' · '), Number.POSITIVE_INFINITY)}`
}

function of(account: string | undefined): string {
  return account === undefined ? '' : ` of account ${account}`
}
