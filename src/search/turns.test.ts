import { expect, it } from 'vitest'
import { scenarios } from '../../scenarios/index.js'
import type { FaultPlan } from '../faults/index.js'
import { runExperiment } from './experiment.js'
import { planInWords } from './plan-in-words.js'

const [scenario] = scenarios.filter(({ name }) => name === 'kafka-to-kafka-exactly-once')

function landings(plan: FaultPlan): readonly string[] {
  if (scenario === undefined) throw new RangeError('the scenario is there')
  return runExperiment({ scenario, mode: 'aligned', seed: 'turns', plan }, { unjudged: true }).landings
}

it('a fault waits for its turn among the steps of a role, of a subtask, and at a depth', () => {
  expect(
    landings([
      { kind: 'crash', process: '*', at: { point: 'task.snapshot.sync.done', nth: 3, who: 'source' }, downUs: 20_000 },
      { kind: 'exception', point: 'task.restore', nth: 1, who: 'sink-1', depth: 1 },
      { kind: 'crash', process: 'JobManager', at: { point: 'recovery.restore.chosen', nth: 1, depth: 2 }, downUs: 20_000 },
      { kind: 'call', point: 'kafka.produce', nth: 1, depth: 2, outcome: 'failed' },
      { kind: 'rpc', rpc: 'notify-complete', nth: 1, who: 'sink-1', depth: 2 },
    ]),
  ).toEqual([
    'crash task.snapshot.sync.done source 0',
    'exception task.restore sink 1',
    'crash recovery.restore.chosen JobManager 2',
    'failed kafka.produce broker 2',
    'lost notify-complete sink 2',
  ])
})

it('a pause, a partition and a broken connection at a step strike whoever takes it', () => {
  const at = { point: 'task.barrier.aligned', nth: 1, who: 'sink' } as const
  expect(
    landings([
      { kind: 'pause', process: '*', at, forUs: 10_000 },
      { kind: 'partition', process: '*', others: ['JobManager'], direction: 'both', at: { ...at, nth: 3 }, forUs: 20_000, lossy: false },
      { kind: 'disconnect', process: 'TaskManager-0', other: 'TaskManager-1', at: { ...at, nth: 5 } },
    ]),
  ).toEqual(['pause task.barrier.aligned sink 0', 'partition task.barrier.aligned sink 0', 'disconnect task.barrier.aligned sink 0'])
})

it('a turn is told in words', () => {
  expect(
    planInWords([
      { kind: 'exception', point: 'task.record', nth: 2, who: 'sink-1', depth: 1 },
      { kind: 'rpc', rpc: 'acknowledge', nth: 3 },
      { kind: 'pause', process: '*', at: { point: 'task.restored', nth: 1, depth: 2 }, forUs: 1000 },
    ]),
  ).toEqual([
    'an exception at task.record, the 2nd time of sink-1 during a recovery',
    'the 3rd acknowledge is lost',
    'whatever process reaches it stops for 1 ms, at task.restored, the 1st time during the recovery from a failure in a recovery',
  ])
})
