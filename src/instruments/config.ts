import { z } from 'zod'
import type { Decimal } from '../model/decimal.ts'
import { FeedtapeError } from '../model/errors.ts'
import { refuseBadWords } from './config-words.ts'
import { configJson, refusalOf, writtenObject, writtenPositiveDecimal } from './hand-written.ts'
import { identityOf } from './name.ts'

/** What the user says about an instrument. It is believed before the wire and the built-in table. */
export interface InstrumentConfig {
  /** Another word for the same instrument; for a continuous symbol the contract that it means all along. */
  readonly is?: string | undefined
  /** Money for one contract when the price moves by 1.0, in `currency`. */
  readonly pointValue?: Decimal | undefined
  readonly tickSize?: Decimal | undefined
  readonly currency?: string | undefined
  /** Believed before the wire and the table: an inverse contract is paid in its coin, and its P&L is not computed. */
  readonly kind?: 'linear' | 'inverse' | undefined
}

export interface Config {
  /** By the instrument's identity. */
  readonly instruments: ReadonlyMap<string, InstrumentConfig>
}

export const NO_CONFIG: Config = { instruments: new Map() }

/** Three letters by ISO 4217; crypto venues use four and five (USDT, MATIC) and digits. */
const CURRENCY = /^[A-Z0-9]{3,5}$/

const NAME = 'the name of another instrument, such as "NQZ2026"'

const INSTRUMENT = writtenObject({
  is: z.string(NAME).min(1, NAME).optional(),
  pointValue: writtenPositiveDecimal().optional(),
  tickSize: writtenPositiveDecimal().optional(),
  currency: z.string('a currency such as "USD"').regex(CURRENCY, 'a currency such as "USD"').optional(),
  kind: z.enum(['linear', 'inverse'], { error: '"linear" or "inverse"' }).optional(),
})

/** What stands under the config's key `instruments`. */
export const INSTRUMENTS_SCHEMA = z.record(z.string(), INSTRUMENT, 'an object of instruments by name')

const CONFIG = writtenObject({ instruments: INSTRUMENTS_SCHEMA.optional() })

/** Reads the text of a config file; `file` is for its errors. Throws `bad-config`. */
export function readConfig(text: string, file: string): Config {
  const json = configJson(text, file, '{"instruments":{}}')
  const result = CONFIG.safeParse(json)
  if (!result.success) {
    const { path, ...detail } = refusalOf(result.error, json)
    const where = path === '' ? file : `${file} ${path}`
    throw new FeedtapeError('bad-config', 'the config does not say what it should', { where, ...detail })
  }
  refuseProto(json, file)
  const instruments = new Map<string, InstrumentConfig>()
  for (const [name, values] of Object.entries(result.data.instruments ?? {})) {
    const instrument = identityOf(name)
    if (instruments.has(instrument)) throw sameInstrument(file, name, instrument)
    instruments.set(instrument, values)
  }
  refuseBadWords(instruments, file)
  return { instruments }
}

/** zod drops this one key without a word. */
function refuseProto(json: unknown, file: string): void {
  const instruments: unknown = Object.entries(json ?? {}).find(([key]) => key === 'instruments')?.[1]
  if (typeof instruments !== 'object' || !Object.hasOwn(instruments ?? {}, '__proto__')) return
  throw new FeedtapeError('bad-config', 'no instrument has this name', {
    where: `${file} instruments.__proto__`,
    next: 'remove the key',
  })
}

function sameInstrument(file: string, name: string, instrument: string): FeedtapeError {
  return new FeedtapeError('bad-config', `the instrument ${instrument} stands in it twice`, {
    where: `${file} instruments.${name}`,
    expected: 'each instrument once',
    found: 'another spelling of a name above',
    next: 'keep one of the two',
  })
}
