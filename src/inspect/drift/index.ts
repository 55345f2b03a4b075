export { compareSchemas } from './compare-schemas.ts'
export { cutFixtures, type Fixture } from './cut-fixtures.ts'
export {
  type Change,
  type DriftFinding,
  type DriftReport,
  SEVERITIES,
  type Severity,
  worstOf,
} from './drift-report.ts'
export { Evidence, type ShownBy } from './evidence.ts'
export { smallestCover } from './smallest-cover.ts'
