export { type ExchangePlace, exchangeDrafts } from './exchange.ts'
export * from './feed.ts'
export { FEEDS, feedNamed, feedOf, SOCKET_FEEDS, socketFeedNamed } from './registry.ts'
export { feedOfSniffing, isAnyJson, Sniffer, type Sniffing, type SniffMatch, sniff } from './sniff.ts'
