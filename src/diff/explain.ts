import { durationText, isoFromEpochMicros, type Micros } from '../model/time.ts'
import type { Cause } from './causes.ts'
import type { Explanation, FieldReport, PairReport, SideReport } from './diff-report.ts'
import type { Roll } from './roll-watch.ts'
import type { Which } from './side.ts'

type Explained = Omit<PairReport, 'explanations'>

/** Delays that venues have, in seconds. */
const KNOWN_DELAYS = [600, 900]
const NEAR: Micros = 10_000_000
/** Less is the way through the network. */
const WORTH_A_WORD: Micros = 1_000_000

/** What explains the differences of a pair: the lag, then causes by the time that they explain, then what is missing. */
export function explain(
  pair: Explained,
  a: SideReport,
  b: SideReport,
  rolls: readonly Roll[],
): readonly Explanation[] {
  return [
    ...lagExplanation(pair),
    ...growthExplanation(pair.lag),
    ...rolls.map(rollExplanation),
    ...causeExplanations(pair),
    ...namesExplanations(pair),
    ...lateExplanations(pair),
    ...bandExplanation(pair),
    ...missingExplanations(pair, a, b),
  ]
}

function lagExplanation({ a, b, lag: { spread, taken } }: Explained): readonly Explanation[] {
  const lag = spread?.median ?? taken
  const declared = ((b.delay ?? 0) - (a.delay ?? 0)) * 1_000_000
  const [behind, word] = lag >= 0 && (lag > 0 || declared >= 0) ? ['b', b.mode] : ['a', a.mode]
  const size = Math.abs(lag)
  if (spread === undefined) return []
  if (declared !== 0 && Math.abs(lag - declared) <= NEAR) {
    return [{ kind: 'lag', text: `lag ${secondsText(size)} (declared ${word ?? ''} on ${behind})` }]
  }
  if (declared !== 0) {
    const [who, said] = declared > 0 ? ['b', b] : ['a', a]
    const text = `${who} declares ${said.mode ?? `${said.delay} s`}, but b is ${secondsText(lag)} behind a`
    return [{ kind: 'lag', text }]
  }
  const known = KNOWN_DELAYS.find(seconds => Math.abs(size - seconds * 1_000_000) <= NEAR)
  if (known !== undefined) {
    const text = `lag ${secondsText(size)}: ${behind} comes by a ${known} s delay that it does not declare`
    return [{ kind: 'lag', text }]
  }
  return size < WORTH_A_WORD ? [] : [{ kind: 'lag', text: `lag ${secondsText(size)} of ${behind}` }]
}

/** It is not followed: what is laid beside each other by a lag that runs away would agree with anything. */
function growthExplanation({ growth }: Explained['lag']): readonly Explanation[] {
  if (growth === undefined) return []
  const { first, last } = growth
  const who = (lag: Micros): string => `${lag < 0 ? 'a' : 'b'} is ${secondsText(Math.abs(lag))} behind`
  const by = secondsText(Math.abs(last - first))
  const text = `the lag changes by ${by}: ${who(first)} at first, ${who(last)} at the end; it is not followed`
  return [{ kind: 'growth', text }]
}

function rollExplanation({ at, from, name, to, which }: Roll): Explanation {
  const since = isoFromEpochMicros(Math.round(at))
  const text = `${which}’s ${name} has rolled from ${from} to ${to} at ${since}: by its values, no wire says so`
  return { kind: 'rolled', text }
}

function causeExplanations({ fields }: Explained): readonly Explanation[] {
  const found = new Map<
    string,
    { kind: Explanation['kind']; fields: string[]; times: number; lasted: Micros }
  >()
  for (const field of fields) {
    for (const { cause, lasted, times } of field.causes) {
      const constant = cause === 'unexplained' ? constantText(field) : undefined
      const text = constant ?? causeText(cause, field)
      const kind = constant === undefined ? cause : 'constant'
      const known = found.get(text) ?? { kind, fields: [], times: 0, lasted: 0 }
      known.fields.push(field.field)
      known.times += times
      known.lasted = Math.max(known.lasted, lasted)
      found.set(text, known)
    }
  }
  const isOpen = (kind: Explanation['kind']): number => (kind === 'unexplained' ? 1 : 0)
  return [...found]
    .sort(([, one], [, other]) => isOpen(one.kind) - isOpen(other.kind) || other.lasted - one.lasted)
    .map(([text, { fields: names, kind, lasted, times }]) => ({
      kind,
      text: `${text} (${names.join(', ')}: ${times} ${times === 1 ? 'time' : 'times'}, ${names.length > 1 ? 'up to ' : ''}${durationText(lasted)})`,
    }))
}

