export * from './feed.ts'
export { FEEDS, feedNamed, feedOf } from './registry.ts'
