export { type Difference, differenceOf, differenceText } from './difference.ts'
export { type Discovery, discover, type GoldenCase } from './discover.ts'
export {
  type CaseResult,
  type FolderResult,
  type VerifyOptions,
  verifyCase,
  verifyFolder,
} from './verify.ts'
