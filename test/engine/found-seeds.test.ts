import { expect, it } from 'vitest'
import { scenarios } from '../../scenarios/index.js'
import type { FaultPlan } from '../../src/faults/index.js'
import { runExperiment, type Mode } from '../../src/search/index.js'

/** A run that once was judged wrong. */
interface Found {
  readonly why: string
  readonly scenario: string
  readonly mode: Mode
  readonly seed: string
  readonly plan: FaultPlan
  /** Every message took its shortest time, and each completed checkpoint was restored. */
  readonly restoredInLeast?: true
}

const found: readonly Found[] = [
  {
    why: 'a writer flushes for a checkpoint that is aborted before its snapshot, and another committer takes over what it flushed',
    scenario: 'windowed-join',
    mode: 'at-least-once',
    seed: 'evening-96',
    plan: [
      { kind: 'crash', process: '*', at: { point: 'checkpoint.metadata.written', nth: 2 }, downUs: 1_000 },
      { kind: 'call', point: 'store.load', nth: 1, outcome: 'failed' },
      { kind: 'slow', process: 'TaskManager-0', fromUs: 579_732, untilUs: 604_732, extraUs: 17_000 },
      { kind: 'ties', gridUs: 500 },
    ],
    restoredInLeast: true,
  },
  {
    why: 'a checkpoint is stored long after its coordinator has given it up, and another JobManager restores it and subsumes the one before',
    scenario: 'file-to-file',
    mode: 'at-least-once',
    seed: 'n1-595',
    plan: [
      { kind: 'call', point: 'store.add', nth: 2, depth: 0, outcome: 'unknown-later', delayUs: 181_918 },
      { kind: 'crash', process: '*', at: { point: 'checkpoint.pending.created', nth: 3, depth: 0 }, downUs: 228_000 },
    ],
  },
  {
    why: 'a checkpoint is stored late, between the restore of an older one and the end',
    scenario: 'windowed-join',
    mode: 'aligned',
    seed: 'n1-31',
    plan: [
      { kind: 'call', point: 'store.add', nth: 3, depth: 0, outcome: 'unknown-later', delayUs: 52_948 },
      { kind: 'call', point: 'store.add', nth: 5, depth: 0, outcome: 'unknown-later', delayUs: 220_778 },
      { kind: 'crash', process: '*', at: { point: 'sink.commit.sent', nth: 4, depth: 0 }, downUs: 82_000 },
    ],
  },
  {
    why: 'a JobManager restores a checkpoint whose store answer was lost, after its predecessor had started from nothing',
    scenario: 'count-to-append',
    mode: 'aligned',
    seed: '1-68',
    plan: [
      { kind: 'crash', process: '*', at: { point: 'recovery.tasks.deployed', nth: 2 }, downUs: 229_000 },
      { kind: 'call', point: 'store.add', nth: 1, outcome: 'unknown-applied' },
    ],
  },
  {
    why: 'an attempt that outlived a pause takes a snapshot, and its successor has pre-committed',
    scenario: 'file-to-file',
    mode: 'aligned',
    seed: 'evening-2935',
    plan: [
      { kind: 'crash', process: 'TaskManager-0', at: { timeUs: 199_307 }, downUs: 280_000 },
      { kind: 'call', point: 'store.load', nth: 1, outcome: 'unknown-applied' },
      { kind: 'call', point: 'file.create', nth: 14, outcome: 'failed' },
      { kind: 'pause', process: 'TaskManager-1', at: { timeUs: 91_207 }, forUs: 946_935 },
    ],
  },
  {
    why: 'an attempt that outlived a pause pre-commits behind its successor: no checkpoint holds that',
    scenario: 'file-to-file',
    mode: 'at-least-once',
    seed: 'evening-2072',
    plan: [
      { kind: 'crash', process: '*', at: { point: 'checkpoint.store.added', nth: 5 }, downUs: 1_000 },
      { kind: 'pause', process: 'TaskManager-0', at: { point: 'checkpoint.trigger.planned', nth: 1 }, forUs: 519_973 },
    ],
  },
  {
    why: 'the coordinator never heard that a checkpoint was stored, and completes the one before it',
    scenario: 'windowed-join',
    mode: 'at-least-once',
    seed: 'dawn-1622',
    plan: [
      { kind: 'crash', process: 'TaskManager-0', at: { timeUs: 367_970 }, downUs: 111_000 },
      { kind: 'call', point: 'store.add', nth: 11, outcome: 'unknown-applied' },
      { kind: 'detour', rpc: 'acknowledge', nth: 66, delayUs: 23_404, repeated: false },
    ],
  },
  {
    why: 'a writer that outlived a pause writes under the name that its successor has pre-committed',
    scenario: 'kafka-to-kafka-exactly-once',
    mode: 'aligned',
    seed: 'dawn-0',
    plan: [
      { kind: 'pause', process: 'TaskManager-1', at: { point: 'task.notify.received', nth: 3 }, forUs: 524_355 },
      { kind: 'detour', rpc: 'trigger-checkpoint', nth: 1, delayUs: 5732, repeated: false },
    ],
  },
  {
    why: 'the checkpoint storage stands still when the job ends, and deletes its files later',
    scenario: 'word-count',
    mode: 'aligned',
    seed: 'still',
    plan: [{ kind: 'pause', process: 'storage', at: { point: 'task.finished', nth: 1 }, forUs: 1_320_000 }],
  },
]

it.each(found)('$scenario, $mode: $why', ({ scenario: name, mode, seed, plan, restoredInLeast = false }) => {
  const scenario = scenarios.find((candidate) => candidate.name === name)
  if (scenario === undefined) throw new Error(`there is no scenario ${name}`)
  const { verdict, status, history } = runExperiment(
    { scenario, mode, seed, plan, ...(restoredInLeast && { restores: true, reduction: { leastBut: [] } }) },
    { keepHistory: true },
  )
  expect(history.filter(({ kind }) => kind === 'fault')).toHaveLength(plan.length)
  expect({ verdict: verdict?.verdict, status, broken: verdict?.protocol }).toEqual({ verdict: 'holds', status: 'FINISHED', broken: [] })
})
