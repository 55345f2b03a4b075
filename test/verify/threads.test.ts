import { describe, expect, test } from 'vitest'
import type { GoldenCase } from '../../src/verify/index.ts'
import { verifyFolder } from '../../src/verify/index.ts'
import { verifyInThreads } from '../../src/verify/worker-pool.ts'
import { goldenFolder, plant } from './golden-folder.ts'

const golden = (name: string): GoldenCase => ({
  name,
  tape: `${name}.tape.jsonl`,
  quotes: `${name}.quotes.jsonl`,
  pnl: `${name}.pnl.jsonl`,
  positions: undefined,
  config: undefined,
  isOfTape: false,
})

describe('cases in threads', () => {
  test('are not lost with a thread that dies, and stand in their order', async () => {
    const names = ['a', 'dies', 'b', 'throws', 'c', 'leaves', 'd', 'leaves', 'dies', 'e', 'f']
    const done: string[] = []
    const results = await verifyInThreads(names.map(golden), {
      folder: '.',
      jobs: 2,
      done: ({ name }) => done.push(name),
      module: new URL('dying-worker.ts', import.meta.url),
    })
    expect(results.map(({ name }) => name)).toEqual(names)
    expect(done.toSorted()).toEqual(names.toSorted())
    expect(results.flatMap(({ name, unusable }) => (unusable === undefined ? [] : [name]))).toEqual([
      'dies',
      'throws',
      'dies',
    ])
    expect(results[1]?.unusable).toContain('exit 7')
    expect(results[3]?.unusable).toContain('a broken invariant')
  })

  test('come to what one thread comes to, difference for difference, however deep the JSON is nested', async () => {
    const folder = await goldenFolder(
      'tradingview-broker-rest/hostile',
      'tradingview-scanner/hostile',
      'tradingview-socket/reconnect',
      'tradingview-socket/pnl-fifo',
      'trade-manager/positions',
    )
    await plant(folder, 'tradingview-socket/reconnect.quotes.jsonl', '"last":"25651"', '"last":"25652"')
    const [one, three] = [await verifyFolder(folder, { jobs: 1 }), await verifyFolder(folder, { jobs: 3 })]
    expect(three).toEqual(one)
    expect(one.cases.filter(({ cause }) => cause !== undefined).map(({ name }) => name)).toEqual([
      'tradingview-socket/reconnect',
    ])
  })
})
