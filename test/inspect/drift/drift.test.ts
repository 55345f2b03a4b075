import { join } from 'node:path'
import { describe, expect, it, test } from 'vitest'
import { compareSchemas, type DriftFinding, worstOf } from '../../../src/inspect/drift/index.ts'
import { describeWithSamples, readSampleFrames } from '../../samples.ts'
import { entriesOf, packet, qsd, type Said, SECOND, schemaOf } from '../schema/build.ts'
import { SESSION_HEADER } from './sessions.ts'

function drift(baseline: readonly Said[], now: readonly Said[]): readonly DriftFinding[] {
  return compareSchemas(schemaOf(entriesOf(baseline)), schemaOf(entriesOf(now))).findings
}

function said(findings: readonly DriftFinding[]): readonly string[] {
  return findings.map(({ severity, change, kind, path }) => [severity, change, kind, path].join(' ').trim())
}

/** A plain session: 400 quotes of two instruments, a heartbeat every ten seconds. */
function session(
  change: (fields: Record<string, unknown>, n: number) => object = fields => fields,
): readonly Said[] {
  return Array.from({ length: 400 }, (_, n) => {
    if (n % 20 === 0) return packet(`~h~${n / 20}`, n * SECOND)
    const fields = {
      lp: 100 + (n % 40) / 4,
      lp_time: 1_766_031_047 + n,
      bid: 99.5 + (n % 7) / 4,
      note: 'plain',
    }
    return qsd(
      change(n % 3 === 0 ? { ...fields, volume: n } : fields, n),
      n % 2 === 0 ? 'NSE:X' : 'NSE:Y',
      n * SECOND,
    )
  })
}

function without(name: string): (fields: Record<string, unknown>) => object {
  return ({ [name]: _, ...rest }) => rest
}

describe('no drift', () => {
  it('is found between a session and itself, nor between its halves', () => {
    expect(drift(session(), session())).toEqual([])
    const [first, second] = [session().slice(0, 200), session().slice(200)]
    expect(['info', undefined]).toContain(worstOf({ findings: drift(first, second) }))
  })

  it('is another subscription, or what our own client says', () => {
    const other = session().map(({ text, ...rest }) => ({ ...rest, text: text.replaceAll('NSE:X', 'NSE:Q') }))
    expect(drift(session(), other)).toEqual([])
    const talk = Array.from({ length: 100 }, () => ({
      ...packet({ m: 'quote_add_symbols', p: ['qs_1', 'NSE:X'] }),
    }))
    expect(drift([...session(), ...talk.map(one => ({ ...one, dir: 'out' as const }))], session())).toEqual(
      [],
    )
  })

  it('is a session id, although it was one and the same all through', () => {
    const renamed = session().map(({ text, at = 0 }) => ({
      at,
      text: text.replace('"qs_1"', '"qs_9"'),
    }))
    expect(drift(session(), renamed)).toEqual([])
  })
})

describe('critical', () => {
  it('a field that we read is gone', () => {
    const [finding] = drift(session(), session(without('bid')))
    expect(finding).toMatchObject({
      severity: 'critical',
      change: 'field gone',
      path: 'p.1.v.bid',
      meaning: ['bid'],
      now: 'in none of 380',
      sign: { kind: 'lacks', path: 'p.1.v.bid', parent: 'p.1.v' },
    })
  })

  it('and where it may have another name now, that is said', () => {
    const renamed = session(({ bid, ...rest }) => ({ ...rest, best: bid }))
    expect(drift(session(), renamed)[0]?.said).toBe(
      'a field that we read is gone; perhaps it is p.1.v.best now',
    )
  })

  it('a field that we read has another type', () => {
    const findings = drift(
      session(),
      session(({ lp, ...rest }) => ({ ...rest, lp: String(lp) })),
    )
    expect(said(findings)).toContain('critical type qsd p.1.v.lp')
  })

  it('a time in another unit', () => {
    const findings = drift(
      session(),
      session(({ lp_time, ...rest }) => ({ ...rest, lp_time: Number(lp_time) * 1_000 })),
    )
    expect(findings.find(({ path }) => path === 'p.1.v.lp_time')).toMatchObject({
      severity: 'critical',
      now: 'ms',
    })
  })

  it('a frame that no longer parses, if only one', () => {
    const broken = session().map((one, n) => (n === 77 ? { ...one, text: one.text.slice(0, -9) } : one))
    expect(drift(session(), broken)[0]).toMatchObject({ severity: 'critical', change: 'unreadable' })
  })

  it('a kind that we read is gone', () => {
    const renamed = session().map(({ text, at = 0 }) => ({ at, text: text.replace('"qsd"', '"qsx"') }))
    expect(said(drift(session(), renamed))).toEqual(
      expect.arrayContaining(['critical kind gone qsd', 'warning kind new qsx']),
    )
  })
})

