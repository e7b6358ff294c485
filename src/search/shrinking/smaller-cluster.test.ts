import { describe, expect, it } from 'vitest'
import { sliceScenario } from '../../../test/engine/slice-scenario.js'
import { runExperiment, type Experiment } from '../experiment.js'
import { faultMenu } from '../fault-menu.js'
import { ReachLog } from '../reach-log.js'
import type { JobSetUp } from '../scenario.js'
import type { Shown } from './pass.js'
import { fewerCheckpoints } from './smaller-cluster.js'

const experiment: Experiment = { scenario: sliceScenario, mode: 'aligned', seed: 'interval', plan: [], restores: false }

/** Intervals that are tried for a job with these timeouts, in times its own interval. */
function tried(checkpointTimeout: number, transactionTimeout?: number): number[] {
  const reached = new ReachLog()
  const { setUp, endUs } = runExperiment(experiment, { reached })
  const { graph, configuration } = setUp
  const { checkpointing } = graph.configuration
  const timeoutUs = checkpointTimeout * checkpointing.intervalUs
  const inTransactions =
    transactionTimeout === undefined ? {} : { 'transaction.timeout.ms': `${(transactionTimeout * checkpointing.intervalUs) / 1000}` }
  const changed: JobSetUp = {
    ...setUp,
    graph: { ...graph, configuration: { ...graph.configuration, checkpointing: { ...checkpointing, timeoutUs } } },
    configuration: { ...configuration, ...inTransactions },
  }
  const best: Shown = { experiment, kind: '', reached, setUp: changed, endUs, menu: faultMenu(sliceScenario, 'aligned'), hasty: true }
  const found: number[] = []
  const proposals = fewerCheckpoints(best)
  for (let next = proposals.next(); next.done !== true;) {
    found.push((next.value.reduction?.checkpointIntervalUs ?? 0) / checkpointing.intervalUs)
    next = proposals.next({ shows: false, best, reached })
  }
  return [...new Set(found)]
}

describe('a longer checkpoint interval', () => {
  it('is tried as long as a checkpoint may take, and a transaction may stay open', () => {
    expect(tried(1_000)).toEqual([10, 8, 6, 5, 4, 3, 2])
    expect(tried(5)).toEqual([4, 3, 2])
    expect(tried(1_000, 4)).toEqual([3, 2])
  })
})
