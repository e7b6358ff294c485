/** Local recovery in whole runs: where state is read from, and that it is what the checkpoint holds. */
import { describe, expect, it } from 'vitest'
import { sessionWindows } from '../../../scenarios/session-windows.js'
import type { FaultPlan } from '../../faults/index.js'
import { runExperiment } from '../../search/experiment.js'
import type { Scenario } from '../../search/scenario.js'

/** All restores behind the first start. */
function allRestores(plan: FaultPlan, scenario: Scenario = sessionWindows) {
  const { status, verdict, history } = runExperiment({ scenario, mode: 'aligned', seed: 'local', plan }, { keepHistory: true })
  expect([status, verdict?.verdict]).toEqual(['FINISHED', 'holds'])
  return history.flatMap((event) =>
    event.kind === 'restore' && event.checkpoint !== undefined ? [{ local: event.local === true, event }] : [],
  )
}

/** Those of the sessions' state. */
function restores(plan: FaultPlan, scenario?: Scenario) {
  return allRestores(plan, scenario).filter(({ event }) => event.vertex === 'Sessions')
}

/** Copies are made, and not read. */
const backupOnly: Scenario = {
  ...sessionWindows,
  setUp: (world, mode) => {
    const { graph, ...others } = sessionWindows.setUp(world, mode)
    const { recoverFromLocal: _, ...recovers } = graph.configuration.checkpointing
    const checkpointing = { ...recovers, localBackup: true } as const
    return { ...others, graph: { ...graph, configuration: { ...graph.configuration, checkpointing } } }
  },
}

const exception = { kind: 'exception', point: 'task.record', nth: 150 } as const

describe('local recovery', () => {
  it('reads keyed state from the copies where tasks come back to their TaskManagers', () => {
    const found = restores([exception])
    expect(found.map(({ local }) => local)).toEqual([true, true])
    expect(found.some(({ event }) => (event.content?.absorbed?.length ?? 0) > 0)).toBe(true)
  })

  it('reads nothing but keyed state from copies: the others have none', () => {
    const vertices = allRestores([exception]).map(({ local, event }) => `${event.vertex}${local ? ', a copy' : ''}`)
    expect([...new Set(vertices)].filter((vertex) => vertex.endsWith('a copy'))).toEqual(['Sessions, a copy'])
    expect(new Set(vertices).size).toBeGreaterThan(2)
  })

  it('reads no copy that is a backup only', () => {
    expect(restores([exception], backupOnly).map(({ local }) => local)).toEqual([false, false])
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