describe('a warning', () => {
  it('a field that nobody reads is gone, or has another type', () => {
    expect(said(drift(session(), session(without('note'))))).toEqual(['warning field gone qsd p.1.v.note'])
    const findings = drift(
      session(),
      session(fields => ({ ...fields, note: ['plain'] })),
    )
    expect(said(findings)).toContain('warning type qsd p.1.v.note')
  })

  it('a kind that nobody knows', () => {
    const more = [...session(), packet({ m: 'brand_new', p: [] }, 401 * SECOND)]
    expect(said(drift(session(), more))).toEqual(['warning kind new brand_new'])
  })

  it('a new value of an enum; seen once, it is a remark', () => {
    const often = session((fields, n) => (n % 9 === 0 ? { ...fields, note: 'fancy' } : fields))
    expect(drift(session(), often)).toMatchObject([
      { severity: 'warning', change: 'value new', path: 'p.1.v.note' },
    ])
    const once = session((fields, n) => (n === 99 ? { ...fields, note: 'fancy' } : fields))
    expect(said(drift(session(), once))).toEqual(['info value new qsd p.1.v.note'])
  })

  it('a rate that moved', () => {
    const fewer = session((fields, n) => (n % 6 === 0 ? without('volume')(fields) : fields))
    expect(said(drift(session(), fewer))).toEqual(['warning rate qsd p.1.v.volume'])
  })

  it('a cadence that moved; twice as slow is twice as slow for all kinds that came often enough', () => {
    const slow = session().map(({ text, at = 0 }) => ({ text, at: at * 2 }))
    expect(said(drift(session(), slow))).toContain('warning cadence qsd')
  })
})

describe('a remark', () => {
  it('a new field, with how often it stands there', () => {
    const findings = drift(
      session(),
      session(fields => ({ ...fields, extra: 1 })),
    )
    expect(findings).toMatchObject([{ severity: 'info', change: 'field new', path: 'p.1.v.extra' }])
  })

  it('another range', () => {
    const high = session(({ bid, ...rest }) => ({ ...rest, bid: Number(bid) + 1_000 }))
    expect(said(drift(session(), high))).toEqual(['info range qsd p.1.v.bid'])
  })

  it('from single frames: shape only, never a rate', () => {
    const findings = drift([qsd({ lp: 1.5, bid: 2 })], [qsd({ lp: 1.5 })])
    expect(said(findings)).toEqual(['info field gone qsd p.1.v.bid'])
    expect(drift([qsd({ lp: 1.5, bid: 2 })], session()).map(({ change }) => change)).not.toContain('rate')
  })
})

describeWithSamples('TradingView from 2019 to 2025', samples => {
  const folder = join(samples, 'tradingview-socket')
  const of2019 = readSampleFrames(join(folder, '09_short_frames.jsonl')).filter(({ data }) =>
    /1558466886|ICEEUR:BRN1!/.test(data),
  )
  const of2025 = readSampleFrames(join(folder, '01_prodata_2025-12-18.frames.jsonl'))
  const facts = (frames: readonly (typeof of2019)[number][]) => {
    const all = frames.map(
      ({ data, dir, time }): Said => ({ text: data, dir, at: Math.round((time ?? 0) * 1e6) }),
    )
    return schemaOf(entriesOf(all), { ...SESSION_HEADER, clock: 'none' })
  }

  test('names what is new, what has another type or form, and how numbers are written now', () => {
    expect(of2019).toHaveLength(2)
    const { findings } = compareSchemas(facts(of2019), facts(of2025))
    expect(said(findings)).toEqual(
      expect.arrayContaining([
        'info field new hello timestampMs',
        'info field new hello via',
        'warning type hello javastudies',
        'info form hello session_id',
        'info decimals qsd p.1.v.lp',
        'info decimals qsd p.1.v.ch',
        'info decimals qsd p.1.v.chp',
      ]),
    )
    expect(findings.find(({ path }) => path === 'javastudies')).toMatchObject({
      baseline: 'string (word)',
      now: 'array',
    })
    expect(findings.map(({ change }) => change)).not.toContain('rate')
    expect(findings.map(({ change }) => change)).not.toContain('cadence')
  })

  test('between the halves of one real session nothing is critical', () => {
    const half = Math.floor(of2025.length / 2)
    const { findings } = compareSchemas(facts(of2025.slice(0, half)), facts(of2025.slice(half)))
    expect(findings.filter(({ severity }) => severity !== 'info')).toEqual([])
  })
})
