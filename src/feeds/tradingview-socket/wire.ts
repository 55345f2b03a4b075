import type { Direction } from '../../tape/entry.ts'
import type { Disposition, MessageKind } from '../feed.ts'

/**
 * Every kind of packet that is known, with a sample. Evidence is tradingview.md 1.3–1.6; S01, S04, S06 and S09
 * are its captures. Samples are shortened and hold no one's session.
 */
const CHART = 'chart series and studies carry bars, not quotes; the quote of the same instrument comes as qsd'
const LOAD = 'says that a study was loaded, finished or removed; studies carry no quote'

type Row = readonly [kind: string, disposition: Disposition, sample: string, seen: string, reason?: string]

const FROM_SERVER: readonly Row[] = [
  [
    'hello',
    'status',
    '{"session_id":"0.1.1_mum1-charts-pro-4-tvbs-xxxxx-3","timestamp":1766031047,"timestampMs":1766031047438,"release":"release_208-91","studies_metadata_hash":"0000000000000000000000000000000000000000","auth_scheme_vsn":2,"protocol":"json","via":"127.0.0.1:443","javastudies":["3.66"]}',
    'S01, S06, S09 (2019 to 2025; timestampMs and via absent in 2019, javastudies a string until 2022)',
  ],
  ['heartbeat', 'status', '~h~17', 'all captures, every 10.0 s'],
  [
    'qsd',
    'read',
    '{"m":"qsd","p":["qs_xxxxxxxxxxxx",{"n":"NSE:CNX500","s":"ok","v":{"lp":23418.6}}]}',
    'S01, S06, S08, S09',
  ],
  [
    'qsd (shorthand)',
    'read',
    '{"m":"qsd","p":["CME_MINI:MNQ1!",{"n":"25650.25"}]}',
    'the seed notes only: p[0] a symbol, no s, no v, n the price; never seen on a wire',
  ],
  [
    'quote_completed',
    'status',
    '{"m":"quote_completed","p":["qs_xxxxxxxxxxxx","NSE:JUNIPER"]}',
    'S01, S06, S09',
  ],
  [
    'symbol_resolved',
    'read',
    '{"m":"symbol_resolved","p":["cs_xxxxxxxxxxxx","sds_sym_1",{"pro_name":"BINANCE:BTCUSDT","pricescale":100,"minmov":1,"pointvalue":1.0,"currency_code":"USDT","type":"spot"}],"t":1751833034,"t_ms":1751833034750}',
    'S01, S06',
  ],
  [
    'series_loading',
    'status',
    '{"m":"series_loading","p":["cs_xxxxxxxxxxxx","sds_1","s1"],"t":1766031047,"t_ms":1766031047747}',
    'S01, S06',
  ],
  [
    'series_completed',
    'status',
    '{"m":"series_completed","p":["cs_xxxxxxxxxxxx","sds_1","streaming","s1",{"rt_update_period":0}],"t":1766031047,"t_ms":1766031047747}',
    'S01, S06; the third word is the update mode',
  ],
  [
    'series_timeframe',
    'status',
    '{"m":"series_timeframe","p":["cs_xxxxxxxxxxxx","sds_2","s1",-224,299,"r,1732838400:1766016000",false]}',
    'S01',
  ],
  [
    'timescale_update',
    'ignored',
    '{"m":"timescale_update","p":["cs_xxxxxxxxxxxx",{"sds_1":{"s":[{"i":0,"v":[1751815080.0,108879.22,108879.23,108809.33,108809.34,68.87117]}],"t":"s1"}},{"index":300,"zoffset":0,"changes":[],"marks":[],"index_diff":[]}]}',
    'S01, S06',
    CHART,
  ],
  [
    'du',
    'ignored',
    '{"m":"du","p":["cs_xxxxxxxxxxxx",{"sds_1":{"s":[{"i":299,"v":[1751833020.0,108756.4,108756.41,108756.4,108756.41,0.031]}],"ns":{"d":"","indexes":"nochange"},"t":"s1","lbs":{"bar_close_time":1751833080}}}]}',
    'S01, S06',
    CHART,
  ],
  [
    'study_loading',
    'ignored',
    '{"m":"study_loading","p":["cs_xxxxxxxxxxxx","st1","s1_sessions_1"],"t":1766031048,"t_ms":1766031048882}',
    'S01',
    LOAD,
  ],
  [
    'study_completed',
    'ignored',
    '{"m":"study_completed","p":["cs_xxxxxxxxxxxx","st1","s1_sessions_1"],"t":1766031048,"t_ms":1766031048882}',
    'S01',
    LOAD,
  ],
  [
    'study_deleted',
    'ignored',
    '{"m":"study_deleted","p":["cs_xxxxxxxxxxxx","st1","s1_sessions_1"],"t":1766031049,"t_ms":1766031049478}',
    'S01',
    LOAD,
  ],
  [
    'studies_metadata',
    'ignored',
    '{"m":"studies_metadata","p":["cs_xxxxxxxxxxxx","st1",{"metainfo":[]}]}',
    'S04',
    'the catalogue of studies; no market data',
  ],
  ['protocol_switched', 'status', '{"m":"protocol_switched","p":["protobuf"]}', 'S04; binary frames follow'],
  [
    'protobuf',
    'ignored',
    '(binary) 29 12 41 0a 0f …',
    'S04, S09 (2019 only)',
    'protobuf is not read: its bid and ask are 32-bit floats, and no capture since 2019 has it',
  ],
  ['depth_symbol_cleared', 'status', '{"m":"depth_symbol_cleared","p":["ds_xxxxxxxxxxxx"]}', 'S04'],
  [
    'symbol_error',
    'error',
    '{"m":"symbol_error","p":["cs_xxxxxxxxxxxx","sds_sym_1","invalid symbol"],"t":1781043474,"t_ms":1781043474094}',
    'S09 (payload)',
  ],
  [
    'series_error',
    'error',
    '{"m":"series_error","p":["cs_xxxxxxxxxxxx","sds_1","s1","custom_resolution"]}',
    'Mathieu2301 tests/allErrors.test.ts',
  ],
  [
    'study_error',
    'error',
    '{"m":"study_error","p":["cs_xxxxxxxxxxxx","st1","s1_st1","study_not_auth"]}',
    'tradingview.md 1.6',
  ],
  [
    'critical_error',
    'error',
    '{"m":"critical_error","p":["cs_xxxxxxxxxxxx","invalid parameters","method: create_series. args: \\"[]\\""]}',
    'S09',
  ],
  ['protocol_error', 'error', '{"m":"protocol_error","p":["bad auth token"]}', 'S09; the socket closes then'],
  [
    'depth_symbol_error',
    'error',
    '{"m":"depth_symbol_error","p":["ds_xxxxxxxxxxxx","NASDAQ:AAPL","unsupported_symbol"]}',
    'S09',
  ],
]

