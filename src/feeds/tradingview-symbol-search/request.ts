import { excerpt } from '../../model/errors.ts'

/** `v3` and `local` answer with an object that says how many are left, `legacy` with a bare array. */
export type SearchForm = 'v3' | 'local' | 'legacy'

export interface SearchRequest {
  readonly kind: 'search'
  readonly form: SearchForm
  readonly text: string
  /** Rows before this one were asked for before. */
  readonly start: number
  /** The match stands between `<em>` and `</em>`. */
  readonly isHighlighted: boolean
  /** The rest that chooses: exchange, type, country, language. `''` where nothing is chosen. */
  readonly exchange: string
  readonly type: string
  readonly country: string
  readonly lang: string
}

export type ClientRequest =
  | SearchRequest
  | { readonly kind: 'malformed'; readonly form: SearchForm; readonly reason: string }
  | { readonly kind: 'unknown'; readonly reason: string }

export const PATHS: Readonly<Record<SearchForm, string>> = {
  v3: '/symbol_search/v3/',
  local: '/local_search/v3/',
  legacy: '/symbol_search/',
}

/** With and without the last stroke. */
export function formOf(path: string): SearchForm | undefined {
  const whole = path.endsWith('/') ? path : `${path}/`
  const forms = ['v3', 'local', 'legacy'] as const
  return forms.find(form => PATHS[form] === whole)
}

export function readRequest(url: string): ClientRequest {
  const parsed = URL.parse(url)
  if (parsed === null) return { kind: 'unknown', reason: 'no address' }
  const form = formOf(parsed.pathname)
  if (form === undefined) return { kind: 'unknown', reason: `no search: ${excerpt(parsed.pathname)}` }
  const query = parsed.searchParams
  const text = query.get('text')
  if (text === null) return { kind: 'malformed', form, reason: 'no text is searched for' }
  const start = query.get('start') ?? '0'
  if (!/^\d{1,9}$/.test(start)) return { kind: 'malformed', form, reason: 'start is no number' }
  const type = query.get(TYPE_PARAMETER[form]) ?? ''
  return {
    kind: 'search',
    form,
    text,
    start: Number(start),
    isHighlighted: query.get('hl') === '1',
    exchange: query.get('exchange') ?? '',
    // The page itself sends `undefined` for all types.
    type: type === ALL_TYPES ? '' : type,
    country: query.get('country') ?? '',
    lang: query.get('lang') ?? '',
  }
}

export const ALL_TYPES = 'undefined'

export const TYPE_PARAMETER: Readonly<Record<SearchForm, string>> = {
  v3: 'search_type',
  local: 'search_type',
  legacy: 'type',
}
