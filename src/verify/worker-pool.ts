import { Worker } from 'node:worker_threads'
import { FeedtapeError, reasonOf } from '../model/errors.ts'
import type { GoldenCase } from './discover.ts'
import { type CaseResult, unusableCase } from './verify.ts'

export interface PoolOptions {
  readonly folder: string
  readonly jobs: number
  /** As each is done, in any order. */
  readonly done?: (result: CaseResult) => void
  /** The module that a thread runs; a test brings its own. */
  readonly module?: URL
}

/** Beside this file, TypeScript in a checkout and JavaScript in the package. */
const MODULE = new URL(
  import.meta.url.endsWith('.ts') ? './case-worker.ts' : './case-worker.js',
  import.meta.url,
)

/**
 * The main thread's 984 KB, and the 192 KB that Node keeps back of a thread's (node_worker.h). With the default of 4 MB
 * a thread reads JSON that is nested deeper than the main thread can, and calls it well formed.
 */
const STACK_MB = (984 + 192) / 1024

/**
 * Every case in a thread of several. The results stand in the order of the cases, whatever the order of finishing. A
 * thread that dies makes its case unusable, and another takes its place.
 */
export async function verifyInThreads(
  cases: readonly GoldenCase[],
  { done, folder, jobs, module = MODULE }: PoolOptions,
): Promise<readonly CaseResult[]> {
  const results: CaseResult[] = []
  const waiting = cases.entries()
  const start = (): Thread =>
    new Thread(new Worker(module, { workerData: { folder }, resourceLimits: { stackSizeMb: STACK_MB } }))
  const work = async (): Promise<void> => {
    let thread: Thread | undefined
    for (const [index, golden] of waiting) {
      const isFresh = thread === undefined
      thread ??= start()
      let answer = await thread.ask(golden)
      // What an earlier case left behind may have killed it: only a thread of its own tells.
      if (answer.kind === 'died' && !isFresh) {
        thread = start()
        answer = await thread.ask(golden)
      }
      if (answer.kind === 'died') thread = undefined
      const result = answer.kind === 'result' ? answer.result : unusableCase(golden, folder, died(answer.why))
      results[index] = result
      done?.(result)
    }
    await thread?.end()
  }
  await Promise.all(Array.from({ length: Math.min(jobs, cases.length) }, work))
  return results
}

type Answer =
  | { readonly kind: 'result'; readonly result: CaseResult }
  | { readonly kind: 'died'; readonly why: string }

/** One case at a time. */
class Thread {
  readonly #worker: Worker
  #death: string | undefined
  #answer: (answer: Answer) => void = () => {}

  constructor(worker: Worker) {
    this.#worker = worker
    worker.on('message', (result: CaseResult) => this.#answer({ kind: 'result', result }))
    worker.on('error', (thrown: unknown) => this.#die(reasonOf(thrown)))
    worker.on('exit', code => this.#die(`exit ${code}`))
  }

  ask(golden: GoldenCase): Promise<Answer> {
    return new Promise(resolve => {
      this.#answer = resolve
      if (this.#death === undefined) this.#worker.postMessage(golden)
      else resolve({ kind: 'died', why: this.#death })
    })
  }

  async end(): Promise<void> {
    await this.#worker.terminate()
  }

  /** An error is told first, and says more than the exit that follows it. */
  #die(why: string): void {
    this.#death ??= why
    this.#answer({ kind: 'died', why: this.#death })
  }
}

function died(why: string): FeedtapeError {
  return new FeedtapeError('file-missing', 'the thread that read the case died', {
    found: why,
    next: 'run it alone with --jobs 1 to see where; a case that is too large for the memory dies like this, too',
  })
}
