import type { Micros } from '../model/time.ts'

/** The shapes of a tape's lines. docs/TAPE_FORMAT.md is the authority; keys stand here in their order on the line. */
export const FORMAT = 'feedtape/1'

export interface Header {
  readonly kind: 'header'
  readonly format: typeof FORMAT
  /** 32 hex digits, drawn at random when the recording starts; parts and cuts keep it. */
  readonly id: string
  /** Wall time of `at` 0, ISO 8601, UTC, microseconds. */
  readonly start: string
  /** The feeds that this recording was made for; `open` says which one a connection is. */
  readonly feeds: readonly string[]
  readonly generator: { readonly name: string; readonly version: string }
  readonly platform: string
  /** Where `at` comes from: our own monotonic clock, or the foreign capture's stamps. */
  readonly clock: 'monotonic' | 'imported' | 'none'
  readonly redaction: 'hmac-sha256' | 'none'
  /** Synthetic input says so, on the tape and wherever it is shown. */
  readonly synthetic?: true
  /** Where an imported tape comes from: format and file name, never a path. */
  readonly source?: { readonly format: string; readonly name: string }
  /** A tape made from another one (cut, repair) keeps its numbers and says how it came about. */
  readonly derived?: string
  /** Of a cut tape: entries below this number are its lead, from before the cut and there for what follows. */
  readonly lead?: number
  /** Of a rotated tape, from 2; the first part does not have it. */
  readonly part?: number
  /** The hash in the seal of the part before: this part's chain starts from it. */
  readonly previousHash?: string
}

/** [offset, length, place]: `length` UTF-16 units at `offset` of the payload (or of the named key) are a stand-in. */
export type Redaction = readonly [offset: number, length: number, place: string]

interface Numbered {
  /** Counts every entry of a tape from 1, through all its parts. The authority on order. */
  readonly seq: number
  readonly at: Micros
}

interface OnConnection extends Numbered {
  /** Counts the connections of a tape from 1; never used twice. */
  readonly conn: number
}

export interface Open extends OnConnection {
  readonly kind: 'open'
  readonly feed: string
  readonly url: string
  /** A rotated part goes on with a connection that was open before; its state is partial. */
  readonly resumed?: true
  readonly redacted?: readonly Redaction[]
}

/** `text` is what arrived, `base64` stands for bytes, and for text whose UTF-8 is broken. */
export type Payload = { readonly text: string } | { readonly base64: string }
export type Direction = 'in' | 'out'
export type Opcode = 'text' | 'binary' | 'ping' | 'pong' | 'chunk'

export type Frame = OnConnection & {
  readonly kind: 'frame'
  readonly dir: Direction
  readonly op: Opcode
  /** An importer that met an earlier time than the one before holds `at` and keeps the original here, in µs. */
  readonly original?: number
  readonly redacted?: readonly Redaction[]
} & Payload

export interface Close extends OnConnection {
  readonly kind: 'close'
  readonly by: 'us' | 'them' | 'unknown'
  readonly code?: number
  readonly reason?: string
  readonly redacted?: readonly Redaction[]
}

/** A connection that did not come about. */
export interface Fail extends OnConnection {
  readonly kind: 'fail'
  readonly feed: string
  readonly url: string
  readonly cause: 'dns' | 'refused' | 'tls' | 'timeout' | 'rejected' | 'other'
  readonly reason: string
  readonly redacted?: readonly Redaction[]
}

/** We held the socket from `pause` to `resume`; arrival times between them are late. */
export interface Pause extends OnConnection {
  readonly kind: 'pause'
  readonly reason: string
}

export interface Resume extends OnConnection {
  readonly kind: 'resume'
}

export type HeaderList = readonly (readonly [name: string, value: string])[]

export type Request = OnConnection & {
  readonly kind: 'request'
  readonly feed: string
  /** Counts the exchanges of a tape from 1; request and response share it. */
  readonly exchange: number
  readonly method: string
  readonly url: string
  readonly headers: HeaderList
  readonly original?: number
  readonly redacted?: readonly Redaction[]
} & (Payload | { readonly omitted: string } | object)

export type Response = OnConnection & {
  readonly kind: 'response'
  readonly exchange: number
  readonly status: number
  readonly headers: HeaderList
  /** What the body went through before it stood here: `gzip`, `br`, … undone by us or by the capture. */
  readonly decoded?: string
  readonly original?: number
  readonly redacted?: readonly Redaction[]
} & (Payload | { readonly omitted: string } | object)

/** What a decoder reads: a socket's frame, or the body of an exchange (a poll's answer, a client's query). */
export type Message = Frame | Request | Response

/** The wall clock moved by `step` µs against the monotonic one. */
export interface ClockStep extends Numbered {
  readonly kind: 'clock'
  readonly step: Micros
}

/** A note: ours or the user's. `standing` says whom the venue takes us for, never a name. */
export interface Mark extends Numbered {
  readonly kind: 'mark'
  readonly conn?: number
  readonly standing?: Standing
  readonly note: string
  readonly redacted?: readonly Redaction[]
}

export type Standing = 'guest' | 'widget' | 'login'

/** Written by repair: entries `from` … `to` were damaged or missing. */
export interface Lost extends Numbered {
  readonly kind: 'lost'
  readonly from: number
  readonly to: number
  readonly reason: string
}

export type Entry =
  | Open
  | Frame
  | Close
  | Fail
  | Pause
  | Resume
  | Request
  | Response
  | ClockStep
  | Mark
  | Lost

/** `count` entries stand before this line; `hash` chains from the checkpoint before (docs/TAPE_FORMAT.md). */
export interface Checkpoint {
  readonly kind: 'checkpoint'
  readonly at: Micros
  readonly count: number
  readonly hash: string
}

/** The last line of a tape that was ended in order; its `at` is when the recording ended. */
export interface Seal {
  readonly kind: 'seal'
  readonly at: Micros
  readonly count: number
  readonly hash: string
}

export type Line = Header | Entry | Checkpoint | Seal

type WithoutNumber<E> = E extends unknown ? Omit<E, 'seq'> : never

/** An entry before the writer has numbered it. */
export type EntryDraft = WithoutNumber<Entry>
