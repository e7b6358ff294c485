/** Jobs, configurations, workloads and faults as fast-check draws them; each shrinks to what is simplest: one source, no stage, no fault. */
import fc from 'fast-check'
import type { GeneratedFault } from './generated-faults.js'
import type { GeneratedJob, GeneratedSource, Settings, Stage } from './generated-job.js'

const parallelism = fc.integer({ min: 1, max: 3 })

const source: fc.Arbitrary<GeneratedSource> = fc.record({
  splits: fc.integer({ min: 1, max: 3 }),
  perSplit: fc.integer({ min: 1, max: 30 }),
  burst: fc.integer({ min: 1, max: 5 }),
  intervalMs: fc.integer({ min: 2, max: 20 }),
})

const stage: fc.Arbitrary<Stage> = fc.record({
  kind: fc.constantFrom('map', 'filter', 'count', 'window'),
  parallelism,
  rebalance: fc.boolean(),
  chained: fc.boolean(),
  workUs: fc.constantFrom(100, 1_000, 3_000),
})

const settings: fc.Arbitrary<Settings> = fc.record({
  intervalMs: fc.integer({ min: 10, max: 80 }),
  timeoutMs: fc.constantFrom(300, 60),
  minPauseMs: fc.constantFrom(0, 20),
  maxConcurrent: fc.integer({ min: 1, max: 2 }),
  storage: fc.constantFrom('filesystem', 'jobmanager'),
  inlineThresholdBytes: fc.constantFrom(0, 200, 20_000),
  numRetained: fc.integer({ min: 1, max: 3 }),
  failover: fc.constantFrom('region', 'full'),
  segmentBytes: fc.constantFrom(4_000, 400, 150),
  buffersPerChannel: fc.integer({ min: 1, max: 2 }),
  bufferTimeoutMs: fc.constantFrom(5, 1, 0),
})

/** A job with this sink; without one, with either. */
export function jobs(sink?: GeneratedJob['sink']): fc.Arbitrary<GeneratedJob> {
  return fc.record({
    sources: fc.array(source, { minLength: 1, maxLength: 2 }),
    combine: fc.constantFrom('union', 'join'),
    keys: fc.integer({ min: 1, max: 12 }),
    stages: fc.array(stage, { maxLength: 3 }),
    sink: sink === undefined ? fc.constantFrom('two-phase', 'append') : fc.constant(sink),
    sinkParallelism: parallelism,
    settings,
  })
}

const perMille = fc.integer({ min: 0, max: 999 })

/** Up to three faults. */
export const faults: fc.Arbitrary<readonly GeneratedFault[]> = fc.array(
  fc.record({
    kind: fc.constantFrom('crash-at-step', 'crash-at-time', 'exception', 'call', 'message', 'slow'),
    which: perMille,
    when: perMille,
    ms: fc.integer({ min: 1, max: 200 }),
    outcome: fc.constantFrom('failed', 'unknown-applied', 'unknown-lost'),
  }),
  { maxLength: 3 },
)

/** Seed of everything that neither job nor faults decide. */
export const seeds = fc.integer({ min: 0, max: 9_999 }).map((seed) => `property ${seed}`)
