import type { Harm } from '../tape/index.ts'

/** While it is recorded: what happened to a file, and what that means for what still comes. */
export function harmText(harm: Harm, isRotated: boolean): string {
  const { kind, path } = harm
  switch (kind) {
    case 'deleted':
      return isRotated
        ? `${path} was deleted: what is recorded before the next part begins will be gone`
        : `${path} was deleted: what is recorded now will be gone at the end`
    case 'replaced':
      return harm.isMoved
        ? `another file stands at ${path}: the tape goes on where that one was moved to`
        : `another file stands at ${path}, and ours is deleted: what is recorded now will be gone at the end`
    case 'cut':
      return `${path} was cut by somebody else: it has ${harm.sizeBytes} of the ${harm.writtenBytes} bytes written`
    case 'shared':
      return `somebody else writes into ${path}: it has ${harm.sizeBytes} bytes, and ${harm.writtenBytes} are ours`
    default:
      return kind satisfies never
  }
}
