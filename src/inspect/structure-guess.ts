import type { Role } from './structure-names.ts'
import { isOther, roleByName } from './structure-names.ts'
import type { FieldGuess } from './structure-report.ts'
import type { StructureRow } from './structure-rows.ts'
import { lookAt, type Sighting, type ValueLook } from './structure-values.ts'

export interface SeenRow {
  readonly row: StructureRow
  readonly at: number | undefined
}

type Draft = Omit<FieldGuess, 'evidence' | 'confidence'> & {
  confidence: FieldGuess['confidence']
  readonly evidence: string[]
}

const PRICES: ReadonlySet<Role> = new Set([
  'bid',
  'ask',
  'last',
  'open',
  'high',
  'low',
  'price',
  'entry price',
])
const SIZES: ReadonlySet<Role> = new Set(['bidSize', 'askSize', 'lastSize', 'volume', 'size', 'tick size'])

/** What stands where, how sure that is, and by what. A key that says nothing never makes it surer than low. */
export function guessFields(rows: readonly SeenRow[], kindKey?: string): readonly FieldGuess[] {
  const sightings = new Map<string, Sighting[]>()
  for (const { row, at } of rows) {
    for (const [path, value] of row) {
      const known = sightings.get(path)
      if (known === undefined) sightings.set(path, [{ value, at }])
      else known.push({ value, at })
    }
  }
  const looks = new Map([...sightings].map(([path, seen]) => [path, lookAt(seen)] as const))
  const drafts = [...looks].flatMap(([path, look]): readonly Draft[] => {
    if (path === kindKey || isOther(path)) return []
    const draft = byName(path, look) ?? byValues(path, look)
    return draft === undefined ? [] : [draft]
  })
  const all = [...ofPosition(drafts), ...pairsByValues(drafts, rows)]
  for (const [low, high] of ORDERED) crossCheck(all, low, high, rows)
  return all.filter((draft, index) => all.findLastIndex(({ path }) => path === draft.path) === index)
}

function byName(path: string, look: ValueLook): Draft | undefined {
  const isKey = path.endsWith('~')
  const named = isKey ? ({ role: 'symbol', isTelling: false } as const) : roleByName(path)
  if (named === undefined) return undefined
  const fit = fitOf(named.role, look)
  if (fit === undefined) return undefined
  const { role, evidence } = fit
  const few = look.count < 3
  const says = isKey
    ? 'it is the key of its row'
    : `its key says so${named.isTelling ? '' : ', but says much in other wires too'}`
  return {
    path,
    role,
    confidence: named.isTelling && !few ? 'high' : 'medium',
    evidence: [says, ...evidence, ...(few ? [`seen ${look.count === 1 ? 'once' : 'twice'} only`] : [])],
    example: exampleOf(look),
    ...(look.time === undefined ? {} : { unit: look.time.unit }),
    count: look.count,
  }
}

/** `Open_Price` is the day's open in a quote, and what was paid where a side or a position stands beside it. */
function ofPosition(drafts: readonly Draft[]): readonly Draft[] {
  const isHeld = drafts.some(({ role }) => role === 'side' || role === 'position')
  return isHeld
    ? drafts.map(draft => (draft.role === 'open' ? { ...draft, role: 'entry price' } : draft))
    : drafts
}

/** Whether the values can be what the key says. */
function fitOf(
  role: Role,
  look: ValueLook,
): { readonly role: Role; readonly evidence: readonly string[] } | undefined {
  if (look.time !== undefined && look.time.unit !== 'iso' && role !== 'symbol') {
    return role === 'time' || role === 'lastTime' ? { role, evidence: timeEvidence(look) } : undefined
  }
  if (role === 'time' || role === 'lastTime')
    return look.time === undefined ? undefined : { role, evidence: timeEvidence(look) }
  if (role === 'symbol' || role === 'contract id') {
    if (look.isSymbol) return { role: 'symbol', evidence: [`written like a symbol, ${distinctText(look)}`] }
    return look.isId
      ? { role: 'contract id', evidence: [`a whole number of its own, ${distinctText(look)}`] }
      : undefined
  }
  if (role === 'side')
    return look.isSide ? { role, evidence: ['buy and sell, or words like them'] } : undefined
  if (PRICES.has(role)) return look.isPrice ? { role, evidence: priceEvidence(look) } : undefined
  if (SIZES.has(role)) return look.isSize ? { role, evidence: ['never below zero'] } : undefined
  return look.numbers.length > 0 && look.texts.length === 0 && look.time === undefined
    ? { role, evidence: [] }
    : undefined
}

