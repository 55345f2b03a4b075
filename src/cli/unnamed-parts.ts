import { resolve } from 'node:path'
import { PartChain, partPath, type Tape, TapeReader } from '../tape/index.ts'
import { type Io, tell } from './io.ts'

/** A part of a rotated tape stands for itself only: what is in the others is not in the figures. */
export async function tellUnnamedParts(io: Io, tapes: readonly Tape[]): Promise<void> {
  const named = new Set(
    tapes.flatMap(partsOf).flatMap(({ path }) => (path === undefined ? [] : [resolve(path)])),
  )
  for (const tape of tapes) {
    const parts = partsOf(tape)
    const first = parts[0]?.header.part ?? 1
    if (first > 1) tell(io, `${tape.name}: part ${first} of a recording; the parts before it are not named`)
    const next = await nextOf(parts.at(-1))
    if (next === undefined || named.has(resolve(next))) continue
    tell(io, `${tape.name}: the recording goes on in ${next}, which is not named`)
  }
}

function partsOf(tape: Tape): readonly TapeReader[] {
  return tape instanceof PartChain ? tape.parts : [tape]
}

/** The part behind this one, where it lies beside it: no seal says whether there is one. */
async function nextOf(last: TapeReader | undefined): Promise<string | undefined> {
  if (last === undefined || last.header.derived !== undefined) return undefined
  const { header, path: name } = last
  if (name === undefined) return undefined
  const { id, part = 1 } = header
  const base = part === 1 ? name : name.replace(`.part${part}`, '')
  if (partPath(base, part) !== name) return undefined
  const path = partPath(base, part + 1)
  // Whatever else lies there under that name is none.
  const next = await TapeReader.open(path).catch(() => undefined)
  await next?.close()
  return next?.header.id === id && next.header.part === part + 1 ? path : undefined
}
