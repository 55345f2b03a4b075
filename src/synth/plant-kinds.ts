/** Errors that can be planted in one wire, each by its name on the command line. */
export const PLANTS = {
  'wrong-price': 'one price one tick off, until it changes again',
  'lost-update': 'one update of an instrument is not sent',
  'wrong-multiplier': 'the point value of an instrument is ten times too large',
  'swapped-sides': 'bid and ask of an instrument are exchanged from some time on',
  late: 'the lag grows from the middle on, by a quarter of the time that passes',
  stale: 'an instrument is told of no more from some time on',
  'wrong-fill': 'the price of one fill is one tick off',
} as const

export type PlantKind = keyof typeof PLANTS

export function isPlant(text: string): text is PlantKind {
  return Object.hasOwn(PLANTS, text)
}
