import type { OpenSink, Sink } from '../../src/tape/sink.ts'

/** A disk whose every write waits until it is let through. */
export interface StallingDisk {
  readonly open: OpenSink
  /** What the system has, by file. */
  readonly files: ReadonlyMap<string, Buffer[]>
  /** In the order in which it happened. */
  readonly calls: readonly string[]
  /** Lets the write that waits through, or makes it fail. */
  step(error?: Error): Promise<void>
  /** From now on nothing waits. */
  run(): Promise<void>
}

export function stallingDisk(): StallingDisk {
  const files = new Map<string, Buffer[]>()
  const calls: string[] = []
  let isRunning = false
  let waiting: PromiseWithResolvers<void> | undefined

  const open: OpenSink = async path => {
    calls.push(`open ${path}`)
    const chunks: Buffer[] = []
    files.set(path, chunks)
    let bytesWritten = 0
    const sink: Sink = {
      get bytesWritten() {
        return bytesWritten
      },
      async write(bytes) {
        if (!isRunning) {
          waiting = Promise.withResolvers()
          await waiting.promise
        }
        calls.push('write')
        chunks.push(Buffer.from(bytes))
        bytesWritten += bytes.length
      },
      async sync() {
        calls.push('sync')
      },
      async close() {
        calls.push('close')
      },
      abandon() {},
      harm: async () => undefined,
    }
    return sink
  }

  /** A step's consequences take some turns of the microtask queue, and gzip some of the loop. */
  const settle = (): Promise<void> => new Promise(resolve => setImmediate(resolve))

  return {
    open,
    files,
    calls,
    async step(error) {
      await settle()
      const due = waiting
      waiting = undefined
      if (error === undefined) due?.resolve()
      else due?.reject(error)
      await settle()
    },
    async run() {
      isRunning = true
      waiting?.resolve()
      await settle()
    },
  }
}
