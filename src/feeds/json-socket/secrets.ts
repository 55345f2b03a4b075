import type { FeedSecrets } from '../feed.ts'
import { findForeignSecrets } from '../foreign-secrets.ts'

/** Nobody knows this venue's places: those where any site carries credentials are searched. */
export const secrets: FeedSecrets = { find: findForeignSecrets, harmless: [] }
