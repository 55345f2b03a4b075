import { cost } from './soak/cost.ts'
import { damage } from './soak/damage.ts'
import { drift } from './soak/drift.ts'
import { fuzz } from './soak/fuzz.ts'
import { kills } from './soak/kills.ts'
import type { Soak } from './soak/soak.ts'
import { synth } from './soak/synth.ts'

/** Long runs that prove by numbers: `npm run soak -- NAME [options]`. One file each under tools/soak. */
const SOAKS: readonly Soak[] = [kills, damage, cost, fuzz, synth, drift]

// So that the processes that a soak started end with it.
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(130))

const [name, ...args] = process.argv.slice(2)
const soak = SOAKS.find(one => one.name === name)
if (soak === undefined) {
  for (const one of SOAKS) console.error(`npm run soak -- ${one.name} ${one.usage}\n    ${one.summary}`)
  process.exitCode = 2
} else {
  process.exitCode = (await soak.run(args)) ? 0 : 1
}
