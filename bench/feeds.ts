import { FEEDS } from '../src/feeds/index.ts'
import { decimalText } from '../src/model/decimal.ts'
import type { Observation } from '../src/model/observation.ts'
import { Normalizer, QuoteBook } from '../src/normalize/index.ts'
import { grouped } from '../src/report/table.ts'
import { TapeReader } from '../src/tape/index.ts'
import type { Bench } from './bench.ts'
import { type FeedInput, quoteLine, shownObservation, writeFeedInput } from './feed-input.ts'
import { inFolder } from './folder.ts'
import { type Cost, costOf, interleaved, median, printRows, ratios, spread } from './measure.ts'

/** What a row found out; the floor finds out nothing. */
interface Found {
  readonly observations?: readonly Observation[]
  readonly quotes?: readonly string[]
}

interface FeedRow {
  readonly name: string
  run(input: FeedInput): Promise<Found>
}

/** Each feed's tape to observations and to quotes, as a part of the speed of JSON.parse alone. */
export const feeds: Bench = {
  name: 'feeds',
  summary: 'each feed’s messages to observations and quotes, against JSON.parse of the same',
  isDefault: false,
  run: ({ feedMessages, rounds = 5, seed }) =>
    inFolder(async folder => {
      const cells: (readonly string[])[] = []
      let isRight = true
      for (const feed of FEEDS) {
        const input = await writeFeedInput(folder, feed, seed, feedMessages)
        const result = await bench(input, rounds)
        isRight = result.isRight && isRight
        cells.push(...result.cells)
      }
      printRows(
        `feeds: ${grouped(feedMessages)} messages each; ${rounds} rounds`,
        ['', 'bytes a line', 'frames/s', 'of its floor', 'min–max', 'by CPU', ''],
        cells,
      )
      return isRight
    }),
}

/** JSON.parse of the lines and of what stands in them, and nothing else. */
const FLOOR: FeedRow = {
  name: 'floor',
  async run({ lines, cuts }) {
    for (let index = 0; index < lines.length; index += 1) {
      const { text = '' } = JSON.parse(lines[index] ?? '') as { readonly text?: string }
      const places = cuts[index] ?? []
      for (let cut = 0; cut < places.length; cut += 2) JSON.parse(text.slice(places[cut], places[cut + 1]))
    }
    return {}
  },
}

const OBSERVATIONS: FeedRow = {
  name: 'tape → observations',
  async run(input) {
    const observations: Observation[] = []
    await readThrough(input, observation => observations.push(observation))
    return { observations }
  },
}

const QUOTES: FeedRow = {
  name: 'tape → quotes',
  async run(input) {
    const book = new QuoteBook()
    await readThrough(input, (observation, at, seq, packet, conn) => {
      if (observation.kind === 'quote') book.apply(observation, { at, seq, packet }, conn)
    })
    return {
      quotes: book.quotes().map(quote =>
        quoteLine(quote.name, group => {
          const price = quote.group(group)?.price
          return price === null || price === undefined ? undefined : decimalText(price)
        }),
      ),
    }
  },
}

async function readThrough(
  { feed, path }: FeedInput,
  see: (observation: Observation, at: number, seq: number, packet: number, conn: number) => void,
): Promise<void> {
  const example = feed.settings?.example
  const settings = new Map(example === undefined ? [] : [[feed.name, feed.settings?.schema.parse(example)]])
  const normalizer = new Normalizer(
    {
      observation: (observation, entry, packet) => see(observation, entry.at, entry.seq, packet, entry.conn),
    },
    { settings },
  )
  const tape = await TapeReader.open(path)
  do {
    for (let entry = tape.next(); entry !== undefined; entry = tape.next()) normalizer.apply(entry)
  } while (await tape.fill())
  await tape.close()
  if (!tape.isWhole || !normalizer.tally.addsUp()) throw new Error('the tape was not read whole')
}

async function bench(
  input: FeedInput,
  rounds: number,
): Promise<{ readonly isRight: boolean; readonly cells: readonly (readonly string[])[] }> {
  const rows = input.quotes.length === 0 ? [FLOOR, OBSERVATIONS] : [FLOOR, OBSERVATIONS, QUOTES]
  let isRight = true
  const costs = await interleaved(
    rows.map(row => async () => {
      let found: Found = {}
      const cost = await costOf(async () => {
        found = await row.run(input)
      })
      isRight = agrees(input, row, found) && isRight
      return cost
    }),
    rounds,
  )
  const [ofFloor = []] = costs
  const { feed, bytes, messages } = input
  const cells = rows.slice(1).map((row, index) => {
    const own = costs[index + 1] ?? []
    const by = (key: keyof Cost) =>
      ratios(
        ofFloor.map(cost => cost[key]),
        own.map(cost => cost[key]),
      )
    return [
      `${feed.name}: ${row.name}`,
      String(Math.round(bytes / messages)),
      grouped(Math.round(messages / median(own.map(cost => cost.seconds)))),
      ...spread(by('seconds')),
      median(by('cpu')).toFixed(2),
      '',
    ]
  })
  return { isRight, cells }
}

/** What comes out is what was put in. */
function agrees({ feed, said, quotes }: FeedInput, { name }: FeedRow, found: Found): boolean {
  const pairs = [
    [said, found.observations?.map(shownObservation)],
    [quotes, found.quotes?.toSorted()],
  ] as const
  return pairs.every(([expected, own]) => {
    if (own === undefined) return true
    const at = own.findIndex((one, index) => one !== expected[index])
    if (at === -1 && own.length === expected.length) return true
    console.error(`${feed.name}, ${name}: not what was said`)
    console.error(
      `  expected  ${expected[Math.max(at, 0)] ?? 'nothing'}\n  found     ${own[Math.max(at, 0)] ?? 'nothing'}`,
    )
    return false
  })
}
