export type { HttpFault } from './faults.ts'
export { type Host, type HostOptions, startHost } from './host.ts'
