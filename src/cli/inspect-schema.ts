import { originsOf, PriceSeries, readSchema, schemaJson, sideBySide } from '../inspect/schema/index.ts'
import { pairsText, schemaText } from '../report/schema.ts'
import { cliConfigOf } from './cli-config.ts'
import { closeCaptures, openCaptures } from './drift-tapes.ts'
import type { OpenCapture } from './foreign-tape.ts'
import { type ExitCode, type Io, say } from './io.ts'
import { tellProblems } from './tapes.ts'

interface Options {
  readonly config?: string
  readonly feed?: string
  readonly json?: true
}

/** `inspect --schema`: what the messages of one or more tapes are built of, and two feeds beside each other. */
export async function inspectSchema(
  io: Io,
  paths: readonly string[],
  { config, feed, json }: Options,
): Promise<ExitCode> {
  const { settings } = await cliConfigOf(config)
  const captures: OpenCapture[] = []
  try {
    for (const path of paths) captures.push(...(await openCaptures(io, path, feed)))
    const tapes = captures.map(({ tape }) => tape)
    const isSeveral = new Set(tapes.flatMap(({ header }) => header.feeds)).size > 1
    const series = new PriceSeries(isSeveral)
    const facts = await readSchema(tapes, { settings, watcher: (read, header) => series.look(read, header) })
    const pairs = facts.feeds.size > 1 ? sideBySide(facts, series.result()) : []
    const origins = originsOf(pairs)
    if (json === true) await say(io, JSON.stringify({ ...schemaJson(facts), pairs, origins }))
    else
      await say(
        io,
        [schemaText(facts), ...(pairs.length === 0 ? [] : [pairsText(pairs, origins)])].join('\n\n'),
      )
    return tellProblems(io, tapes)
  } finally {
    await closeCaptures(captures)
  }
}
