import { z } from 'zod'
import { pathOf, starsIn, TIME_UNITS } from '../../feeds/json-socket/index.ts'
import { patternRefusal } from '../../feeds/trade-manager/index.ts'
import { writtenObject } from '../../instruments/hand-written.ts'

/** What a body can say, and where: keys of a JSON body, named groups of a text. */
export const BODY_FIELDS = {
  at: 'When it was sent.',
  id: 'The same id is the same signal.',
  action: 'What was done, in words that `actions` explains.',
  ticker: 'The instrument, letter for letter.',
  strategy: 'Whose position it is, with ticker and timeframe.',
  timeframe: 'Of the strategy’s chart.',
  side: 'buy or sell, long or short.',
  quantity: 'How much was done.',
  price: 'At what price.',
  position: 'How much is held behind it: below zero is short, unless marketPosition says the side.',
  marketPosition: 'long, short or flat, behind it.',
  average: 'The average price of the position behind it, rounded: it sets the position.',
} as const
export type BodyField = keyof typeof BODY_FIELDS
export const BODY_FIELD_NAMES = Object.keys(BODY_FIELDS) as readonly BodyField[]

export const WEBHOOK_ACTIONS = ['buy', 'sell', 'open', 'add', 'close'] as const
export type WebhookAction = (typeof WEBHOOK_ACTIONS)[number]

const PATH_SAID = 'a path such as "strategy.order.price"'
const ACTION_SAID = `one of ${WEBHOOK_ACTIONS.map(action => `"${action}"`).join(', ')}`
const ACTION = z.enum(WEBHOOK_ACTIONS, ACTION_SAID)
const PATH = z.string(PATH_SAID).refine(text => bodyPathOf(text) !== undefined, PATH_SAID)

const TEXT = writtenObject({
  pattern: z
    .string('a regular expression in a string')
    .superRefine((pattern, context) => {
      const refusal = patternRefusal(pattern, BODY_FIELD_NAMES, 'ticker')
      if (refusal !== undefined) context.addIssue({ code: 'custom', message: refusal })
    })
    .describe(
      `A regular expression (JavaScript’s, flag u) with named groups of: ${BODY_FIELD_NAMES.join(', ')}.`,
    ),
  action: ACTION.optional().describe('What such a text means, where no group of it says so.'),
})

/** `signals` of a config: what the bodies of webhooks say, for `--positions signals:FILE`. */
export const SIGNALS_SCHEMA = writtenObject({
  ...fieldShape(),
  timeUnit: z
    .enum(TIME_UNITS, `one of ${TIME_UNITS.join(', ')}`)
    .optional()
    .describe('What `at` counts since 1970; iso, the default, is ISO 8601 with its offset.'),
  actions: z
    .record(z.string(), ACTION, `an object of words and ${ACTION_SAID}`)
    .optional()
    .describe(
      'What the words of `action` mean, in any case of letters; without it each of the five means itself.',
    ),
  texts: z
    .array(TEXT, 'a list of patterns')
    .optional()
    .describe('How a body that is no JSON object is read, tried in order.'),
}).superRefine(({ texts = [], ticker }, context) => {
  if (texts.length > 0 || ticker !== undefined) return
  context.addIssue({ code: 'custom', path: ['ticker'], message: `${PATH_SAID}, or a list of "texts"` })
})

export type SignalsMapping = z.infer<typeof SIGNALS_SCHEMA>

/** `strategy.order.price`, `$.orders[0].price`: a path without members to choose from. */
export function bodyPathOf(text: string) {
  const path = pathOf(text.replace(/\[(\d+)\]/g, '.$1'))
  return path === undefined || starsIn(path) > 0 || path.isKey ? undefined : path
}

function fieldShape(): Record<BodyField, z.ZodOptional<typeof PATH>> {
  const of = (field: BodyField) => PATH.optional().describe(BODY_FIELDS[field])
  return {
    at: of('at'),
    id: of('id'),
    action: of('action'),
    ticker: of('ticker'),
    strategy: of('strategy'),
    timeframe: of('timeframe'),
    side: of('side'),
    quantity: of('quantity'),
    price: of('price'),
    position: of('position'),
    marketPosition: of('marketPosition'),
    average: of('average'),
  }
}
