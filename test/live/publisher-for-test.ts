import { onTestFinished } from 'vitest'
import { Publisher, type PublisherOptions } from '../../src/live/index.ts'
import { systemTimers } from '../../src/model/timers.ts'

export async function publisherForTest(options: Partial<PublisherOptions> = {}): Promise<Publisher> {
  const publisher = await Publisher.open({
    host: '127.0.0.1',
    port: 0,
    origins: [],
    every: 50_000,
    timers: systemTimers,
    note() {},
    ...options,
  })
  onTestFinished(() => publisher.close())
  return publisher
}
