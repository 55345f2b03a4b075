import type { FieldFacts, KindFacts, SchemaFacts, TextFacts, WordCount } from './schema-facts.ts'

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

function kindJson({ fields, heads, ...kind }: KindFacts) {
  const { spread: _, gapCounts: __, gapSums: ___, gapLengths: ____, gapUnit: _____, ...facts } = kind
  return {
    ...facts,
    ...(heads === undefined ? {} : { status: wordsJson(heads.status), contentType: wordsJson(heads.type) }),
    fields: [...fields.values()].map(fieldJson),
  }
}

function fieldJson({ hits: _, trials: __, recordTrials: ___, records: ____, texts, ...field }: FieldFacts) {
  return { ...field, ...(texts === undefined ? {} : { texts: textsJson(texts) }) }
}

function textsJson({ words, ...texts }: TextFacts) {
  return {
    ...texts,
    ...(words === undefined ? {} : { words: wordsJson(words) }),
  }
}

function wordsJson(words: readonly WordCount[]) {
  return words.map(({ value, count }) => ({ value, count }))
}
