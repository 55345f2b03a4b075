import { type Path, valueAt } from '../../feeds/json-socket/index.ts'
import { parseKeepingNumbers } from '../../feeds/numbers.ts'
import { costOf, isAffordable, type PatternCost } from '../../feeds/trade-manager/index.ts'
import {
  BODY_FIELD_NAMES,
  type BodyField,
  bodyPathOf,
  type SignalsMapping,
  type WebhookAction,
} from './webhook-mapping.ts'

/** What a body says, field by field, as it stands there. */
export interface BodyValues {
  readonly values: Readonly<Partial<Record<BodyField, unknown>>>
  /** What its pattern means, where no group says so. */
  readonly action?: WebhookAction
}

export interface BodyReader {
  /** The path in a JSON body, the group of a text; nothing where the mapping has none. */
  nameOf(field: BodyField): string | undefined
  /** `undefined` for a text that no pattern reads, and for what is no body. */
  read(body: unknown): BodyValues | undefined
}

/** Longer texts are compared with no pattern. */
const LONGEST_TEXT = 4000

interface Pattern {
  readonly pattern: RegExp
  readonly cost: PatternCost
  readonly action: WebhookAction | undefined
}

export function bodyReader(mapping: SignalsMapping): BodyReader {
  const paths = new Map(
    BODY_FIELD_NAMES.flatMap(field => {
      const path = bodyPathOf(mapping[field] ?? '')
      return path === undefined ? [] : [[field, path] as const]
    }),
  )
  const patterns = (mapping.texts ?? []).map(({ pattern, action }) => {
    return { pattern: new RegExp(pattern, 'u'), cost: costOf(pattern), action }
  })
  return {
    nameOf: field => mapping[field],
    read(body) {
      if (typeof body !== 'string') return inJson(body, paths)
      return inJson(jsonOf(body), paths) ?? inText(body.trim(), patterns)
    },
  }
}

function inJson(body: unknown, paths: ReadonlyMap<BodyField, Path>): BodyValues | undefined {
  if (typeof body !== 'object' || body === null || paths.size === 0) return undefined
  return { values: Object.fromEntries([...paths].map(([field, path]) => [field, valueAt(body, path)])) }
}

/** A JSON body may be told as the text that it was. */
function jsonOf(text: string): unknown {
  if (!text.trimStart().startsWith('{')) return undefined
  try {
    return parseKeepingNumbers(text)
  } catch {
    return undefined
  }
}

function inText(text: string, patterns: readonly Pattern[]): BodyValues | undefined {
  if (text.length > LONGEST_TEXT) return undefined
  for (const { pattern, cost, action } of patterns) {
    const groups = isAffordable(cost, text) ? pattern.exec(text)?.groups : undefined
    if (groups === undefined) continue
    const values = Object.fromEntries(BODY_FIELD_NAMES.map(field => [field, groups[field]]))
    return { values, ...(action === undefined ? {} : { action }) }
  }
  return undefined
}
