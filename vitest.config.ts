import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Several tests start whole processes and real sockets; two cores share them.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    env: { NO_COLOR: '1' },
    setupFiles: ['test/loopback-guard.mjs'],
  },
})
