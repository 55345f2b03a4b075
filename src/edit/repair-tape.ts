import type { Header, ReaderOptions } from '../tape/index.ts'
import { isComplete, type Salvaged, salvage } from './salvage.ts'
import { TapeFile } from './tape-file.ts'

export interface RepairOptions {
  readonly output: string
  readonly overwrite?: boolean
  readonly reading?: ReaderOptions
}

/**
 * Writes a new tape with all of a damaged one that is safe: its lines as they stand, a `lost` entry for each hole, new
 * checkpoints and a new seal. The damaged one is read twice, since what was lost stands in the new header. FeedtapeError
 * as TapeReader.open, `file-exists`, `file-unwritable`, or `usage` where the two are one file.
 */
export async function repairTape(path: string, options: RepairOptions): Promise<Salvaged> {
  const reading = options.reading ?? {}
  const found = await salvage(path, reading, async () => undefined)
  const file = await TapeFile.create(options.output, repairedHeader(found), {
    overwrite: options.overwrite === true,
    origin: path,
  })
  try {
    // The bytes are the reader's again when it reads on.
    const { endedAt } = await salvage(path, reading, (entry, line) => file.add(entry, Buffer.from(line)))
    await file.seal(endedAt)
  } catch (thrown) {
    await file.discard()
    throw thrown
  }
  return found
}

/** The chain starts anew: what is derived proves nothing about the part before it. */
function repairedHeader({ header: { previousHash: _, ...header }, ...found }: Salvaged): Header {
  const derived = repairText({ header, ...found })
  return { ...header, derived: header.derived === undefined ? derived : `${header.derived}; ${derived}` }
}

function repairText(found: Salvaged): string {
  if (isComplete(found)) return 'repaired, nothing lost'
  const costs = [
    ...(found.lost === 0 ? [] : [`${found.lost} lost`]),
    ...(found.unproven === 0 ? [] : [`${found.unproven} without proof`]),
    ...(found.held === 0 ? [] : [`${found.held} held`]),
    ...(found.wasSealed ? [] : ['not sealed']),
    ...(found.unread === undefined ? [] : [`${found.unread.sizeBytes} bytes behind its end not read`]),
  ]
  return `repaired: ${costs.join(', ')}`
}
