import type { MessageKind } from '../feed.ts'
import { ENTITY_TYPES, type EntityType } from '../tradovate/entity-types.ts'
import { EXPORT_COLUMNS, EXPORT_FILL, EXPORT_HEADER } from './export-rows.ts'

const CAPTURE = 'demo_user_socket_2026-06-14'
const QV = 'QVANT-HOMEBASE, live, 2026-09-21'
const DOC = 'official documentation'
const MADE = 'made here of the schema; never seen'
const EXPORTED = 'A_Fills.csv: an export of fills, 2026-01-30 to 2026-02-06; on a tape each row is a frame'

const EXPORTED_FILL =
  '9,8,3267315,2026-06-14 22:00:22.045Z,2026-06-15,0,1,30231.75,true,2,9,8,06/14/2026 18:00:22,6/14/26,synthetic, Buy,1,30231.75,-2,0,0.25,NQZ6,NQ,E-Mini NASDAQ 100,3.1'

function pushed(type: string, entity: string, change = 'Updated'): string {
  return `{"e":"props","d":{"entityType":"${type}","eventType":"${change}","entity":${entity}}}`
}

function kindOfType({ name, disposition, sample, seen }: EntityType): MessageKind {
  return { kind: `props ${name}`, dir: 'in', disposition, sample: pushed(name, sample), seen }
}

const REPORT =
  '"id":14,"commandId":8,"name":"0.21","accountId":2,"contractId":3267315,"timestamp":"2026-06-14T22:00:22.045Z","orderId":8,"action":"Buy"'

const FROM_SERVER: readonly (readonly [
  kind: string,
  disposition: MessageKind['disposition'],
  sample: string,
  seen: string,
])[] = [
  ['open', 'status', 'o', `${DOC}; one client says that it did not come`],
  ['heartbeat', 'status', 'h', DOC],
  ['close', 'status', 'c[3000,"Go away!"]', DOC],
  ['shutdown', 'status', '{"e":"shutdown","d":{"reasonCode":"ConnectionQuotaReached"}}', DOC],
  [
    'clock',
    'status',
    '{"e":"clock","d":"{\\"t\\":\\"2019-08-26T16:43:08.599Z\\",\\"s\\":20}"}',
    `${DOC}: replay only`,
  ],
  [
    'reply',
    'status',
    '{"s":200,"i":1}',
    `${CAPTURE}: to authorize; any answer whose request is not on the tape`,
  ],
  [
    'reply user/syncrequest',
    'read',
    '{"s":200,"i":2,"d":{"users":[{"id":1,"name":"synthetic"}],"accounts":[],"cashBalances":[{"id":5,"accountId":2,"timestamp":"2026-06-13T21:04:22.084Z","tradeDate":{"year":2026,"month":6,"day":13},"currencyId":1,"amount":50000.0}],"positions":[],"fills":[],"orders":[],"contracts":[]}}',
    `${CAPTURE}: 31 lists`,
  ],
  [
    'reply order/placeoso',
    'status',
    '{"s":200,"i":4,"d":{"orderId":663695020149,"oso1Id":663695020150,"oso2Id":663695020151}}',
    QV,
  ],
  [
    'props (several types)',
    'read',
    '{"e":"props","d":[{"entityType":"order","eventType":"Created","entity":{"id":8,"accountId":2,"action":"Buy","ordStatus":"Working"}},{"entityType":"user","entity":[{"id":1}]}]}',
    'other clients’ tests: an array for d; never seen on a wire',
  ],
  [
    'props executionReport TradeCancel',
    'read',
    pushed('executionReport', `{${REPORT},"execType":"TradeCancel","execRefId":"1"}`, 'Created'),
    MADE,
  ],
  [
    'props executionReport TradeCorrect',
    'read',
    pushed('executionReport', `{${REPORT},"execType":"TradeCorrect","execRefId":"1"}`, 'Created'),
    MADE,
  ],
  [EXPORT_HEADER, 'status', EXPORT_COLUMNS.join(), EXPORTED],
  [EXPORT_FILL, 'read', EXPORTED_FILL, EXPORTED],
]

const FROM_CLIENT: readonly (readonly [kind: string, sample: string, seen: string])[] = [
  ['authorize', 'authorize\n1\n\nsynthetic', DOC],
  ['user/syncrequest', 'user/syncrequest\n2\n\n{"users":[1]}', `${DOC}; its answer in ${CAPTURE}`],
  ['contract/item', 'contract/item\n3\nid=3267315\n', QV],
  ['contractMaturity/item', 'contractMaturity/item\n4\nid=6\n', 'official OpenAPI'],
  ['product/item', 'product/item\n5\nid=7\n', 'official OpenAPI'],
  ['account/list', 'account/list\n6\n\n', 'official OpenAPI; account_list.json has its answer over REST'],
  [
    'order/placeoso',
    'order/placeoso\n7\n\n{"accountId":2,"action":"Buy","symbol":"NQZ6"}',
    `${QV}: its answer`,
  ],
]

export const KINDS: readonly MessageKind[] = [
  ...FROM_SERVER.map(([kind, disposition, sample, seen]): MessageKind => {
    return { kind, dir: 'in', disposition, sample, seen }
  }),
  ...ENTITY_TYPES.map(kindOfType),
  {
    kind: 'heartbeat',
    dir: 'out',
    disposition: 'status',
    sample: '[]',
    seen: `${DOC}: every 2.5 s, always`,
  },
  ...FROM_CLIENT.map(([kind, sample, seen]): MessageKind => {
    return { kind, dir: 'out', disposition: 'request', sample, seen }
  }),
]
