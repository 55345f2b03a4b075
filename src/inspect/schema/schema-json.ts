import type { FieldFacts, KindFacts, SchemaFacts, TextFacts } from './schema-facts.ts'

/** The schema as `--json` prints it: without what only a comparison needs. */
export function schemaJson({ tapes, feeds }: SchemaFacts) {
  return {
    tapes,
    feeds: [...feeds.values()].map(({ feed, messages, kinds }) => ({
      feed,
      messages,
      kinds: [...kinds.values()].map(kindJson),
    })),
  }
}

function kindJson({ fields, spread: _, gapCounts: __, gapSums: ___, ...kind }: KindFacts) {
  return { ...kind, fields: [...fields.values()].map(fieldJson) }
}

function fieldJson({ hits: _, trials: __, recordTrials: ___, records: ____, texts, ...field }: FieldFacts) {
  return { ...field, ...(texts === undefined ? {} : { texts: textsJson(texts) }) }
}

function textsJson({ words, ...texts }: TextFacts) {
  return {
    ...texts,
    ...(words === undefined ? {} : { words: words.map(({ value, count }) => ({ value, count })) }),
  }
}
