import type { TapeCheck } from './check.ts'
import type { TapeProblem } from './problems.ts'

/**
 * Holds parts of one recording that were checked together against one another: each has to go on where the one before
 * ended. What does not follow is a problem of the later one; what was not given before the first is none, but said.
 * Tapes that were derived prove nothing about others.
 */
export function checkParts(checks: readonly TapeCheck[]): readonly TapeCheck[] {
  const before = new Map<TapeCheck, TapeCheck>()
  const firsts = new Set<TapeCheck>()
  for (const parts of recordings(checks)) {
    if (parts[0] !== undefined) firsts.add(parts[0])
    for (const [index, part] of parts.entries()) {
      const previous = parts[index - 1]
      if (previous !== undefined) before.set(part, previous)
    }
  }
  return checks.map(check => {
    const previous = before.get(check)
    const found = previous === undefined ? [] : differences(previous, check)
    if (found.length === 0) return firsts.has(check) ? withoutEarlier(check) : check
    return {
      ...check,
      problems: [...found, ...check.problems],
      problemCount: check.problemCount + found.length,
      isWhole: false,
    }
  })
}

function withoutEarlier(check: TapeCheck): TapeCheck {
  const part = partOf(check)
  return part === 1 ? check : { ...check, lacksPartsTo: part - 1 }
}

/** Those that were rotated, in the order of their parts. */
function recordings(checks: readonly TapeCheck[]): readonly (readonly TapeCheck[])[] {
  const byId = new Map<string, TapeCheck[]>()
  for (const check of checks) {
    if (check.header.derived !== undefined) continue
    byId.set(check.header.id, [...(byId.get(check.header.id) ?? []), check])
  }
  return [...byId.values()]
    .filter(parts => parts.some(({ header }) => header.part !== undefined))
    .map(parts => parts.sort((a, b) => partOf(a) - partOf(b)))
}

function partOf({ header }: TapeCheck): number {
  return header.part ?? 1
}

function differences(previous: TapeCheck, check: TapeCheck): readonly TapeProblem[] {
  if (partOf(check) !== partOf(previous) + 1) {
    return [problem(check, `part ${partOf(previous) + 1}`, `part ${partOf(check)}`)]
  }
  const { seal, last } = previous
  const { header, first } = check
  const found: TapeProblem[] = []
  if (header.start !== previous.header.start) {
    found.push(problem(check, `start ${previous.header.start}`, `start ${header.start}`))
  }
  if (seal !== undefined && header.previousHash !== seal.hash) {
    const carried = header.previousHash === undefined ? 'none' : `${header.previousHash.slice(0, 16)}…`
    found.push(problem(check, `previousHash ${seal.hash.slice(0, 16)}…`, carried))
  }
  if (seal !== undefined && first !== undefined && first.seq !== seal.count + 1) {
    found.push(problem(check, `seq ${seal.count + 1}`, `seq ${first.seq}`))
  }
  if (last !== undefined && first !== undefined && first.at < last.at) {
    found.push(problem(check, `at ${last.at} or later`, `at ${first.at}`))
  }
  return found
}

function problem({ first }: TapeCheck, expected: string, found: string): TapeProblem {
  const entry = first === undefined ? {} : { entry: first.seq }
  return { line: 1, byteOffset: 0, ...entry, what: 'parts do not follow', expected, found }
}
