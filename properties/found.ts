/** Jobs and plans that broke a property once, made small by fast-check: each stays a test. */
import type { FaultPlan } from '../src/faults/index.js'
import type { Mode } from '../src/search/index.js'
import type { GeneratedJob, Settings, Stage } from '../src/fast-check/index.js'

/** One of them, and what was wrong. */
export interface Found {
  readonly was: string
  readonly mode: Mode
  readonly job: GeneratedJob
  readonly plan: FaultPlan
  readonly seed: string
}

const settings: Settings = {
  intervalMs: 10,
  timeoutMs: 300,
  minPauseMs: 0,
  maxConcurrent: 1,
  storage: 'filesystem',
  inlineThresholdBytes: 0,
  numRetained: 1,
  failover: 'region',
  restart: 'always',
  heartbeatTimeoutMs: 50_000,
  cancellationTimeoutMs: 180_000,
  segmentBytes: 4000,
  buffersPerChannel: 1,
  bufferTimeoutMs: 5,
}
const stage: Stage = { kind: 'map', parallelism: 1, rebalance: false, chained: false, workUs: 100 }

/** In the order in which they were found. */
export const found: readonly Found[] = [
  {
    was: 'two windows fire in one step, and the second append fails unnoticed',
    mode: 'off',
    job: {
      sources: [{ splits: 1, perSplit: 11, burst: 1, intervalMs: 2 }],
      combine: 'union',
      keys: 1,
      stages: [{ ...stage, kind: 'window', parallelism: 3, chained: true }],
      sink: 'append',
      sinkParallelism: 3,
      settings,
    },
    plan: [{ kind: 'call', point: 'store.append', nth: 2, outcome: 'failed' }],
    seed: 'property 0',
  },
  {
    was: 'a checkpoint behind a finished task holds files of one that was subsumed meanwhile',
    mode: 'aligned',
    job: {
      sources: [{ splits: 1, perSplit: 3, burst: 1, intervalMs: 4 }],
      combine: 'union',
      keys: 1,
      stages: [{ ...stage, workUs: 3000 }, stage],
      sink: 'append',
      sinkParallelism: 2,
      settings: { ...settings, maxConcurrent: 2 },
    },
    plan: [
      { kind: 'crash', process: '*', at: { point: 'checkpoint.pending.created', nth: 4 }, downUs: 1000 },
      { kind: 'call', point: 'store.next-id', nth: 4, outcome: 'failed' },
    ],
    seed: 'property 8572',
  },
  {
    was: 'a checkpoint outlives the job, and with the JobManager that aborts it the whole job runs again',
    mode: 'at-least-once',
    job: {
      sources: [{ splits: 2, perSplit: 17, burst: 1, intervalMs: 2 }],
      combine: 'union',
      keys: 1,
      stages: [{ ...stage, workUs: 3000 }],
      sink: 'two-phase',
      sinkParallelism: 1,
      settings: { ...settings, maxConcurrent: 2, bufferTimeoutMs: 0 },
    },
    plan: [{ kind: 'crash', process: '*', at: { point: 'checkpoint.abort.sent', nth: 1 }, downUs: 152_000 }],
    seed: 'property 0',
  },
  {
    was: 'a window fires twice in at-least-once mode, the second time with less in it, and the rest is called lost',
    mode: 'at-least-once',
    job: {
      sources: [{ splits: 1, perSplit: 7, burst: 1, intervalMs: 2 }],
      combine: 'union',
      keys: 1,
      stages: [{ ...stage, kind: 'window' }],
      sink: 'two-phase',
      sinkParallelism: 2,
      settings,
    },
    plan: [
      { kind: 'rpc', rpc: 'trigger-checkpoint', nth: 2, delayUs: 4000 },
      { kind: 'crash', process: '*', at: { point: 'task.finished', nth: 1 }, downUs: 1000 },
    ],
    seed: 'property 3793',
  },
  {
    was: 'two pairs of a join open two files in one step, and those written into the first one are lost',
    mode: 'aligned',
    job: {
      sources: [
        { splits: 1, perSplit: 1, burst: 1, intervalMs: 2 },
        { splits: 1, perSplit: 2, burst: 1, intervalMs: 2 },
      ],
      combine: 'join',
      keys: 1,
      stages: [],
      sink: 'file',
      sinkParallelism: 2,
      settings,
    },
    plan: [],
    seed: 'property 0',
  },
  {
    was: 'a task ends while it uploads another checkpoint, and nobody deletes the files',
    mode: 'aligned',
    job: {
      sources: [{ splits: 1, perSplit: 1, burst: 1, intervalMs: 2 }],
      combine: 'union',
      keys: 1,
      stages: [],
      sink: 'two-phase',
      sinkParallelism: 1,
      settings: { ...settings, maxConcurrent: 2, cancellationTimeoutMs: 1_000 },
    },
    plan: [{ kind: 'crash', process: '*', at: { point: 'task.restored', nth: 1 }, downUs: 1000 }],
    seed: 'property 2841',
  },
]
