import { type Random, randomAlphanumeric, randomInteger } from '../src/model/random.ts'

/**
 * What fills a chart page beside its prices: invented names and values in the sizes and JSON types that the real
 * capture S01 has. Nothing here is known to the decoder, but for a handful of facts in `staticFields`.
 */

/** A packet of fundamentals: 32 % whole numbers, 41 % histories, 19 % long fractions, the rest words and objects. */
export function fundamentals(random: Random, fields: number): string {
  const parts = Array.from({ length: fields }, (_, index) => {
    const key = `synthetic_item_${index}_${randomAlphanumeric(random, randomInteger(random, 2, 8)).toLowerCase()}_fy`
    return `"${key}":${fundamental(random)}`
  })
  return `{${parts.join(',')}}`
}

function fundamental(random: Random): string {
  const kind = random.next()
  if (kind < 0.32) return String(randomInteger(random, 0, 999_999_999))
  if (kind < 0.73) {
    const history = Array.from({ length: randomInteger(random, 1, 12) }, () =>
      randomInteger(random, 0, 99_999_999),
    )
    return JSON.stringify(history)
  }
  if (kind < 0.92) return String(random.next() * 100)
  if (kind < 0.97) return `"${randomAlphanumeric(random, randomInteger(random, 3, 60))}"`
  if (kind < 0.985) return 'true'
  return `{"source":"${randomAlphanumeric(random, 12)}","figures":{"a":${randomInteger(random, 1, 9_999)},"b":[1,2,3]}}`
}

/** Facts of an instrument and what goes with them: mostly words, a few objects, some numbers. */
export function staticFields(random: Random, fields: number): string {
  const known =
    '"pro_name":"SYNTHETIC:NAME","exchange":"Synthetic","type":"stock","currency_code":"INR","description":"A synthetic instrument","pointvalue":1,"pricescale":100,"minmov":1,"fractional":false'
  const parts = Array.from({ length: Math.max(fields - 9, 0) }, (_, index) => {
    const key = `synthetic_${randomAlphanumeric(random, randomInteger(random, 2, 10)).toLowerCase()}_${index}`
    return `"${key}":${staticValue(random, index)}`
  })
  return `{${[known, ...parts].join(',')}}`
}

function staticValue(random: Random, index: number): string {
  if (index % 12 === 5)
    return `{"id":"X","list":[${Array.from({ length: 40 }, () => `"${randomAlphanumeric(random, 4)}"`)}]}`
  if (index % 3 === 0) return String(randomInteger(random, 0, 9_999_999))
  if (index % 7 === 1) return String(random.next())
  return `"${randomAlphanumeric(random, randomInteger(random, 4, 90))}"`
}

/** `timescale_update` or `du` with so many bars. */
export function bars(random: Random, method: 'timescale_update' | 'du', count: number): string {
  const rows = Array.from({ length: count }, (_, index) => {
    const price = () => randomInteger(random, 900_000, 1_100_000) / 100
    return `{"i":${index},"v":[${1_789_000_000 + 86_400 * index}.0,${price()},${price()},${price()},${price()},${randomInteger(random, 1, 9_999_999)}.0]}`
  })
  const series = `{"sds_1":{"node":"synthetic-node","s":[${rows.join(',')}],"ns":{"d":"","indexes":"nochange"},"t":"s1","lbs":{"bar_close_time":1790000060}}}`
  const changes = method === 'du' ? '' : ',{"index":300,"zoffset":0,"changes":[],"marks":[],"index_diff":[]}'
  return `{"m":"${method}","p":["cs_synthetic003",${series}${changes}]}`
}

/** A study's figures: a JSON text within the JSON, as pine graphics come, of about so many units. */
export function studyUpdate(random: Random, units: number): string {
  let points = ''
  for (let index = 0; points.length < units; index += 1) {
    points += `${index === 0 ? '' : ','}{"i":${index},"v":[${1_789_000_000 + 60 * index}.0,${random.next() * 1_000},${random.next() * 1_000},1e+100,0.0]}`
  }
  return `{"m":"du","p":["cs_synthetic003",{"${randomAlphanumeric(random, 6)}":{"node":"synthetic-node","st":[${points}],"ns":{"d":"","indexes":[]},"t":"s1_st1"}}]}`
}

export function studyNote(random: Random, method: 'study_loading' | 'study_completed'): string {
  return `{"m":"${method}","p":["cs_synthetic003","${randomAlphanumeric(random, 6)}","s1_st1"],"t":1790000000,"t_ms":1790000000000}`
}

/** The client's own request, its script as one long string. */
export function createStudy(random: Random, units: number): string {
  return `{"m":"create_study","p":["cs_synthetic003","st1","st1","sds_1","Script@synthetic-101!",{"text":"${randomAlphanumeric(random, units)}"}]}`
}
