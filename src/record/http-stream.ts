import type { IncomingMessage } from 'node:http'
import { pipeline, type Readable } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import { durationText, type Micros } from '../model/time.ts'
import { MIN_SECRET_LENGTH, type Payload } from '../tape/index.ts'
import { encodingOf } from './body.ts'
import type { ClosedEnd } from './connection.ts'
import type { Deadline } from './deadline.ts'
import { payloadOf } from './payload.ts'

export interface HttpStreamOptions {
  /** Renewed at each chunk; ended with the stream. */
  readonly deadline: Deadline
  readonly patience: Micros
  readonly onChunk: (payload: Payload) => void
  /** How many bytes at the end wait for the next chunk: half a secret is not found as one. */
  readonly openIn: (bytes: Buffer) => number
  /** Of a secret, perhaps, whose other part never came. */
  readonly onLeftOut: (bytes: number) => void
}

const UNPACK: Readonly<Record<string, () => NodeJS.ReadWriteStream & Readable>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
}

/** A body that does not end by itself, chunk by chunk as it comes. */
export class HttpStream {
  /** The content-coding that is undone. */
  readonly decoded: string | undefined
  /** Behind the last chunk. Never rejects. */
  readonly ended: Promise<ClosedEnd>
  readonly #options: HttpStreamOptions
  readonly #body: Readable
  readonly #resolve: (end: ClosedEnd) => void
  #isOver = false
  /** What the last chunk ended with, while it may be the beginning of a secret. */
  #open: Buffer = Buffer.alloc(0)

  constructor(response: IncomingMessage, options: HttpStreamOptions) {
    const encoding = encodingOf(response)
    const unpack = UNPACK[encoding]
    this.#options = options
    this.decoded = unpack === undefined ? undefined : encoding.replace('x-', '')
    this.#body = unpack === undefined ? response : pipeline(response, unpack(), () => {})
    const { promise, resolve } = Promise.withResolvers<ClosedEnd>()
    this.ended = promise
    this.#resolve = resolve
    options.deadline.signal.addEventListener('abort', () => this.#late(), { once: true })
    this.#body.on('data', (bytes: Buffer) => this.#received(bytes))
    this.#body.on('end', () => this.#end({ kind: 'closed', by: 'them', reason: '' }))
    this.#body.on('error', (error: NodeJS.ErrnoException) => {
      this.#end({ kind: 'closed', by: 'unknown', reason: '', fault: error.code ?? 'cut off' })
    })
    this.#body.on('close', () => {
      this.#end({ kind: 'closed', by: 'unknown', reason: '', fault: 'cut off' })
    })
    if (options.deadline.signal.aborted) this.#late()
  }

  #received(bytes: Buffer): void {
    if (this.#isOver) return
    const { deadline, onChunk, openIn } = this.#options
    deadline.renew()
    const came = this.#open.length === 0 ? bytes : Buffer.concat([this.#open, bytes])
    const whole = came.length - openIn(came)
    this.#open = came.subarray(whole)
    if (whole > 0) onChunk(payloadOf(came.subarray(0, whole)))
  }

  /** A few characters of a secret are none; more of them would be. */
  #close(): void {
    const { onChunk, onLeftOut } = this.#options
    const left = this.#open
    this.#open = Buffer.alloc(0)
    if (left.length >= MIN_SECRET_LENGTH) onLeftOut(left.length)
    else if (left.length > 0) onChunk(payloadOf(left))
  }

  #late(): void {
    const { deadline, patience } = this.#options
    this.close(deadline.isLate ? `no chunk for ${durationText(patience)}` : '')
  }

  #end(end: ClosedEnd): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#options.deadline.end()
    this.#body.destroy()
    this.#close()
    this.#resolve(end)
  }

  close(reason: string): void {
    this.#end({ kind: 'closed', by: 'us', reason })
  }

  hold(): void {
    this.#options.deadline.rest()
    this.#body.pause()
  }

  release(): void {
    this.#options.deadline.renew()
    this.#body.resume()
  }
}
