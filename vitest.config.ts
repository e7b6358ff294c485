import { setFlagsFromString } from 'node:v8'
import { defineConfig } from 'vitest/config'

// Memory for young objects, MB, of each worker that begins behind this: histories are made and thrown away, and a sixth of the time went
// into collecting them.
setFlagsFromString('--max-semi-space-size=64')

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'scenarios/**/*.test.ts', 'bench/**/*.test.ts', 'test/**/*.test.ts', 'properties/**/*.test.ts'],
    exclude: ['node_modules/**', 'dist/**', '**/fixtures/**'],
    pool: 'threads',
    // No module keeps what a test leaves behind (architecture: state is data that is handed on), so files share modules and what is
    // compiled of them: two thirds of the processor time that a fresh set for each file takes.
    isolate: false,
    // The suite is meant for two cores; more workers would only make times incomparable.
    maxWorkers: 2,
    // Far more than any test takes by itself: what hangs is found, what shares a busy machine passes.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // Copies of the project that tests compile and break: they are JavaScript already.
    server: { deps: { external: [/\/broken-properties-[^/]+\//] } },
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts', 'scenarios/**/*.ts'],
      exclude: ['**/*.test.ts'],
      reporter: ['text-summary', 'json-summary', 'lcov'],
      reportsDirectory: 'coverage',
      // What units, conformance suites and a part of the transcripts cover by themselves. These numbers only ever rise.
      thresholds: { statements: 82, branches: 75, functions: 79, lines: 83 },
    },
  },
})
