/** What sets positions of one instrument apart where their source does: an account's, and a strategy's, are its own. */
export interface PositionLabel {
  readonly account?: string
  readonly strategy?: string
  readonly timeframe?: string
}

interface LabelWords {
  readonly account?: string | undefined
  readonly strategy?: string | undefined
  readonly timeframe?: string | undefined
}

/** Nothing where none of it is said. */
export function labelOf({ account, strategy, timeframe }: LabelWords): PositionLabel | undefined {
  if (account === undefined && strategy === undefined && timeframe === undefined) return undefined
  return {
    ...(account === undefined ? {} : { account }),
    ...(strategy === undefined ? {} : { strategy }),
    ...(timeframe === undefined ? {} : { timeframe }),
  }
}

/** What a ledger keeps a position under: its instrument's identity, and the label where there is one. */
export function positionKey(instrument: string, label: PositionLabel | undefined): string {
  if (label === undefined) return instrument
  return JSON.stringify([instrument, ...wordsOf(label).map(word => word ?? null)])
}

export function sameLabel(a: PositionLabel | undefined, b: PositionLabel | undefined): boolean {
  return positionKey('', a) === positionKey('', b)
}

/** For people: `A ROG-15SV 15`. */
export function labelText(label: PositionLabel | undefined): string {
  return label === undefined
    ? ''
    : wordsOf(label)
        .filter(word => word !== undefined)
        .join(' ')
}

function wordsOf({ account, strategy, timeframe }: PositionLabel): readonly (string | undefined)[] {
  return [account, strategy, timeframe]
}
