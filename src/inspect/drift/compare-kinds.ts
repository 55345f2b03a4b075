import { feedNamed } from '../../feeds/index.ts'
import type { FeedFacts, KindFacts } from '../schema/schema-facts.ts'
import { allThereChance, clusteredChance, WORTH_A_LINE } from './chance.ts'
import type { Suspicions } from './suspicions.ts'

export interface KindPair {
  readonly before: FeedFacts
  readonly after: FeedFacts
  readonly one: KindFacts | undefined
  readonly other: KindFacts | undefined
}

/** Packets that break the wire's own rules, in a way that the baseline's did not. */
export function compareParsing({ before, after, one, other }: KindPair, suspicions: Suspicions): void {
  if (other === undefined || other.dir === 'out') return
  for (const { value: reason, count } of other.reasons) {
    const known = one?.reasons.find(({ value }) => value === reason)?.count ?? 0
    const place = { feed: after.feed, dir: other.dir, kind: other.kind } as const
    const finding = {
      ...place,
      severity: 'critical',
      change: 'unreadable',
      said: `no longer to be read: ${reason}`,
      baseline: known === 0 ? 'none' : `${known} of ${before.messages} messages`,
      now: `${count} of ${after.messages} messages`,
      sign: { kind: 'malformed', reason },
    } as const
    if (known === 0) suspicions.sure(finding)
    else {
      // One more of what was broken before is no news; ten times as many are.
      const chance = allThereChance(count - known, after.messages, before.messages)
      const isMore = count / after.messages > (2 * known) / before.messages
      suspicions.test('kind', isMore ? chance : 1, isMore ? finding : undefined)
    }
  }
}

/** A kind that stands on one side only. What our own client sends is not the feed's to change. */
export function compareKindPresence(pair: KindPair, suspicions: Suspicions): void {
  const { one, other, after } = pair
  const kind = one ?? other
  if (
    kind === undefined ||
    kind.dir === 'out' ||
    (one !== undefined && other !== undefined) ||
    isBroken(kind)
  )
    return
  const place = { feed: after.feed, dir: kind.dir, kind: kind.kind } as const
  const packets = `${kind.packets} packets`
  if (one === undefined) {
    const isUnknown = (kind.dispositions.unknown ?? 0) > 0
    const finding = {
      ...place,
      severity: 'warning',
      change: 'kind new',
      said: isUnknown
        ? 'a kind that nobody knows'
        : `a kind that the baseline has not${knownText(after.feed, kind)}`,
      baseline: 'none',
      now: packets,
      sign: { kind: 'is there' },
    } as const
    if (isUnknown || isRefusal(kind, after)) suspicions.sure(finding)
    else suspicions.test('kind', absenceChance(kind, pair.after, pair.before), finding, 'info')
    return
  }
  const isRead = (kind.dispositions.read ?? 0) > 0
  const finding = {
    ...place,
    severity: isRead ? 'critical' : 'warning',
    change: 'kind gone',
    said: isRead ? 'a kind that we read is gone' : 'a kind is gone',
    baseline: packets,
    now: 'none',
  } as const
  const chance = absenceChance(kind, pair.before, pair.after)
  suspicions.test('kind', chance, finding, chance <= WORTH_A_LINE ? 'info' : undefined)
}

/** So many of all messages are refused that no mood of a market does it. */
const MUCH_REFUSED = 0.05

function isRefusal({ dispositions, packets }: KindFacts, { messages }: FeedFacts): boolean {
  return dispositions.error === packets && packets >= 3 && packets >= MUCH_REFUSED * messages
}

/** A message with it or without it: what came only at the beginning came once. */
function absenceChance({ spread }: KindFacts, there: FeedFacts, elsewhere: FeedFacts): number {
  const trials = spread.map((_, index) => Math.min(there.stretch, there.messages - index * there.stretch))
  const hits = spread.map((count, index) => Math.min(count, trials[index] ?? 0))
  return clusteredChance({ hits, trials }, elsewhere.messages)
}

function knownText(feed: string, { kind }: KindFacts): string {
  const known = feedNamed(feed)?.kinds.find(one => one.kind === kind)
  return known === undefined ? '' : `, known from ${known.seen}`
}

/** What could not be read has no kind; compareParsing speaks of it. */
function isBroken({ dispositions, packets }: KindFacts): boolean {
  return dispositions.malformed === packets
}

export function compareSizes(feed: string, one: KindFacts, other: KindFacts, suspicions: Suspicions): void {
  const [before, after] = [one.sizes, other.sizes]
  if (before === undefined || after === undefined || Math.min(before.count, after.count) < 50) return
  const ratio = after.median / Math.max(before.median, 1)
  if (ratio < 2 && ratio > 0.5) return
  suspicions.sure({
    severity: 'info',
    change: 'size',
    feed,
    dir: other.dir,
    kind: other.kind,
    said: 'the usual size',
    baseline: `${before.median} bytes`,
    now: `${after.median} bytes`,
  })
}
