/** What sets positions of one instrument apart where their source does: a strategy's signals are its own. */
export interface PositionLabel {
  readonly strategy?: string
  readonly timeframe?: string
}

/** What a ledger keeps a position under: its instrument's identity, and the label where there is one. */
export function positionKey(instrument: string, label: PositionLabel | undefined): string {
  if (label === undefined) return instrument
  return JSON.stringify([instrument, label.strategy ?? null, label.timeframe ?? null])
}