const QS = '"qs_xxxxxxxxxxxx"'
const CS = '"cs_xxxxxxxxxxxx"'

/** Method and its parameters as the page sends them. */
const FROM_CLIENT: readonly (readonly [method: string, parameters: string, seen: string])[] = [
  ['set_auth_token', '"unauthorized_user_token"', 'S01, S06'],
  ['set_locale', '"en","US"', 'S01'],
  ['set_data_quality', '"low"', 'S04 (2019)'],
  ['quote_create_session', QS, 'S01, S06'],
  ['quote_delete_session', QS, 'tradingview.md 1.5'],
  ['quote_set_fields', `${QS},"lp","volume","ch"`, 'S01, S06; never sent: all fields come'],
  ['quote_add_symbols', `${QS},"NSE:JUNIPER"`, 'S01, S06, S09'],
  ['quote_remove_symbols', `${QS},"NSE:JUNIPER"`, 'S01'],
  ['quote_fast_symbols', `${QS},"NSE:JUNIPER"`, 'S01'],
  ['quote_hibernate_all', QS, 'S01'],
  ['chart_create_session', `${CS},""`, 'S01, S06'],
  ['chart_delete_session', CS, 'tradingview.md 1.5'],
  ['switch_timezone', `${CS},"Asia/Kolkata"`, 'S01'],
  ['resolve_symbol', `${CS},"sds_sym_1","={\\"symbol\\":\\"NSE:JUNIPER\\"}"`, 'S01, S06'],
  ['create_series', `${CS},"sds_1","s1","sds_sym_1","1D",300,""`, 'S01, S06'],
  ['modify_series', `${CS},"sds_2","s1","sds_sym_2","188","r,1732838400:1766016000"`, 'S01'],
  ['request_more_data', `${CS},"sds_2",232`, 'S01'],
  ['request_more_tickmarks', `${CS},"sds_1",10`, 'S01'],
  ['create_study', `${CS},"st1","st1","sds_1","Dividends@tv-basicstudies-262",{}`, 'S01'],
  ['remove_study', `${CS},"st1"`, 'S01'],
  ['request_studies_metadata', `${CS},"st1"`, 'S04'],
  ['create_pointset', `${CS},"ps1","turnaround","sds_1",[]`, 'S04'],
  ['depth_create_session', '"ds_xxxxxxxxxxxx",20,""', 'S04'],
  ['depth_set_symbol', '"ds_xxxxxxxxxxxx","NASDAQ:AAPL"', 'S04'],
  ['depth_clear_symbol', '"ds_xxxxxxxxxxxx"', 'S04'],
  ['switch_protocol', '"protobuf"', 'S04'],
]

export const KINDS: readonly MessageKind[] = [
  ...FROM_SERVER.map(([kind, disposition, sample, seen, reason]): MessageKind => {
    return { kind, dir: 'in', disposition, sample, seen, ...(reason === undefined ? {} : { reason }) }
  }),
  { kind: 'heartbeat', dir: 'out', disposition: 'status', sample: '~h~17', seen: 'S01: the echo' },
  ...FROM_CLIENT.map(([method, parameters, seen]): MessageKind => {
    const sample = `{"m":"${method}","p":[${parameters}]}`
    return { kind: method, dir: 'out', disposition: 'request', sample, seen }
  }),
  {
    kind: 'quote_add_symbols (shorthand)',
    dir: 'out',
    disposition: 'request',
    sample: '{"m":"quote_add_symbols","p":["CME_MINI:MNQ1!"]}',
    seen: 'the seed notes only: no session; never seen on a wire',
  },
]

const BY_NAME: Readonly<Record<Direction, ReadonlyMap<string, MessageKind>>> = {
  in: new Map(KINDS.filter(k => k.dir === 'in').map(k => [k.kind, k])),
  out: new Map(KINDS.filter(k => k.dir === 'out').map(k => [k.kind, k])),
}

export function kindNamed(dir: Direction, name: string): MessageKind | undefined {
  return BY_NAME[dir].get(name)
}

/** The kind of a packet with this `m`. Names that we gave ourselves (hello, heartbeat) are nobody's method. */
export function kindOfMethod(dir: Direction, method: string): MessageKind | undefined {
  const known = BY_NAME[dir].get(method)
  return known?.sample.startsWith(`{"m":"${method}"`) ? known : undefined
}
