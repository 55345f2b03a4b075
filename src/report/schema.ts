import {
  type Agreement,
  type FeedFacts,
  type FeedPair,
  type FieldFacts,
  type FieldPair,
  isEnum,
  type KindFacts,
  type PriceOrigin,
  type PricePair,
  type SchemaFacts,
  type Spread,
} from '../inspect/schema/index.ts'
import { durationText, type Micros } from '../model/time.ts'
import { bytesText, counted, grouped, plain, tableLines } from './table.ts'

/** A snapshot has hundreds of fields; `--json` has them all. */
const FIELDS_SHOWN = 80

/** What every kind of message is built of, feed by feed. */
export function schemaText({ tapes, feeds }: SchemaFacts): string {
  const head = `schema of ${plain(tapes.join(', '))}`
  const sections = [...feeds.values()].flatMap(feedSections)
  return [[head], ...sections].map(lines => lines.join('\n')).join('\n\n')
}

function feedSections({ feed, messages, kinds }: FeedFacts): readonly (readonly string[])[] {
  const head = `${plain(feed)}: ${counted(messages, 'message')} in, ${counted(kinds.size, 'kind')}`
  return [[head], ...[...kinds.values()].map(kindLines)]
}

function kindLines(kind: KindFacts): readonly string[] {
  const { dir, packets, sizes, gaps, fields, plain: bare } = kind
  const facts = [
    counted(packets, 'packet'),
    ...(sizes === undefined ? [] : [spreadText(sizes, bytesText)]),
    ...(gaps === undefined ? [] : [`every ${spreadText(gaps, paceText)}`]),
    ...(bare === 0 ? [] : [`${grouped(bare)} without JSON`]),
  ]
  const shown = [...fields.values()].filter(({ path, of, types }) => path !== '' && !isBare(of, types))
  const rows = shown.slice(0, FIELDS_SHOWN).map(fieldRow)
  const rest = shown.length - rows.length
  return [
    `${dir}:${plain(kind.kind, 60)}  ${facts.join(' · ')}`,
    ...tableLines(rows, { indent: 2, align: ['left', 'left', 'right'] }),
    ...(rest > 0 ? [`  … and ${counted(rest, 'more field')} (--json has them all)`] : []),
  ]
}

/** The members of a list say what it is; `*` itself says nothing more. */
function isBare(of: number | undefined, types: FieldFacts['types']): boolean {
  return of === undefined && types.string === undefined && types.number === undefined
}

function fieldRow(field: FieldFacts): readonly string[] {
  const { path, types, seen, of, meaning } = field
  return [
    plain(path, 70),
    Object.keys(types).join(' or '),
    of === undefined ? '' : `${((100 * seen) / Math.max(of, 1)).toFixed(seen === of ? 0 : 1)} %`,
    valuesText(field),
    meaning === undefined ? '' : `→ ${meaning.slice(0, 4).join(', ')}${meaning.length > 4 ? ' …' : ''}`,
  ]
}

function valuesText(field: FieldFacts): string {
  const { numbers, texts, lengths, isMap, isName } = field
  const said: string[] = []
  if (isMap) said.push('keys are data')
  if (lengths !== undefined) said.push(`${rangeText(lengths.min, lengths.max)} long`)
  if (numbers?.time !== undefined) said.push(`time in ${numbers.time}`)
  else if (numbers?.min !== undefined) {
    const digits = numbers.decimals === 0 ? '' : `, ${numbers.decimals} digits behind the point`
    const long = numbers.long === 0 ? '' : `, ${grouped(numbers.long)} of binary noise`
    said.push(`${rangeText(numbers.min, numbers.max ?? numbers.min)}${digits}${long}`)
  }
  if (texts !== undefined) {
    if (isName) said.push('names of instruments')
    else if (texts.words !== undefined && (isEnum(field) || texts.words.length === 1)) {
      said.push(texts.words.map(({ value }) => value).join(' | '))
    } else {
      const form = texts.forms?.length === 1 ? ` like ${texts.forms[0]?.value}` : ''
      said.push(`${texts.looks.join(' or ')}, ${rangeText(texts.shortest, texts.longest)} long${form}`)
    }
  }
  return plain(said.join('; '), 90)
}

function rangeText(min: number, max: number): string {
  return min === max ? String(min) : `${min} to ${max}`
}

function spreadText({ lower, median, upper }: Spread, text: (value: number) => string): string {
  return lower === upper ? text(median) : `${text(median)} (${text(lower)} to ${text(upper)})`
}

/** A pace to the microsecond is nobody's. */
function paceText(micros: Micros): string {
  const digits = 10 ** Math.max(String(Math.round(micros)).length - 3, 0)
  return durationText(Math.round(micros / digits) * digits)
}

/** Two feeds beside each other, and whose prices each has. */
export function pairsText(pairs: readonly FeedPair[], origins: readonly PriceOrigin[]): string {
  const sections = [...pairs.map(pairLines), originLines(origins)]
  return sections
    .filter(lines => lines.length > 0)
    .map(lines => lines.join('\n'))
    .join('\n\n')
}

function pairLines({ one, other, fields, prices }: FeedPair): readonly string[] {
  return [
    `${plain(one)} beside ${plain(other)}`,
    ...tableLines(fields.map(fieldPairRow), {
      indent: 2,
      head: ['our word', plain(one), plain(other), 'values'],
    }),
    ...(prices.length === 0 ? ['  no price moved on both at a time'] : ['  prices']),
    ...tableLines(prices.map(priceRow), { indent: 4 }),
  ]
}

function fieldPairRow({ field, one, other, agreement }: FieldPair): readonly string[] {
  return [
    field ?? '(by value)',
    pathsText(one),
    pathsText(other),
    agreement === undefined ? '' : agreementText(agreement),
  ]
}

function pathsText(paths: readonly string[]): string {
  const [first] = paths
  if (first === undefined) return '—'
  return paths.length === 1 ? first : `${first} and ${paths.length - 1} more`
}

function priceRow({ instrument, field, agreement, isSame }: PricePair): readonly string[] {
  return [plain(instrument), field, agreementText(agreement), isSame ? 'the same prices' : 'not the same']
}

function agreementText({ lag, changes, same, near, byChance }: Agreement): string {
  const share = (count: number): string => `${Math.round((100 * count) / Math.max(changes, 1))} %`
  const later = lag === 0 ? 'at once' : `${durationText(Math.abs(lag))} ${lag > 0 ? 'later' : 'earlier'}`
  return `${share(same)} of ${grouped(changes)} the same ${later}, ${share(near)} within a tick (by chance ${share(byChance)})`
}

function originLines(origins: readonly PriceOrigin[]): readonly string[] {
  if (origins.length === 0) return []
  return [
    'whose prices',
    ...tableLines(
      origins.map(({ feed, from, lag = 0, same = 0, changes = 1 }) => {
        if (from === undefined)
          return [plain(feed), 'its own, or nobody’s here: no other feed says them before it']
        const share = `${Math.round((100 * same) / Math.max(changes, 1))} % of ${counted(changes, 'change')}`
        return [
          plain(feed),
          `${plain(from)}’s, ${lag === 0 ? 'at the same time' : `${durationText(lag)} later`}: ${share}`,
        ]
      }),
      { indent: 2 },
    ),
  ]
}
