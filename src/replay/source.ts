import type { Entry, Header, Seal } from '../tape/entry.ts'

/** What a replay eats: a tape's reader, or a live recording's entries after redaction and numbering. */
export interface EntrySource {
  readonly header: Header
  /** The next entry that is at hand. */
  next(): Entry | undefined
  /** Gets more; false when there is none to come. */
  fill(): Promise<boolean>
  /** Known once the source has ended, if it was sealed. */
  readonly seal: Seal | undefined
}