/** Several words for one instrument may come to mean several: a continuous one rolls, and no wire need say so. */
function namesExplanations({ a, b, fields }: Explained): readonly Explanation[] {
  const isOpen = fields.some(({ causes }) => causes.some(({ cause }) => cause === 'unexplained'))
  return (['a', 'b'] as const).flatMap((side): readonly Explanation[] => {
    const { names } = side === 'a' ? a : b
    if (!isOpen || names.length < 2) return []
    const text = `${side} speaks of it under ${names.length} names (${names.slice(0, 4).join(', ')}): one may have rolled on`
    return [{ kind: 'names', text }]
  })
}

/** Always the same distance is no accident. */
function constantText({ distance, isInTicks, times }: FieldReport): string | undefined {
  if (distance === undefined || distance.count < 3 || distance.min !== distance.max) return undefined
  if (times.differing < times.settled / 2) return undefined
  const size = `${distance.min > 0 ? '+' : ''}${distance.min}${isInTicks ? ' ticks' : ''}`
  return `b is always ${size} from a: another contract, session, adjustment or currency`
}

function causeText(cause: Cause, { coarse }: FieldReport): string {
  switch (cause) {
    case 'late a':
      return 'a late older quote on a'
    case 'late b':
      return 'a late older quote on b'
    case 'rounding':
      return `rounding: ${coarse?.side} keeps ${coarse?.scale} decimals, ${coarse?.rounding}`
    case 'away a':
      return 'a was not connected'
    case 'away b':
      return 'b was not connected'
    case 'silent a':
      return 'silence of a'
    case 'silent b':
      return 'silence of b'
    case 'session':
      return 'the market trades on one side only, by the sides’ own words'
    case 'offset':
      return 'a constant distance'
    case 'unexplained':
      return 'not explained'
    default:
      return cause satisfies never
  }
}

function lateExplanations({ fields, late }: Explained): readonly Explanation[] {
  const isNamed = (cause: Cause): boolean =>
    fields.some(({ causes }) => causes.some(share => share.cause === cause))
  return (['a', 'b'] as const).flatMap((side): readonly Explanation[] => {
    const { count } = late[side]
    const cause = `late ${side}` as const
    if (count === 0 || isNamed(cause)) return []
    const text = `${count} late older ${count === 1 ? 'quote' : 'quotes'} on ${side}: by the wire’s time nothing differs`
    return [{ kind: cause, text }]
  })
}

function bandExplanation({ band, tick }: Explained): readonly Explanation[] {
  if (band?.overBid === undefined || band.underAsk === undefined || band.settled === 0) return []
  const unit = tick === undefined ? '' : ' ticks'
  const other = band.lastOf === 'a' ? 'b' : 'a'
  const inside = ((100 * band.inside) / band.settled).toFixed(1)
  const text =
    `other marks, not other prices: ${band.lastOf} gives the last trade, ${other} bid and ask; the last lies between them ` +
    `${inside}% of the time. By ${other}’s bid a long marks ${band.overBid.mean.toFixed(2)}${unit} lower on average, ` +
    `by its ask a short ${band.underAsk.mean.toFixed(2)}${unit} lower`
  return [{ kind: 'band', text }]
}

/** Below this share of missing changes a side is not said to pass on less. */
const FEW = 0.01

function missingExplanations({ fields }: Explained, a: SideReport, b: SideReport): readonly Explanation[] {
  const missingOn = (side: Which, { pollsEvery }: SideReport): readonly Explanation[] => {
    const other = side === 'a' ? 'b' : 'a'
    const missing = fields.reduce((sum, field) => sum + field.matched.missing[side].count, 0)
    const changes = fields.reduce((sum, field) => sum + field.changes[other], 0)
    const share = `${missing} of ${changes} changes of ${other} are not on ${side}`
    if (missing === 0 || (pollsEvery === undefined && missing < FEW * changes)) return []
    return pollsEvery === undefined
      ? [{ kind: 'conflated', text: `${side} passes on less: ${share}` }]
      : [{ kind: 'polled', text: `${side} polls every ~${secondsText(pollsEvery)}: ${share}` }]
  }
  return [...missingOn('a', a), ...missingOn('b', b)]
}

/** `600 s`, `0.25 s`: the size that delays are spoken of in. */
export function secondsText(micros: Micros): string {
  const seconds = micros / 1_000_000
  return `${Number(seconds.toFixed(Math.abs(seconds) < 10 ? 3 : 1))} s`
}
