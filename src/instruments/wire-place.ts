/** Where a wire said something. */
export interface WirePlace {
  readonly feed: string
  /** The tape's id. */
  readonly tape: string
  readonly seq: number
}

/** `wire:tradovate-market-data`; `wire` where the feed is not known. */
export type WireSource = 'wire' | `wire:${string}`

export function wireSource(place: Pick<WirePlace, 'feed'> | undefined): WireSource {
  return place === undefined || place.feed === '' ? 'wire' : `wire:${place.feed}`
}
