import { FeedtapeError } from '../model/errors.ts'

/** A part of the cases, for one of several machines. */
export interface Shard {
  /** From 1 to `of`. */
  readonly index: number
  readonly of: number
}

/** `2/5`. Throws `usage`. */
export function readShard(text: string): Shard {
  const [, index = '0', of = '0'] = /^(\d{1,6})\/(\d{1,6})$/.exec(text) ?? []
  const shard = { index: Number(index), of: Number(of) }
  if (shard.index >= 1 && shard.index <= shard.of) return shard
  throw new FeedtapeError('usage', 'there is no such shard', {
    where: `--shard ${text}`,
    expected: 'I/N, with I from 1 to N: 1/3, 2/3, 3/3',
    found: text,
  })
}

/** In turn, by their sorted names: neighbours, which are alike in size, go to different shards. */
export function inShard<T>(sorted: readonly T[], shard: Shard | undefined): readonly T[] {
  if (shard === undefined) return sorted
  return sorted.filter((_, place) => place % shard.of === shard.index - 1)
}
