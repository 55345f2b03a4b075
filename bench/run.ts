import { availableParallelism, cpus, loadavg } from 'node:os'
import type { Bench } from './bench.ts'
import { diff } from './diff.ts'
import { feeds } from './feeds.ts'
import { integrity } from './integrity.ts'
import { ledger } from './ledger.ts'
import { memory } from './memory.ts'
import { OPTIONS_TEXT, readOptions } from './options.ts'
import { recorder } from './recorder.ts'
import { replay } from './replay.ts'
import { startup } from './startup.ts'
import { verify } from './verify.ts'

/** `npm run bench -- [NAME…] [options]`, one file each. */
const BENCHES: readonly Bench[] = [replay, ledger, feeds, startup, integrity, recorder, memory, diff, verify]

// So that the processes that a bench started end with it.
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(130))

async function main(argv: readonly string[]): Promise<number> {
  if (argv.includes('--help') || argv.includes('-h')) {
    console.log(usage())
    return 0
  }
  const asked = asOptions(argv)
  const unknown = asked instanceof Error ? undefined : asked.names.find(isUnknown)
  if (asked instanceof Error || unknown !== undefined) {
    console.error(asked instanceof Error ? asked.message : `there is no bench ${unknown}`)
    console.error(usage())
    return 2
  }
  const { names, options } = asked
  const [cpu] = cpus()
  const load = loadavg()[0]?.toFixed(1)
  const { node, v8 } = process.versions
  console.log(`node ${node} (V8 ${v8}), ${process.platform} ${process.arch}`)
  console.log(
    `${availableParallelism()} CPUs, ${cpu?.model ?? 'unknown'}, load ${load}; seed ${options.seed}`,
  )
  let isRight = true
  for (const bench of BENCHES) {
    if (names.length === 0 ? bench.isDefault : names.includes(bench.name))
      isRight = (await bench.run(options)) && isRight
  }
  return isRight ? 0 : 1
}

function asOptions(argv: readonly string[]): ReturnType<typeof readOptions> | Error {
  try {
    return readOptions(argv)
  } catch (thrown) {
    if (thrown instanceof TypeError) return thrown
    throw thrown
  }
}

function isUnknown(asked: string): boolean {
  return BENCHES.every(({ name }) => name !== asked)
}

function usage(): string {
  const benches = BENCHES.map(
    ({ name, summary, isDefault }) => `  ${name}\n      ${summary}${isDefault ? '' : '; only when named'}`,
  )
  return ['npm run bench -- [NAME…] [options]', ...benches, OPTIONS_TEXT].join('\n')
}

process.exitCode = await main(process.argv.slice(2))
