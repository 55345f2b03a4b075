export { type Host, type HostOptions, startHost } from './host.ts'
