import { FeedtapeError } from '../model/errors.ts'

export function severalMeanings(
  instrument: string,
  candidates: readonly string[],
  where: string,
): FeedtapeError {
  return new FeedtapeError('ambiguous', `the instrument ${instrument} has several meanings`, {
    where,
    expected: 'a name that one instrument of the tape has',
    found: candidates.join(', '),
    next: 'write the exchange with it',
  })
}

/** Two averages do not make one: each close was taken from its own position. */
export function twoPositions(from: string, to: string, where: string): FeedtapeError {
  return new FeedtapeError('ambiguous', `${from} and ${to} turn out to be one instrument`, {
    where,
    expected: 'fills of one name, or of two that are known to be one from the beginning',
    found: 'fills of both before that',
    next: `--config FILE with {"instruments":{${JSON.stringify(from)}:{"is":${JSON.stringify(to)}}}}`,
  })
}
