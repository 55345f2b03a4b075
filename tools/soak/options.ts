import { parseArgs } from 'node:util'

/** Whole numbers by name, each with its default: `--seed 1 --count 200`. Throws a plain Error on anything else. */
export function readNumbers<K extends string>(
  args: readonly string[],
  defaults: Readonly<Record<K, number>>,
): Readonly<Record<K, number>> {
  const names = Object.keys(defaults)
  const options = Object.fromEntries(names.map(name => [name, { type: 'string' as const }]))
  const { values } = parseArgs({ args: [...args], options })
  const numbers: Record<string, number> = { ...defaults }
  for (const [name, text] of Object.entries(values)) {
    if (!/^\d+$/.test(String(text))) throw new Error(`--${name} ${text}: a whole number`)
    numbers[name] = Number(text)
  }
  // Every name of the defaults is in it.
  return numbers as Record<K, number>
}

/** `--NAME WORD` taken out of the arguments. Throws a plain Error where the word is missing. */
export function takeWord(
  args: readonly string[],
  name: string,
): { readonly rest: readonly string[]; readonly word: string | undefined } {
  const at = args.indexOf(`--${name}`)
  if (at < 0) return { rest: args, word: undefined }
  const word = args[at + 1]
  if (word === undefined) throw new Error(`--${name}: which one?`)
  return { rest: args.toSpliced(at, 2), word }
}
