import { statSync } from 'node:fs'
import { readSideChoice, type SideChoice } from '../diff/index.ts'
import { FeedtapeError } from '../model/errors.ts'
import { chainParts, PartChain, TapeReader } from '../tape/index.ts'

/**
 * The sides of a comparison as they are named: TAPE or TAPE#KEY, where parts of one recording that stand one behind
 * the other, with the same key, are one side. Throws `usage`.
 */
export async function readSides(texts: readonly string[]): Promise<readonly SideChoice[]> {
  const choices = texts.map(choiceOf)
  const sides: SideChoice[] = []
  for (let from = 0; from < choices.length; ) {
    const first = choices[from]
    const length = choices.slice(from).findIndex(({ key }) => !isSameKey(key, first?.key))
    const run = choices.slice(from, length < 0 ? choices.length : from + length)
    sides.push(...(run.length === 1 ? run : await chained(run)))
    from += run.length
  }
  return sides
}

function isSameKey(one: SideChoice['key'], other: SideChoice['key'] | undefined): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}

async function chained(run: readonly SideChoice[]): Promise<readonly SideChoice[]> {
  const readers: TapeReader[] = []
  try {
    for (const { path } of run) readers.push(await TapeReader.open(path))
    const keyText = run[0]?.text.slice(run[0].path.length) ?? ''
    let next = 0
    return chainParts(readers).flatMap(tape => {
      const named = run.slice(next, next + (tape instanceof PartChain ? tape.parts.length : 1))
      next += named.length
      if (!(tape instanceof PartChain)) return named
      const key = named[0]?.key ?? ({ kind: 'all' } as const)
      const [path = '', ...parts] = tape.parts.map(part => run[readers.indexOf(part)]?.path ?? '')
      return [{ path, parts, key, text: `${tape.name}${keyText}` }]
    })
  } finally {
    for (const reader of readers) await reader.close()
  }
}

function choiceOf(text: string): SideChoice {
  const choice = readSideChoice(text, isFile)
  if (choice.path !== '-') return choice
  throw new FeedtapeError('usage', 'standard input cannot be read twice', {
    where: text,
    expected: 'two files: their beginnings are read first, to find the lag',
    found: 'standard input',
    next: 'write it to a file: … > FILE',
  })
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true
}
