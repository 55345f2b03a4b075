import type { Secret } from '../feed.ts'

/** Quotes may be escaped (`\"email\":\"…\"`) where a JSON stands in a string. */
const Q = String.raw`\\{0,8}"`
/** Up to the quote that ends it, or as far as a cut frame goes; longer than any name. */
const VALUE = String.raw`((?:[^"\\\r\n]|\\{1,8}[^"\\\r\n]){1,1024})`
const COLON = String.raw`${Q}\s{0,8}:\s{0,8}`

/** What is somebody's wherever it stands. */
const PERSONAL =
  '(?:\\w{0,40}e?mail|accountSpec|account_?name|user_?name|nick_?name|device_?id|ip_?address|full_?name|' +
  'first_?name|last_?name|joint(?:First|Last)Name|senderName|phone|(?:mailing)?streetAddress\\d?|' +
  '(?:mailing)?postCode|accountHolderContact|ctaContact|iraCustodianName|initiatorName|notes)'
const PERSONAL_FIELD = new RegExp(`"(${PERSONAL})${COLON}${Q}${VALUE}`, 'gi')

/** A name is an account's or a person's in these places only: contracts, products and currencies have names too. */
const NAME = new RegExp(`"name${COLON}${Q}${VALUE}`, 'g')
/** `"accounts":[…]`, `"users":[…]` of a sync reply: their entities hold no array. */
const LIST = new RegExp(String.raw`"(?:accounts|users|organizations)${COLON}\[`, 'g')
/** `"entityType":"account"`, up to the next event's. */
const EVENT = new RegExp(String.raw`"entityType${COLON}${Q}(\w{1,60})`, 'g')
const PERSONAL_TYPES: ReadonlySet<string> = new Set(['account', 'user', 'organization', 'contactInfo'])
/** An object without braces in it, or as far as a cut frame goes. */
const FLAT_OBJECT = /\{[^{}]{1,8192}/g
/** Keys that only an account, a user or a login's answer has. */
const OF_A_PERSON =
  /"(?:accountType|marginAccountType|legalStatus|userType|email|hasLive|userStatus|accessToken|password|fullName)\\{0,8}"/

/** `account/find\n3\nname=DEMO1000001\n`, and the same as an address. */
const LOOK_UP = /\b(?:account|user)\/(?:find|suggest)\b[\s\S]{0,40}?\b(?:name|t)=([^&\s"#]{1,200})/gi

const WORTH_A_LOOK = new RegExp(
  String.raw`"${PERSONAL}\\{0,8}"|"(?:accounts|users|organizations|accountType|userType|legalStatus|hasLive|userStatus|password)\\{0,8}"|entityType${COLON}${Q}(?:account|user|organization|contactInfo)\\{0,8}"|(?:account|user)\/(?:find|suggest)`,
  'i',
)

/** Names of accounts and people, addresses and device ids: in what either side says, also where it was cut off. */
export function personalNames(text: string): readonly Secret[] {
  if (!WORTH_A_LOOK.test(text)) return []
  return [
    ...[...text.matchAll(PERSONAL_FIELD)].map(([, key = '', value = '']) => ({ value, place: key })),
    ...[...text.matchAll(LOOK_UP)].map(([, value = '']) => ({ value, place: 'look-up' })),
    ...personalParts(text).flatMap(part => [...part.matchAll(NAME)].map(([, value = '']) => named(value))),
  ].filter(({ value }) => !isNobody(value))
}

function named(value: string): Secret {
  return { value, place: 'name' }
}

function personalParts(text: string): readonly string[] {
  const lists = [...text.matchAll(LIST)].map(({ index }) => untilBracket(text, index))
  const objects = [...text.matchAll(FLAT_OBJECT)].map(([object]) => object)
  return [...lists, ...personalEvents(text), ...objects.filter(object => OF_A_PERSON.test(object))]
}

function untilBracket(text: string, from: number): string {
  const end = text.indexOf(']', from)
  return text.slice(from, end < 0 ? undefined : end)
}

function personalEvents(text: string): readonly string[] {
  const events = [...text.matchAll(EVENT)]
  return events.flatMap(({ 1: type = '', index }, place) =>
    PERSONAL_TYPES.has(type) ? [text.slice(index, events[place + 1]?.index)] : [],
  )
}

/** A loopback address is no one's; JavaScript writes these where nothing was, and samples `synthetic`. */
function isNobody(value: string): boolean {
  return /^\/?(?:127\.|::1$)/.test(value) || /^(?:null|undefined|true|false|synthetic)$/.test(value)
}
