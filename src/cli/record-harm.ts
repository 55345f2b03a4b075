import { FeedtapeError } from '../model/errors.ts'
import { counted } from '../report/table.ts'
import type { Harm } from '../tape/index.ts'

/** So many are named. */
const NAMED = 5

/** What others did to the files, as the end of a recording: of the first, with the names of the others. */
export function harmError(harms: readonly [Harm, ...Harm[]], parts: number): FeedtapeError {
  const [first, ...others] = harms
  const { what, expected, found, next } = wordsFor(first, parts)
  const seen = [...(found === undefined ? [] : [found]), ...othersText(others)]
  return new FeedtapeError('file-unwritable', what, {
    where: first.path,
    ...(expected === undefined ? {} : { expected }),
    ...(seen.length === 0 ? {} : { found: seen.join('; ') }),
    next,
  })
}

interface Words {
  readonly what: string
  readonly expected?: string
  readonly found?: string
  readonly next: string
}

function wordsFor(harm: Harm, parts: number): Words {
  const tape = parts === 1 ? 'the tape' : 'this part of the tape'
  const kept = parts === 1 ? 'nothing that was recorded can be read' : 'what stood in it is lost'
  const others = parts === 1 ? '' : '; the other parts can be read where nobody touched them'
  const { kind } = harm
  switch (kind) {
    case 'deleted': {
      const what = `${tape} was deleted while it was recorded`
      return { what, next: `record again; ${kept}${others}` }
    }
    case 'replaced': {
      const what = `another file was put in the place of ${tape} while it was recorded`
      const found = 'a file that this recording did not write'
      return harm.isMoved
        ? { what, found, next: `look for it where it was moved to: it went on there${others}` }
        : { what, found, next: `record again, each recorder with an -o of its own; ${kept}${others}` }
    }
    case 'cut':
    case 'shared': {
      const sizes = {
        expected: `${counted(harm.writtenBytes, 'byte')}, as many as were written`,
        found: counted(harm.sizeBytes, 'byte'),
      }
      return kind === 'cut'
        ? {
            what: `${tape} was cut by somebody else while it was recorded`,
            ...sizes,
            next: `keep it out of what cuts it (logrotate’s copytruncate, a cleanup), and record again${others}`,
          }
        : {
            what: `somebody else wrote into ${tape} while it was recorded`,
            ...sizes,
            next: `record again, each recorder with an -o of its own${others}`,
          }
    }
    default:
      return kind satisfies never
  }
}

function othersText(others: readonly Harm[]): readonly string[] {
  if (others.length === 0) return []
  const names = others.slice(0, NAMED).map(({ kind, path }) => `${path} ${kind}`)
  const more = others.length > NAMED ? `, and ${others.length - NAMED} more` : ''
  return [`other parts were harmed, too: ${names.join(', ')}${more}`]
}
