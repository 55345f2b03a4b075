/** What is known of an entity type: a `props` event names it, and most have a list in the sync reply. */
export interface EntityType {
  /** As `entityType` has it: `fillPair`. */
  readonly name: string
  /** As the sync reply has it, where it was seen there: `fillPairs`. */
  readonly list?: string
  /** `read`: about orders, money and contracts; `status`: about the user, the account's rights and the session. */
  readonly disposition: 'read' | 'status'
  /** An entity as the wire writes it, redacted. */
  readonly sample: string
  readonly seen: string
}

const OAS = 'official OpenAPI, never seen pushed'
const PUSHED = 'demo_user_socket_2026-06-14, pushed'
const SYNCED = 'demo_user_socket_2026-06-14, in the sync reply'
const LISTED = 'official OpenAPI; its list, empty, in the sync reply of 2026-06-14'
const NO_SCHEMA = 'demo_user_socket_2026-06-14, in the sync reply; in no public schema'

const AT = '"timestamp":"2026-06-14T22:00:22.045Z"'
const DAY = '"tradeDate":{"year":2026,"month":6,"day":14}'
const PLAIN = '{"id":1}'

type Row = readonly [name: string, list: string, sample: string, seen: string]

/** A list's name is `''` where the type was never seen as one. */
const READ: readonly Row[] = [
  ['currency', 'currencies', '{"id":1,"name":"USD","symbol":"$"}', SYNCED],
  [
    'product',
    'products',
    '{"id":7,"name":"NQ","currencyId":1,"productType":"Futures","description":"E-Mini NASDAQ 100","exchangeId":2,"valuePerPoint":20.0,"priceFormatType":"Decimal","priceFormat":-2,"tickSize":0.25}',
    LISTED,
  ],
  [
    'contractMaturity',
    'contractMaturities',
    '{"id":6,"productId":7,"expirationMonth":202612,"expirationDate":"2026-12-18T14:30Z","isFront":true}',
    LISTED,
  ],
  [
    'contract',
    'contracts',
    '{"id":3267315,"name":"NQZ6","contractMaturityId":6,"status":"DefinitionChecked","providerTickSize":0.25}',
    'contract_suggest_ES_2022 (REST); its list, empty, in the sync reply of 2026-06-14',
  ],
  [
    'order',
    'orders',
    `{"id":8,"accountId":2,"contractId":3267315,${AT},"action":"Buy","ordStatus":"Working","archived":false,"external":false,"admin":false}`,
    PUSHED,
  ],
  [
    'orderVersion',
    'orderVersions',
    '{"id":8,"orderId":8,"orderQty":1,"orderType":"Limit","price":29506.25,"timeInForce":"Day","text":"Tradingview"}',
    PUSHED,
  ],
  [
    'position',
    'positions',
    `{"id":4,"accountId":2,"contractId":3267315,${AT},${DAY},"netPos":1,"netPrice":30231.75,"bought":1,"boughtValue":30231.75,"sold":0,"soldValue":0.0,"prevPos":0}`,
    'position_list_flat_2025-09-17 (REST); never seen pushed',
  ],
  [
    'fill',
    'fills',
    `{"id":9,"orderId":8,"contractId":3267315,${AT},${DAY},"action":"Buy","qty":1,"price":30231.75,"active":true,"finallyPaired":0,"external":false}`,
    'demo_user_sync_2026-08-18_MESU6 and props_fill_2026-09-21_NQZ6, pushed',
  ],
  [
    'fillFee',
    'fillFees',
    '{"id":9,"clearingFee":0.19,"clearingCurrencyId":1,"exchangeFee":0.87,"exchangeCurrencyId":1,"commission":1.29,"commissionCurrencyId":1}',
    LISTED,
  ],
  [
    'fillPair',
    'fillPairs',
    '{"id":10,"positionId":4,"buyFillId":9,"sellFillId":11,"qty":1,"buyPrice":30231.75,"sellPrice":30246.5,"active":true}',
    LISTED,
  ],
  [
    'cashBalance',
    'cashBalances',
    `{"id":5,"accountId":2,${AT},${DAY},"currencyId":1,"amount":50000.0,"realizedPnL":0.0,"weekRealizedPnL":0.0,"archived":false,"amountSOD":50000.0}`,
    SYNCED,
  ],
  ['exchange', 'exchanges', '{"id":2,"name":"CME","complex":"CME","timeZone":"CST"}', SYNCED],
  ['spreadDefinition', 'spreadDefinitions', PLAIN, LISTED],
  ['contractGroup', 'contractGroups', '{"id":15,"name":"Micro Indices"}', SYNCED],
  ['contractMargin', '', PLAIN, OAS],
  ['productMargin', '', PLAIN, OAS],
  ['productSession', '', PLAIN, OAS],
  ['currencyRate', '', PLAIN, OAS],
  [
    'command',
    'commands',
    `{"id":8,"orderId":8,${AT},"commandType":"New","commandStatus":"Pending","senderId":1,"userSessionId":12,"isAutomated":false}`,
    PUSHED,
  ],
  ['commandReport', 'commandReports', `{"id":13,"commandId":8,${AT},"commandStatus":"RiskPassed"}`, PUSHED],
  [
    'executionReport',
    'executionReports',
    `{"id":14,"commandId":8,"name":"0.21","accountId":2,"contractId":3267315,${AT},"orderId":8,"execType":"New","ordStatus":"Working","action":"Buy","externalClOrdId":"0.88"}`,
    PUSHED,
  ],
  [
    'orderStrategy',
    'orderStrategies',
    `{"id":15,"accountId":2,${AT},"contractId":3267315,"orderStrategyTypeId":2,"action":"Buy","params":"{\\"brackets\\":[]}","status":"ActiveStrategy","archived":false,"senderId":1,"userSessionId":12}`,
    PUSHED,
  ],
  [
    'orderStrategyLink',
    'orderStrategyLinks',
    '{"id":8,"orderStrategyId":15,"orderId":8,"label":"256"}',
    PUSHED,
  ],
  ['orderStrategyType', 'orderStrategyTypes', PLAIN, LISTED],
  ['cashBalanceLog', '', PLAIN, OAS],
  [
    'marginSnapshot',
    'marginSnapshots',
    `{"id":2,${AT},"riskTimePeriodId":10,"initialMargin":0.0,"maintenanceMargin":0.0,"totalUsedMargin":100.0,"fullInitialMargin":0.0,"positionMargin":0.0}`,
    PUSHED,
  ],
]

