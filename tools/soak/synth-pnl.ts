import { MARK_RULES, MATCHINGS } from '../../src/pnl/index.ts'
import type { Comparison } from '../../test/synth/compare.ts'
import { compareTold, compareWithTruth, duesOf, FIGURES, valuedBy } from '../../test/synth/pnl-agreement.ts'
import { compareWires } from '../../test/synth/pnl-pairs.ts'
import type { Session } from '../../test/synth/session.ts'
import { toldOf } from '../../test/synth/standings.ts'
import { scalperOf, strategistOf, type Trader } from '../../test/synth/traders.ts'

/** Values that were compared, and how often a wire had no reason to say one yet. */
export interface PnlFigures {
  withTruth: number
  betweenWires: number
  told: number
  untold: number
}

/** P&L of the same fills at every settled moment: each wire against the truth, and each two against each other. */
export async function pnlFaults(session: Session, figures: PnlFigures): Promise<readonly string[]> {
  const traders = [strategistOf(session.truth), scalperOf(session.truth)]
  const faults: string[] = []
  for (const rule of MARK_RULES) {
    for (const matching of MATCHINGS) {
      const found = await faultsBy(session, traders, { rule, matching }, figures)
      faults.push(...found.map(text => `${rule}, ${matching}: ${text}`))
    }
  }
  return [...faults, ...(await accountFaults(session, figures))]
}

async function faultsBy(
  { told, truth }: Session,
  traders: readonly Trader[],
  rules: Parameters<typeof duesOf>[2],
  figures: PnlFigures,
): Promise<readonly string[]> {
  const dues = duesOf(truth, traders, rules)
  const wires = await Promise.all(told.map(one => valuedBy(truth, one, traders, rules)))
  const withTruth = wires.map(wire => compareWithTruth(wire, dues, truth))
  const between = wires.flatMap((one, n) => wires.slice(n + 1).map(other => compareWires(one, other, truth)))
  figures.withTruth += countOf(withTruth)
  figures.betweenWires += countOf(between)
  figures.untold += withTruth.reduce((sum, { untold }) => sum + untold, 0)
  return [...withTruth, ...between].flatMap(({ differences }) => differences)
}

/** The same by the fills that Tradovate’s account tells on its own tape. */
async function accountFaults({ told, truth }: Session, figures: PnlFigures): Promise<readonly string[]> {
  const [quoting, account] = ['tradovate-market-data', 'tradovate-user-data'].map(feed =>
    told.find(({ side }) => side.name === feed),
  )
  if (quoting === undefined || account === undefined) return []
  const trader = strategistOf(truth)
  const markets = new Set(
    truth.markets.filter(({ contract }) => contract !== undefined).map(({ key }) => key),
  )
  const tapes = [quoting.rendered, account.rendered]
  const results: Comparison[] = []
  for (const matching of MATCHINGS) {
    const rules = { rule: 'exit-side', matching } as const
    const moments = await toldOf(truth, tapes, { from: 'fills' }, rules)
    const dues = duesOf(truth, [trader], rules).get(trader) ?? []
    results.push(compareTold({ side: quoting.side, moments, markets, figures: FIGURES }, dues, truth))
  }
  figures.told += countOf(results)
  return results.flatMap(({ differences }) => differences.map(text => `the account’s fills: ${text}`))
}

function countOf(results: readonly Comparison[]): number {
  return results.reduce((sum, { compared }) => sum + compared, 0)
}
