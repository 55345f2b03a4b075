import { excerpt, FeedtapeError } from '../../model/errors.ts'

/** What a value of a series can be; `gross` is unrealized and realized. */
export const FIGURES = ['unrealized', 'gross', 'net', 'realized'] as const
export type Figure = (typeof FIGURES)[number]

/** Throws `usage`. */
export function parseFigure(text: string): Figure {
  const figure = FIGURES.find(known => known === text)
  if (figure !== undefined) return figure
  throw new FeedtapeError('usage', 'there is no figure of that name', {
    where: '--figure',
    expected: FIGURES.join(', '),
    found: excerpt(text),
    next: 'choose the one that the series shows; without it open P&L is meant, where anything is open',
  })
}
