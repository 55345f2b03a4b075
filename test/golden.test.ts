import { goldenTwins } from '../src/verify/vitest.ts'

await goldenTwins('fixtures')
