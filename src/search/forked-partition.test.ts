import { expect, it } from 'vitest'
import { scenarios } from '../../scenarios/index.js'
import type { PartitionFault } from '../faults/index.js'
import { Run } from './experiment.js'

it('a fork keeps a partition that has begun, also where nothing was held yet', () => {
  const scenario = scenarios.find(({ name }) => name === 'word-count')
  if (scenario === undefined) throw new RangeError('the scenario is there')
  const partition: PartitionFault = {
    kind: 'partition',
    process: 'TaskManager-0',
    others: ['JobManager'],
    direction: 'both',
    at: { point: 'checkpoint.pending.created', nth: 2 },
    forUs: 20_000,
    lossy: false,
  }
  const plan = [partition]
  const run = new Run({ scenario, mode: 'aligned', seed: 'cut', plan, restores: false }, { keepHistory: true })
  const begun = (): boolean => run.history.filter(({ kind }) => kind === 'checkpoint-triggered').length === 2
  while (!begun() && run.step());
  expect(run.faultsStruck.size).toBe(0)
  const fork = run.fork('another', run.history)
  fork.toTheEnd()
  expect([...fork.faultsStruck.keys()]).toEqual(plan)
})
