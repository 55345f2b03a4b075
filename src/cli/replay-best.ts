import { FeedtapeError } from '../model/errors.ts'
import { bestSource, type ChosenSource, countWords } from '../pnl/index.ts'
import { closeTapes, openTapes } from './tapes.ts'

const STANDARD_INPUT = '-'

/** The tapes' best source of positions, by a first reading of them. Throws `usage`. */
export async function bestOf(
  paths: readonly string[],
  settings: ReadonlyMap<string, unknown>,
): Promise<ChosenSource> {
  if (paths.includes(STANDARD_INPUT)) {
    throw new FeedtapeError('usage', 'standard input cannot be read twice, to look for positions first', {
      where: 'feedtape replay -',
      expected: '--positions, or tapes that have a name',
      found: 'neither',
      next: 'name the source: --positions fills, broker, signals or FILE',
    })
  }
  const tapes = await openTapes(paths)
  try {
    return bestSource(await countWords(tapes, settings))
  } finally {
    await closeTapes(tapes)
  }
}
