import { FeedtapeError } from '../model/errors.ts'
import { bestSource, type ChosenSource, countWords } from '../pnl/index.ts'
import { requireRegularFiles } from './regular-files.ts'
import { closeTapes, openTapes } from './tapes.ts'

const STANDARD_INPUT = '-'
const NAME_IT = 'name the source: --positions fills, broker, signals or FILE'

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
      next: NAME_IT,
    })
  }
  await requireRegularFiles(paths, `${NAME_IT}; or write it to a file first`)
  const tapes = await openTapes(paths)
  try {
    return bestSource(await countWords(tapes, settings))
  } finally {
    await closeTapes(tapes)
  }
}
