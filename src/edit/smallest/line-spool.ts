import { type FileHandle, open } from 'node:fs/promises'

interface Span {
  readonly offset: number
  readonly length: number
}

const BATCH_BYTES = 1024 * 1024

/** Lines in a file of our own, to be had again by their index: a tape may be larger than memory. */
export class LineSpool {
  readonly #handle: FileHandle
  readonly #spans: Span[] = []
  #batch: Buffer[] = []
  #written = 0
  #offset = 0

  private constructor(handle: FileHandle) {
    this.#handle = handle
  }

  static async create(path: string): Promise<LineSpool> {
    return new LineSpool(await open(path, 'wx+', 0o600))
  }

  /** Its bytes are the spool's: they must not change any more. */
  async add(line: Buffer): Promise<void> {
    this.#spans.push({ offset: this.#offset, length: line.length })
    this.#offset += line.length
    this.#batch.push(line)
    if (this.#offset - this.#written >= BATCH_BYTES) await this.flush()
  }

  async flush(): Promise<void> {
    const bytes = Buffer.concat(this.#batch)
    this.#batch = []
    for (let from = 0; from < bytes.length; ) {
      from += (await this.#handle.write(bytes, from)).bytesWritten
    }
    this.#written = this.#offset
  }

  /** Those of these indexes, which ascend. */
  async *lines(indexes: readonly number[]): AsyncGenerator<readonly [index: number, line: Buffer]> {
    for (const range of this.#ranges(indexes)) {
      const bytes = await this.#bytesOf(range)
      const start = this.#span(range[0]).offset
      for (const index of range) {
        const { offset, length } = this.#span(index)
        yield [index, bytes.subarray(offset - start, offset - start + length)]
      }
    }
  }

  async close(): Promise<void> {
    await this.#handle.close()
  }

  /** Neighbours together, so that not each line is a read. */
  *#ranges(indexes: readonly number[]): Generator<readonly number[]> {
    let range: number[] = []
    let bytes = 0
    for (const index of indexes) {
      if (range.length > 0 && (range.at(-1) !== index - 1 || bytes >= BATCH_BYTES)) {
        yield range
        range = []
        bytes = 0
      }
      range.push(index)
      bytes += this.#span(index).length
    }
    if (range.length > 0) yield range
  }

  async #bytesOf(range: readonly number[]): Promise<Buffer> {
    const first = this.#span(range[0])
    const last = this.#span(range.at(-1))
    const bytes = Buffer.alloc(last.offset + last.length - first.offset)
    for (let from = 0; from < bytes.length; ) {
      const step = await this.#handle.read(bytes, from, bytes.length - from, first.offset + from)
      if (step.bytesRead === 0) throw new Error('the file of lines is shorter than it was')
      from += step.bytesRead
    }
    return bytes
  }

  #span(index: number | undefined): Span {
    const span = this.#spans[index ?? -1]
    if (span === undefined) throw new Error(`there is no line ${index}`)
    return span
  }
}