const STATUS: readonly Row[] = [
  ['user', 'users', '{"id":1,"name":"synthetic","userType":"Trader","email":"synthetic"}', SYNCED],
  ['userProperty', 'userProperties', '{"id":16,"userId":1,"propertyId":24,"value":"en"}', SYNCED],
  ['property', 'properties', PLAIN, LISTED],
  [
    'account',
    'accounts',
    '{"id":2,"name":"synthetic","userId":1,"accountType":"Customer","active":true,"clearingHouseId":2,"marginAccountType":"Speculator","legalStatus":"Individual","timestamp":"2026-05-24T19:52:12Z"}',
    SYNCED,
  ],
  ['accountRiskStatus', 'accountRiskStatuses', '{"id":2,"maxNetLiq":50000.0,"minNetLiq":50000.0}', SYNCED],
  ['userAccountAutoLiq', 'userAccountAutoLiqs', '{"id":2}', SYNCED],
  ['userPlugin', 'userPlugins', '{"id":17,"userId":1,"pluginName":"apiAccess","approval":true}', SYNCED],
  ['annualReview', 'annualReviews', '{"id":18,"userId":1,"status":"Open"}', NO_SCHEMA],
  ['userReadStatus', 'userReadStatuses', '{"id":1,"newsStoryId":270486}', NO_SCHEMA],
  [
    'userPromoCode',
    'userPromoCodes',
    PLAIN,
    'demo_user_socket_2026-06-14: its list, empty; in no public schema',
  ],
  ['userAccountPositionLimit', '', PLAIN, OAS],
  ['userAccountRiskParameter', '', PLAIN, OAS],
  ['permissionedAccountAutoLiq', '', PLAIN, OAS],
  ['tradingPermission', '', PLAIN, OAS],
  ['userSession', '', PLAIN, OAS],
  [
    'userSessionStats',
    '',
    '{"id":1,"lastSessionTime":"2026-06-14T22:00:18.623Z","failedPasswords":0}',
    PUSHED,
  ],
  [
    'userDevice',
    '',
    '{"id":19,"userId":1,"deviceId":"synthetic","updateTimestamp":"2026-06-14T22:01:18.892Z","clientAppId":1,"ipAddress":"/127.0.0.1"}',
    `${PUSHED}; in no public schema`,
  ],
  ['contactInfo', '', PLAIN, OAS],
  ['organization', '', PLAIN, OAS],
  ['clearingHouse', '', PLAIN, OAS],
  ['entitlement', '', PLAIN, OAS],
  ['marketDataSubscription', '', PLAIN, OAS],
  ['marketDataSubscriptionExchangeScope', '', PLAIN, OAS],
  ['marketDataSubscriptionPlan', '', PLAIN, OAS],
  ['secondMarketDataSubscription', '', PLAIN, OAS],
  ['tradovateSubscription', '', PLAIN, OAS],
  ['tradovateSubscriptionPlan', '', PLAIN, OAS],
  ['alert', '', PLAIN, OAS],
  ['alertSignal', '', PLAIN, OAS],
  ['adminAlert', '', PLAIN, OAS],
  ['adminAlertSignal', '', PLAIN, OAS],
  ['chat', '', PLAIN, OAS],
  ['chatMessage', '', PLAIN, OAS],
]

/** The lists of one reply are read in this order: what others are joined to comes first. */
export const ENTITY_TYPES: readonly EntityType[] = [
  ...READ.map(row => typeOf(row, 'read')),
  ...STATUS.map(row => typeOf(row, 'status')),
]

function typeOf([name, list, sample, seen]: Row, disposition: EntityType['disposition']): EntityType {
  return { name, disposition, sample, seen, ...(list === '' ? {} : { list }) }
}

const BY_NAME: ReadonlyMap<string, EntityType> = new Map(ENTITY_TYPES.map(type => [type.name, type]))
const LISTS: ReadonlySet<string> = new Set(ENTITY_TYPES.flatMap(({ list }) => list ?? []))

export function entityTypeNamed(name: string): EntityType | undefined {
  return BY_NAME.get(name)
}

/** Whether a sync reply was seen with a list of this name. */
export function isSyncList(name: string): boolean {
  return LISTS.has(name)
}
