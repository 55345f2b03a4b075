import { createHash } from 'node:crypto'
import type { Feed } from '../feeds/index.ts'
import { createRedactor, type EntryDraft } from '../tape/index.ts'

/** Opens nothing anywhere, and has the looks of what does: no tape holds it. */
export const MADE_UP_TOKEN = 'made-up-0f6c1e-Token'
export const MADE_UP_USER = 'made-up-user'

/**
 * What a recorder would have written: a stand-in wherever a credential was. Its key follows from the session, so that
 * the same seed gives the same bytes; what it hides is public in this file.
 */
export function redacted(drafts: readonly EntryDraft[], feed: Feed, session: string): readonly EntryDraft[] {
  const redactor = createRedactor(createHash('sha256').update(session).digest())
  for (const value of [MADE_UP_TOKEN, MADE_UP_USER]) redactor.learn({ value, place: 'credential' })
  return drafts.map(draft => {
    for (const secret of feed.secrets.find(draft)) redactor.learn(secret)
    return redactor.redactDraft(draft)
  })
}
