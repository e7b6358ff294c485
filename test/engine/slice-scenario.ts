/** The thin slice as a scenario: a few splits, a keyed count, a two-phase sink on a small external store. */
import { checkpointingMode, type JobSetUp, type Mode, type Scenario } from '../../src/search/scenario.js'
import { emptyStore, externalStore } from '../../src/systems/index.js'
import type { World } from '../../src/world/index.js'
import { sliceConfiguration, sliceJob } from './slice-job.js'

/** Three splits for two readers: one of them is finished long before the other. */
const SPLITS = ['s0', 's1', 's2']
const PER_SPLIT = 60
/** So many that a snapshot is written in several pieces, between which records go on. */
const KEYS = 64

export const sliceScenario: Scenario = {
  name: 'slice',
  about: 'source, keyed count, two-phase sink',
  modes: ['aligned', 'at-least-once', 'off'],
  claims(mode) {
    if (mode === 'off') return []
    const guarantee = mode === 'aligned' ? 'exactly-once' : 'at-least-once'
    return ['state', 'external-store'].map((at) => ({ guarantee, at }))
  },
  witnesses: () => [],
  setUp,
}

function setUp(world: World, mode: Mode): JobSetUp {
  const outside = world.process('outside')
  const store = world.add(outside, externalStore, 'external-store', emptyStore())
  // A late message outlasts the checkpoint timeout now and then, and no number of failed checkpoints restarts a job that is stuck.
  const often = { intervalUs: 50_000, timeoutUs: 150_000, tolerableFailed: 1000 }
  const checkpointing = { ...sliceConfiguration.checkpointing, ...often, ...checkpointingMode(mode) }
  // Silence and hanging tasks are noticed within the run.
  const patience = { heartbeatIntervalUs: 100_000, heartbeatTimeoutUs: 500_000, cancellationTimeoutUs: 300_000 }
  const configuration = { ...sliceConfiguration, ...patience, checkpointing }
  return {
    graph: sliceJob(store, { parallelism: 2, splits: SPLITS.length, perSplit: PER_SPLIT, keys: KEYS, configuration }),
    cluster: { taskManagers: 2, slots: 2 },
    outside: [{ process: outside, strikable: true }],
    observed: new Map([['Sink', ['external-store']]]),
    splits: SPLITS.map((split) => ({ vertex: 'Src', split, records: PER_SPLIT })),
    configuration: {},
    settleUs: 100_000,
    limitUs: 120_000_000,
  }
}
