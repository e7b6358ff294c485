/** Local recovery in whole runs: where state is read from, and that it is what the checkpoint holds. */
import { describe, expect, it } from 'vitest'
import { sessionWindows } from '../../../scenarios/session-windows.js'
import type { FaultPlan } from '../../faults/index.js'
import { runExperiment } from '../../search/experiment.js'

/** The restores of the sessions' state behind the first start. */
function restores(plan: FaultPlan) {
  const { status, verdict, history } = runExperiment(
    { scenario: sessionWindows, mode: 'aligned', seed: 'local', plan },
    { keepHistory: true },
  )
  expect([status, verdict?.verdict]).toEqual(['FINISHED', 'holds'])
  return history.flatMap((event) =>
    event.kind === 'restore' && event.vertex === 'Sessions' && event.checkpoint !== undefined
      ? [{ local: event.local === true, event }]
      : [],
  )
}

const exception = { kind: 'exception', point: 'task.record', nth: 150 } as const

describe('local recovery', () => {
  it('reads keyed state from the copies where tasks come back to their TaskManagers', () => {
    const found = restores([exception])
    expect(found.map(({ local }) => local)).toEqual([true, true])
    expect(found.some(({ event }) => (event.content?.absorbed?.length ?? 0) > 0)).toBe(true)
  })

  it('reads it from the checkpoint where the TaskManager has died', () => {
    const crash = { kind: 'crash', process: 'TaskManager-0', at: { timeUs: 500_000 }, downUs: 20_000 } as const
    const found = restores([crash])
    expect(found.map(({ local, event }) => [event.subtask, local]).sort()).toEqual([
      [0, false],
      [1, true],
    ])
  })

  it('reads it from the checkpoint where the JobManager was lost: the slots were given back', () => {
    const crash = { kind: 'crash', process: 'JobManager', at: { timeUs: 500_000 }, downUs: 20_000 } as const
    expect(restores([crash]).map(({ local }) => local)).toEqual([false, false])
  })
})
