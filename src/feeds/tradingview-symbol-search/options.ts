import type { ChosenOptions, OptionSpec } from '../socket-plan.ts'
import { ALL_TYPES, formOf, PATHS, type SearchForm, TYPE_PARAMETER } from './request.ts'
import { SEARCH } from './wire.ts'

const MOST_PAGES = 20

export const OPTIONS: readonly OptionSpec[] = [
  {
    name: 'type',
    meaning: 'stocks, funds, futures, forex, crypto, indices, bonds, economic or options; all is every type',
    value: 'all',
    refuse: value => (/^[a-z_]{1,20}$/.test(value) ? undefined : 'a type is one word of small letters'),
  },
  {
    name: 'exchange',
    meaning: 'only of this exchange: CME, NASDAQ; empty is every exchange',
    value: '',
    refuse: value => (/^[\w .&-]{0,40}$/.test(value) ? undefined : 'an exchange is a short name'),
  },
  {
    name: 'lang',
    meaning: 'the language of the descriptions',
    value: 'en',
    refuse: value => (/^[a-zA-Z_-]{2,10}$/.test(value) ? undefined : 'a language is like en or pt'),
  },
  {
    name: 'country',
    meaning: 'only of this country, by its two letters: US; empty is every country',
    value: '',
    refuse: value => (/^(?:[A-Z]{2})?$/.test(value) ? undefined : 'a country is two capital letters'),
  },
  {
    name: 'pages',
    meaning: `how many pages of some 50 rows to ask for each text, at most ${MOST_PAGES}`,
    value: '1',
    refuse(value) {
      const count = /^\d{1,2}$/.test(value) ? Number(value) : 0
      return count >= 1 && count <= MOST_PAGES ? undefined : `expected a whole number from 1 to ${MOST_PAGES}`
    },
  },
  {
    name: 'form',
    meaning: 'v3, or legacy: the older address, whose answer is a bare array',
    value: 'v3',
    refuse: value => (value === 'v3' || value === 'legacy' ? undefined : 'expected v3 or legacy'),
  },
]

export interface Choice {
  readonly address: string
  readonly pages: number
  /** One page's address. */
  urlOf(text: string, start: number): string
}

/** The user's own host, and its search where one is given with its path. */
export function choose(options: ChosenOptions = {}, url: string | undefined): Choice {
  const chosen = (name: string): string => {
    return options[name] ?? OPTIONS.find(option => option.name === name)?.value ?? ''
  }
  const parsed = URL.parse(url ?? '')
  const isLegacy = chosen('form') === 'legacy'
  const named = formOf(parsed?.pathname ?? '')
  const form: SearchForm = isLegacy ? 'legacy' : named === 'local' ? 'local' : 'v3'
  const address = `${parsed?.origin ?? SEARCH}${PATHS[form]}`
  const type = chosen('type') === 'all' ? (isLegacy ? '' : ALL_TYPES) : chosen('type')
  return {
    address,
    pages: Number(chosen('pages')),
    urlOf(text, start) {
      const query = new URLSearchParams({
        text,
        hl: '1',
        exchange: chosen('exchange'),
        lang: chosen('lang'),
        [TYPE_PARAMETER[form]]: type,
        start: String(start),
        ...(chosen('country') === '' ? {} : { country: chosen('country') }),
        domain: 'production',
      })
      return `${address}?${query}`
    },
  }
}
