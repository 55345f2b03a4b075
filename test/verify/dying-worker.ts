import { parentPort } from 'node:worker_threads'

/** In place of case-worker.ts: a case named `dies` ends its thread, `throws` breaks it, `leaves` ends it behind its answer. */
parentPort?.on('message', ({ name }: { readonly name: string }) => {
  if (name === 'dies') process.exit(7)
  if (name === 'throws') throw new Error('a broken invariant')
  parentPort?.postMessage({ name, differences: [], written: [] })
  if (name === 'leaves') process.exit(8)
})
