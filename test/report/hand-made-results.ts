/**
 * A campaign's result made by hand: one claim holds, one is violated, something was seen beyond the preconditions, a witness is missing.
 */
import { SMALL_JOB } from '../../src/guarantees/hand-made-history.js'
import { judge } from '../../src/guarantees/index.js'
import type { CampaignResult, CellResult, Counterexample, Replay, ViolationResult } from '../../src/search/index.js'

const moments = { 'trigger-to-last-ack': 7, 'last-ack-to-store': 1, 'store-to-last-notification': 4, 'during-recovery': 2 }
const evidence: CellResult['evidence'] = {
  checkpointsCompleted: 1800,
  checkpointsAborted: 90,
  recoveries: 210,
  recordsReplayed: 4321,
  faults: { crash: 1200, rpc: 34 },
  strikes: moments,
  strikeRuns: moments,
  faultAfterCheckpoint: 195,
  fullRecovery: 170,
  countedRuns: 200,
  fractions: {
    faultAfterCheckpoint: 0.975,
    fullRecovery: 0.85,
    'trigger-to-last-ack': 0.035,
    'last-ack-to-store': 0.005,
    'store-to-last-notification': 0.02,
    'during-recovery': 0.01,
  },
}

const seen = {
  seed: '1-17',
  run: 17,
  runs: 3,
  scenario: 'two-phase',
  mode: 'aligned',
  traceHash: '0123456789abcdef',
  token: 'mr1.two-phase.aligned.1-17',
} as const

export const counterexample: Counterexample = {
  standing: 'violation',
  guarantee: 'exactly-once',
  at: 'external-store',
  sink: 'Sink',
  anomaly: 'duplicated',
  rule: 'output-at-most-once',
  scenario: 'two-phase',
  mode: 'aligned',
  seed: '1-17',
  message: '1 records of Sink are visible more than once (external-store), 1 times too often in all',
  records: ['part-0:41 (key 7)'],
  concerned: 2,
  events: [
    { kind: 'sink-write', vertex: 'Sink', subtask: 0, attempt: 0, id: 41, transaction: 'txn-5', seq: 160, t: 412_003 },
    { kind: 'fault', fault: 'crash', point: 'checkpoint.store.added', target: 'TaskManager-0', seq: 166, t: 420_000 },
    { kind: 'visible', vertex: 'Sink', at: 'external-store', id: 41, transaction: 'txn-5', seq: 171, t: 421_500 },
    { kind: 'restore-chosen', checkpoint: 4, seq: 203, t: 1_020_000 },
    { kind: 'visible', vertex: 'Sink', at: 'external-store', id: 41, transaction: 'txn-6', seq: 1209, t: 1_300_250 },
  ],
  names: new Map([[41, 'part-0:41 (key 7)']]),
  plan: ['TaskManager-0 crashes at 420 ms, and starts again after 5 ms'],
  faultsBefore: 3,
  jobRecords: { all: 200, left: 200 },
  reduction: [],
  left: [
    { at: 'state', strongest: 'exactly-once' },
    { at: 'external-store', sink: 'Sink', strongest: 'at-least-once' },
  ],
  beyond: [],
  token: seen.token,
  traceHash: seen.traceHash,
  steps: 2500,
}

const violation: ViolationResult = {
  ...seen,
  standing: 'violation',
  guarantee: 'exactly-once',
  at: 'external-store',
  sink: 'Sink',
  anomaly: 'duplicated',
  rule: 'output-at-most-once',
  message: counterexample.message,
  beyond: [],
  counterexample,
  nondeterministic: false,
}

const cell: CellResult = {
  name: 'two-phase',
  mode: 'aligned',
  verdict: 'violated',
  runs: 200,
  counted: 200,
  events: 500_000,
  traces: 'fedcba9876543210',
  claims: [
    { guarantee: 'exactly-once', at: 'state', promised: true, verdict: 'holds', runs: 200, beyond: 0, violations: 0, upperBound: 0.015 },
    {
      guarantee: 'exactly-once',
      at: 'external-store',
      sink: 'Sink',
      promised: true,
      verdict: 'violated',
      runs: 190,
      beyond: 10,
      violations: 3,
    },
    {
      guarantee: 'at-least-once',
      at: 'log',
      sink: 'Log',
      promised: false,
      verdict: 'holds',
      runs: 200,
      beyond: 0,
      violations: 0,
      upperBound: 0.015,
    },
  ],
  points: [
    { at: 'state', runs: 200, strongest: 'exactly-once' },
    { at: 'external-store', sink: 'Sink', runs: 190, strongest: 'at-least-once' },
  ],
  witnesses: [
    { name: 'recovered', required: true, count: 1198, firstSeed: '1-0' },
    { name: 'lost-output', required: true, count: 0, firstSeed: '' },
    { name: 'aborted-checkpoint', required: false, count: 5, firstSeed: '1-2', token: 'mr1.two-phase.aligned.1-2' },
  ],
  evidence,
  statuses: {
    FINISHED: { runs: 198, firstSeed: '1-0', token: 'mr1.two-phase.aligned.1-0' },
    FAILED: { runs: 2, firstSeed: '1-8', token: 'mr1.two-phase.aligned.1-8' },
  },
  preconditionsBroken: [
    { name: 'transaction-timed-out', message: 'txn-3 timed out', runs: 10, firstSeed: '1-4', token: 'mr1.two-phase.aligned.1-4' },
  ],
  anomalies: [
    violation,
    {
      ...seen,
      seed: '1-4',
      token: 'mr1.two-phase.aligned.1-4',
      standing: 'beyond',
      guarantee: 'exactly-once',
      at: 'external-store',
      sink: 'Sink',
      anomaly: 'lost',
      rule: 'output-at-least-once',
      message: '4 records',
      beyond: ['transaction-timed-out'],
    },
  ],
}

/** A run in which nothing is wrong and nothing open. */
export const quietReplay: Replay = {
  ...{ token: 'mr1.x', scenario: 'two-phase', mode: 'aligned', seed: '1-17' },
  verdict: { ...judge(SMALL_JOB, []), verdict: 'holds', claims: [] },
  ...{ status: 'FINISHED', traceHash: 'aaaa', traceHashAgain: 'aaaa', steps: 2500, endUs: 1_203_004 },
  plan: ['TaskManager-0 crashes', 'a call is lost'],
  left: [{ at: 'state', strongest: 'exactly-once' }],
  ...{ counterexamples: [], header: SMALL_JOB, history: [], choices: [] },
}

/** The result. */
export const result: CampaignResult = {
  verdict: 'violated',
  seed: '1',
  driver: 'swarm',
  seconds: 12.3456,
  runs: 1200,
  events: 3_000_000,
  interrupted: false,
  cells: [cell],
  modes: [{ mode: 'aligned', runs: 200, evidence }],
  violations: [violation],
  defects: [],
}
