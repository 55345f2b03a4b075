export {
  checkForSecrets,
  type ScrubCheck,
  type ScrubCheckOptions,
  type ScrubFinding,
} from './check-for-secrets.ts'
export { isRandomLooking } from './entropy.ts'
export { type Learned, learnSecrets } from './learn-secrets.ts'
export { type ScrubOptions, type ScrubReport, scrubTape } from './scrub-tape.ts'
