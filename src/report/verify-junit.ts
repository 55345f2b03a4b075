import { type JunitCase, type JunitOutcome, junitXml } from './junit.ts'
import type { VerifiedCase, VerifiedFolder } from './verified.ts'

/** One case a golden case, by the folder that it is in. */
export function verifyJunit({ cases }: Pick<VerifiedFolder, 'cases'>): string {
  return junitXml([{ name: 'feedtape verify', cases: cases.map(junitCase) }])
}

function junitCase({ lines, message, name, verdict }: VerifiedCase): JunitCase {
  const cut = name.lastIndexOf('/')
  const named = cut === -1 ? { name } : { name: name.slice(cut + 1), className: name.slice(0, cut) }
  if (verdict === 'equal') return named
  const kind: JunitOutcome['kind'] = verdict === 'unusable' ? 'error' : 'failure'
  return { ...named, outcome: { kind, message, text: lines.join('\n') } }
}
