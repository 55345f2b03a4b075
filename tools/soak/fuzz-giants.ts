import { fileURLToPath } from 'node:url'
import { GIANTS } from './fuzz-giant.ts'
import { start } from './processes.ts'

const GIANT = fileURLToPath(new URL('./fuzz-giant.ts', import.meta.url))

/** Of V8's heap. Lines are buffers and stand outside it; payloads are strings and stand inside. */
const HEAP_MB = 512
/** Of the process: the longest line that is legal has 128 MiB, and growing to it needs it twice and once more. */
const PEAK_MB = 1_100

export interface GiantResult {
  readonly name: string
  readonly peakMb: number
  readonly wrong: string | undefined
}

/** Runs one in a process of its own. */
export async function runGiant(name: string, folder: string): Promise<GiantResult> {
  const child = start(process.execPath, [`--max-old-space-size=${HEAP_MB}`, GIANT, name, folder], folder)
  const code = await child.ended
  const peakMb = Number(/"peakMb":(\d+)/.exec(child.said())?.[1] ?? Number.NaN)
  if (code !== 0) return { name, peakMb, wrong: `ended with ${code}:\n${child.said().slice(0, 2_000)}` }
  return { name, peakMb, wrong: peakMb <= PEAK_MB ? undefined : `${peakMb} MB, at most ${PEAK_MB}` }
}

export async function giants(folder: string): Promise<boolean> {
  let isSound = true
  for (const name of Object.keys(GIANTS)) {
    const began = performance.now()
    const { peakMb, wrong } = await runGiant(name, folder)
    const seconds = ((performance.now() - began) / 1_000).toFixed(1)
    console.log(
      `  ${name}: ${peakMb} MB at the most, ${seconds} s${wrong === undefined ? '' : `: WRONG: ${wrong}`}`,
    )
    isSound &&= wrong === undefined
  }
  return isSound
}
