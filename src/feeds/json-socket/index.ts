import type { SocketFeed } from '../feed.ts'
import { conversation } from './conversation.ts'
import { createDecoder } from './decode.ts'
import { encode } from './encode.ts'
import { EXAMPLE } from './example.ts'
import { recognise } from './recognise.ts'
import { secrets } from './secrets.ts'
import { session } from './session.ts'
import { SETTINGS } from './settings.ts'
import { KINDS } from './wire.ts'

export { createEncode } from './encode.ts'
export { type Path, pathOf, starsIn, stepOf, valueAt } from './path.ts'
export { type MessageShape, shapeOf } from './shape.ts'
export { epochMicrosOfCount, TIME_UNITS, type TimeUnit } from './time-unit.ts'

/** Any other feed that speaks JSON over a WebSocket. Quotes come of it only by the user's own mapping. */
export const jsonSocket: SocketFeed = {
  name: 'json-socket',
  title: 'any other JSON over a WebSocket, read by a mapping in the config',
  transport: 'websocket',
  url: '',
  // No host is its own: what nobody claims is taken by `import` because it looks like JSON.
  matches: () => false,
  recognise,
  kinds: KINDS,
  createDecoder,
  encode,
  session,
  conversation,
  secrets,
  settings: { schema: SETTINGS, example: EXAMPLE },
}
