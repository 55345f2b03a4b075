import { type Random, seededRandom } from '../model/random.ts'

/** A stream of chance of its own for each purpose, so that a wire that is left out changes nothing of the others. */
export function randomFor(seed: number, purpose: string): Random {
  return seededRandom(hashOf(`${seed} ${purpose}`))
}

/** FNV-1a. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return hash >>> 0
}

export function oneOf<T>(random: Random, choices: readonly T[]): T {
  const choice = choices[Math.floor(random.next() * choices.length)]
  if (choice === undefined) throw new Error('a choice of nothing')
  return choice
}
