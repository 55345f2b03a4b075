import type { CommandEntry } from './command.ts'

/**
 * In the order of the way of the data, as `--help` lists them. Nothing of a command is imported here: what one of
 * them needs, the others and `--help` do not wait for (docs/decisions/0012-the-package.md).
 */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'record',
    summary: 'a live session to a tape',
    load: async () => (await import('./record.ts')).recordCommand,
  },
  {
    name: 'import',
    summary: 'a foreign capture to a tape',
    load: async () => (await import('./import.ts')).importCommand,
  },
  {
    name: 'quotes',
    summary: 'the quotes that a tape holds, update by update or merged',
    load: async () => (await import('./quotes.ts')).quotesCommand,
  },
  {
    name: 'replay',
    summary: 'tapes and positions to P&L, the same bytes every time',
    load: async () => (await import('./replay.ts')).replayCommand,
  },
  {
    name: 'watch',
    summary: 'live P&L of feeds that are being recorded, for people, programs and frontends',
    load: async () => (await import('./watch.ts')).watchCommand,
  },
  {
    name: 'explain',
    summary: 'how a P&L number comes about, or what makes two runs differ',
    load: async () => (await import('./explain.ts')).explainCommand,
  },
  {
    name: 'reconcile',
    summary: 'fills, signals, broker and your own figures against each other',
    load: async () => (await import('./reconcile.ts')).reconcileCommand,
  },
  {
    name: 'inspect',
    summary: 'what is in a tape, down to what nobody understood',
    load: async () => (await import('./inspect.ts')).inspectCommand,
  },
  {
    name: 'drift',
    summary: 'what changed on a wire from older tapes to newer ones',
    load: async () => (await import('./drift.ts')).driftCommand,
  },
  {
    name: 'diff',
    summary: 'two wires, one market: lag, coverage, differences and what explains them',
    load: async () => (await import('./diff.ts')).diffCommand,
  },
  {
    name: 'check',
    summary: 'whether tapes are whole: every line, every number, every hash',
    load: async () => (await import('./check.ts')).checkCommand,
  },
  {
    name: 'seal',
    summary: 'a tape again, after an edit by hand',
    load: async () => (await import('./seal.ts')).sealCommand,
  },
  {
    name: 'cut',
    summary: 'a slice of a tape, by time, connection, symbol or kind',
    load: async () => (await import('./cut.ts')).cutCommand,
  },
  {
    name: 'scrub',
    summary: 'secrets out of a tape, or a check that there are none',
    load: async () => (await import('./scrub.ts')).scrubCommand,
  },
  {
    name: 'verify',
    summary: 'golden tapes against the code: quotes and P&L',
    load: async () => (await import('./verify.ts')).verifyCommand,
  },
  {
    name: 'search',
    summary: 'instruments by a text: live, or in what tapes say of them',
    load: async () => (await import('./search.ts')).searchCommand,
  },
  {
    name: 'feeds',
    summary: 'the wires that are known, and all about one of them',
    load: async () => (await import('./feeds.ts')).feedsCommand,
  },
  {
    name: 'synth',
    summary: 'one seeded market as a session of every wire, with its truth',
    load: async () => (await import('./synth.ts')).synthCommand,
  },
  {
    name: 'demo',
    summary: 'the whole way on a venue of its own: record, normalize, replay, P&L (seconds, no network)',
    load: async () => (await import('./demo.ts')).demoCommand,
  },
]