function byValues(path: string, look: ValueLook): Draft | undefined {
  const role = roleByValues(look)
  if (role === undefined) return undefined
  const seen =
    role === 'time' ? timeEvidence(look) : role === 'price' ? priceEvidence(look) : [distinctText(look)]
  return {
    path,
    role,
    confidence: 'low',
    evidence: ['by its values alone: its key says nothing', ...seen],
    example: exampleOf(look),
    ...(look.time === undefined ? {} : { unit: look.time.unit }),
    count: look.count,
  }
}

function roleByValues(look: ValueLook): Role | undefined {
  if (look.time !== undefined) return 'time'
  if (look.isSide) return 'side'
  if (look.isSymbol) return 'symbol'
  const isPriceLike =
    look.isPrice && look.decimals > 0 && look.decimals <= 10 && look.hasMoved && stepOf(look) < 0.05
  return isPriceLike && look.numbers.every(value => value > 0) ? 'price' : undefined
}

/** The middle change from one value to the next, as a part of the value. */
function stepOf({ numbers }: ValueLook): number {
  const steps = numbers.slice(1).map((value, index) => Math.abs(value / (numbers[index] ?? value) - 1))
  return steps.toSorted((a, b) => a - b)[Math.floor(steps.length / 2)] ?? 0
}

/** Of prices that stand beside each other, two of which one is never above the other and close below. */
function pairsByValues(drafts: readonly Draft[], rows: readonly SeenRow[]): readonly Draft[] {
  const prices = drafts
    .filter(({ role, confidence }) => role === 'price' && confidence === 'low')
    .slice(0, 12)
  if (drafts.some(({ role, confidence }) => (role === 'bid' || role === 'ask') && confidence !== 'low'))
    return []
  for (const one of prices) {
    for (const other of prices) {
      const { held, seen, isClose } = orderOf(one.path, other.path, rows)
      if (one === other || seen < 5 || held < seen || !isClose) continue
      const beside = (path: string) => `never on the wrong side of ${path} in ${seen} rows, and close to it`
      return [
        { ...one, role: 'bid', evidence: [...one.evidence, beside(other.path)] },
        { ...other, role: 'ask', evidence: [...other.evidence, beside(one.path)] },
      ]
    }
  }
  return []
}

const ORDERED: readonly (readonly [low: Role, high: Role])[] = [
  ['bid', 'ask'],
  ['low', 'high'],
]

function crossCheck(drafts: readonly Draft[], low: Role, high: Role, rows: readonly SeenRow[]): void {
  for (const one of drafts.filter(({ role }) => role === low)) {
    for (const other of drafts.filter(({ role }) => role === high)) {
      const { held, seen } = orderOf(one.path, other.path, rows)
      if (seen === 0 || one.confidence === 'low' || other.confidence === 'low') continue
      const isHeld = held === seen
      const words = `${low} ≤ ${high} in ${held} of ${seen} rows`
      for (const draft of [one, other]) {
        draft.evidence.push(isHeld ? words : `${words}: that speaks against it`)
        if (isHeld && seen >= 3) draft.confidence = 'high'
        else if (held * 2 < seen) draft.confidence = 'low'
      }
    }
  }
}

function orderOf(low: string, high: string, rows: readonly SeenRow[]) {
  let held = 0
  let seen = 0
  let isClose = true
  for (const { row } of rows) {
    const [a, b] = [row.get(low), row.get(high)]
    if (a === undefined || a === null || b === undefined || b === null) continue
    seen += 1
    if (Number(a) <= Number(b)) held += 1
    isClose &&= Math.abs(Number(b) - Number(a)) <= Math.abs(Number(b)) * 0.01
  }
  return { held, seen, isClose }
}

function priceEvidence({ decimals, hasMoved, numbers }: ValueLook): readonly string[] {
  const digits = decimals === 0 ? 'whole numbers' : `up to ${decimals} decimals`
  return [`${digits}${numbers.length < 2 ? '' : hasMoved ? ', and it moves' : ', and it stands still'}`]
}

function timeEvidence({ time }: ValueLook): readonly string[] {
  if (time === undefined) return []
  return [
    time.unit === 'iso' ? 'ISO 8601' : `counts ${time.unit} since 1970`,
    ...(time.isRising ? ['never goes back'] : []),
    ...(time.isNear ? ['within a day of when it came'] : []),
  ]
}

function distinctText({ distinct, count }: ValueLook): string {
  return `${distinct} different in ${count}`
}

function exampleOf({ numbers, texts }: ValueLook): string {
  return String(texts[0] ?? numbers[0] ?? '')
}
