export { type LeftOut, UNKNOWN_FEED } from './har-selection.ts'
export { type ImportOptions, type ImportReport, importHar } from './import-har.ts'
