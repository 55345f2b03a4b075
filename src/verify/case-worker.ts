import { enableCompileCache } from 'node:module'
import { parentPort, workerData } from 'node:worker_threads'
import type { GoldenCase } from './discover.ts'

// A thread of worker-pool.ts: a case in, its result out. The launcher's compile cache is not a thread's.
enableCompileCache()
const { folder }: { readonly folder: string } = workerData
const { verifyOrExplain } = await import('./verify.ts')
parentPort?.on('message', (golden: GoldenCase) => {
  void verifyOrExplain(golden, folder).then(result => parentPort?.postMessage(result))
})
