import { FeedtapeError } from '../model/errors.ts'
import { chainParts, type Tape, type TapeReader } from '../tape/index.ts'
import type { SideChoice } from './side-key.ts'

/** A side's tape, or the parts of its recording as the one tape that they are. Throws `usage` where they are none. */
export async function openSide(
  { parts = [], path, text }: SideChoice,
  open: (path: string) => Promise<TapeReader>,
): Promise<Tape> {
  const readers: TapeReader[] = []
  try {
    for (const one of [path, ...parts]) readers.push(await open(one))
    const [tape, ...others] = chainParts(readers)
    if (tape !== undefined && others.length === 0) return tape
    throw new FeedtapeError('usage', 'these are not parts of one recording', {
      where: text,
      expected: 'parts with one id and different numbers',
      found: readers.map(({ header: { id, part = 1 } }) => `part ${part} of ${id}`).join(', '),
      next: 'name the parts of one recording, each once',
    })
  } catch (thrown) {
    for (const reader of readers) await reader.close()
    throw thrown
  }
}

export function isSameTape(one: SideChoice, other: SideChoice): boolean {
  const paths = ({ parts = [], path }: SideChoice): string => [path, ...parts].join('\n')
  return paths(one) === paths(other)
}
