import { z } from 'zod'
import { writtenObject } from '../../instruments/hand-written.ts'
import { QUOTE_FIELD_NAMES, QUOTE_FIELDS } from '../../model/quote.ts'
import { FACT_NAMES, FACTS } from './facts.ts'
import { pathOf, starsIn } from './path.ts'
import { TIME_UNITS } from './time-unit.ts'

const PATH_SAID = 'a path such as "data.prices.bid"'

const PATH = z
  .string(PATH_SAID)
  .refine(text => pathOf(text) !== undefined, PATH_SAID)
  .describe(
    'Where it stands in a message: keys and places with dots between them; * is the member of `each`.',
  )

const TIME = writtenObject({
  path: PATH,
  unit: z
    .enum(TIME_UNITS, `one of ${TIME_UNITS.join(', ')}`)
    .describe('What it counts since 1970, or iso for ISO 8601 with its offset.'),
})

const SCALAR = z.union(
  [z.string(), z.number(), z.boolean(), z.null()],
  'a string, number, true, false or null',
)

const FIELDS = writtenObject(
  Object.fromEntries(
    QUOTE_FIELD_NAMES.map(field => {
      const { type, meaning } = QUOTE_FIELDS[field]
      return [field, (type === 'time' ? TIME : PATH).optional().describe(meaning)]
    }),
  ),
)

const FACT_PATHS = writtenObject(
  Object.fromEntries(FACT_NAMES.map(fact => [fact, (FACTS[fact] === 'time' ? TIME : PATH).optional()])),
)

const MESSAGE = writtenObject({
  where: z
    .record(PATH, SCALAR, 'an object of paths and values')
    .optional()
    .describe('Only messages in which these stand; without it, those in which the name stands.'),
  each: PATH.optional().describe(
    'An array or object of which every member is a row; its places are * below.',
  ),
  name: z
    .union([PATH, writtenObject({ text: z.string().min(1) })], `${PATH_SAID}, or {"text":"NQ1!"}`)
    .describe('The instrument, letter for letter; {"text":"NQ1!"} where the wire names none.'),
  fields: FIELDS.optional().describe('Quote fields.'),
  facts: FACT_PATHS.optional().describe('What the wire says about the instrument.'),
}).superRefine((message, context) => {
  const { each, fields = {}, facts = {}, name } = message
  if (Object.keys(fields).length + Object.keys(facts).length === 0) {
    context.addIssue({ code: 'custom', path: ['fields'], message: 'at least one field or fact' })
  }
  const eachPath = each === undefined ? undefined : pathOf(each)
  const allowed = each === undefined ? 0 : (eachPath === undefined ? 0 : starsIn(eachPath)) + 1
  const check = (text: unknown, path: readonly string[], most = allowed): void => {
    const parsed = typeof text === 'string' ? pathOf(text) : undefined
    if (parsed === undefined || starsIn(parsed) <= most) return
    const message =
      each === undefined ? 'a path without *, or `each` beside it' : `a path with at most ${most} *`
    context.addIssue({ code: 'custom', path: [...path], message })
  }
  check(name, ['name'])
  for (const where of Object.keys(message.where ?? {})) check(where, ['where', where], 0)
  for (const [key, one] of Object.entries(fields)) check(pathIn(one), ['fields', key])
  for (const [key, one] of Object.entries(facts)) check(pathIn(one), ['facts', key])
})

function pathIn(said: unknown): unknown {
  return typeof said === 'object' && said !== null && 'path' in said ? said.path : said
}

/** `feeds.json-socket` of a config: what in this venue's messages means what. Without it nothing is quoted. */
export const SETTINGS = writtenObject({
  messages: z
    .array(MESSAGE, 'a list of mappings')
    .describe('Each says how one kind of message is read. `feedtape inspect` prints one to start from.'),
})

export type Settings = z.infer<typeof SETTINGS>
