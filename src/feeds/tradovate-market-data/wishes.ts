import type { ChosenOptions, OptionSpec } from '../feed.ts'

/** What to ask of each symbol. */
export type Wish = 'quotes' | 'dom' | 'histogram' | 'chart' | 'ticks'

interface Asked {
  readonly endpoint: string
  /** What stands beside the symbol in the body. */
  readonly body: object
}

const CHART_OF = {
  elementSize: 1,
  elementSizeUnit: 'UnderlyingUnits',
  withHistogram: false,
} as const

export const ASKED: Readonly<Record<Wish, Asked>> = {
  quotes: { endpoint: 'md/subscribeQuote', body: {} },
  dom: { endpoint: 'md/subscribeDOM', body: {} },
  histogram: { endpoint: 'md/subscribeHistogram', body: {} },
  chart: {
    endpoint: 'md/getChart',
    body: {
      chartDescription: { underlyingType: 'MinuteBar', ...CHART_OF },
      timeRange: { asMuchAsElements: 1 },
    },
  },
  ticks: {
    endpoint: 'md/getChart',
    body: { chartDescription: { underlyingType: 'Tick', ...CHART_OF }, timeRange: { asMuchAsElements: 1 } },
  },
}

/** `data=quotes,dom`. */
export const DATA: OptionSpec = {
  name: 'data',
  meaning:
    'what to subscribe to for each symbol, with commas: quotes, dom, histogram, chart (1 minute), ticks',
  value: 'quotes',
  refuse(value) {
    const wrong = wordsOf(value).find(word => !isWish(word))
    return wrong === undefined
      ? undefined
      : `data is quotes, dom, histogram, chart, ticks; not ${wrong || 'nothing'}`
  },
}

export function wishesOf(options: ChosenOptions | undefined): readonly Wish[] {
  return [...new Set(wordsOf(options?.['data'] ?? DATA.value).filter(isWish))]
}

function wordsOf(value: string): readonly string[] {
  return value.split(',').map(word => word.trim())
}

function isWish(word: string): word is Wish {
  return Object.hasOwn(ASKED, word)
}
