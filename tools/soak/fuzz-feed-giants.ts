import { exchangeDrafts, FEEDS, type Feed, type MessageKind } from '../../src/feeds/index.ts'
import { seededRandom } from '../../src/model/random.ts'
import { Normalizer } from '../../src/normalize/index.ts'
import type { Entry } from '../../src/tape/index.ts'
import { sessionOptions } from './fuzz-actors.ts'
import { nested } from './fuzz-hostile.ts'

const MIB = 1024 * 1024

/** What becomes of a message's first number, of its first text, or of the message. */
const GROWTHS: Readonly<Record<string, (sample: string) => string>> = {
  'a number of 16 MiB': sample => sample.replace(/(?<=[:,[]\s?)-?\d[\d.]*/, () => '9'.repeat(16 * MIB)),
  'a text of 16 MiB': sample =>
    sample.replace(/(?<=:\s?")[^"\\]*/, () => 'eyJ.token=x~'.repeat((16 * MIB) / 12)),
  'fields 1,000,000 deep': sample =>
    sample.replace(/\{/, () => `{"x":${nested(1_000_000, '{"a":')},"y":1e999,`),
  '16 MiB of the same again': sample => sample.repeat((16 * MIB) / Math.max(1, sample.length)),
}

/** Of each feed: a message that it reads, grown out of all proportion, through all that reads messages. */
export const FEED_GIANTS: Readonly<Record<string, () => Promise<void>>> = Object.fromEntries(
  FEEDS.flatMap(feed =>
    Object.entries(GROWTHS).map(([name, grow]) => [`${feed.name}: ${name}`, () => readGrown(feed, grow)]),
  ),
)

async function readGrown(feed: Feed, grow: (sample: string) => string): Promise<void> {
  const kind = feed.kinds.find(
    one => one.dir === 'in' && one.disposition === 'read' && /"[^"]*":/.test(one.sample),
  )
  if (kind === undefined) throw new Error(`${feed.name} has no sample that could grow`)
  const settings = feed.settings?.example
  const taught = settings === undefined ? [] : [[feed.name, feed.settings?.schema.parse(settings)] as const]
  const normalizer = new Normalizer({}, { settings: new Map(taught) })
  for (const entry of entriesOf(feed, { ...kind, sample: grow(kind.sample) })) {
    normalizer.apply(entry)
    feed.secrets.find(entry)
  }
  if (!normalizer.tally.addsUp()) throw new Error('the tally does not add up')
  told(feed, { ...kind, sample: grow(kind.sample) })
}

function entriesOf(feed: Feed, kind: MessageKind): readonly Entry[] {
  if (feed.transport === 'websocket') {
    const text = feed.encode.frame([kind.sample])
    return [
      { kind: 'open', seq: 1, at: 0, conn: 1, feed: feed.name, url: 'wss://127.0.0.1/' },
      { kind: 'frame', seq: 2, at: 0, conn: 1, dir: 'in', op: 'text', text },
    ]
  }
  const place = { feed: feed.name, conn: 1, exchange: 1, at: 0 }
  return exchangeDrafts(feed.encode.carry(kind), place).map((draft, index) => ({ ...draft, seq: index + 1 }))
}

/** The same to our own client. */
function told(feed: Feed, kind: MessageKind): void {
  const options = sessionOptions(seededRandom(1), feed)
  if (feed.transport === 'websocket') {
    const client = feed.session.start(options)
    client.opened()
    client.received(feed.encode.frame([kind.sample]))
    return
  }
  const client = feed.session.start(options)
  const turn = client.next()
  const { answer } = feed.encode.carry(kind)
  if (turn !== undefined && answer !== undefined) client.answered(answer, turn)
}
