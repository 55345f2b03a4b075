export { type LeftOut, UNKNOWN_FEED } from './har-selection.ts'
export { importCapture } from './import-capture.ts'
export { type ImportOptions, type ImportReport, importHar } from './import-har.ts'
export { importTradovateCsv } from './import-tradovate-csv.ts'
