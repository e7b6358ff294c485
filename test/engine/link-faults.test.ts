/** Faults of links hit a live target wherever they strike, the engine notices them as Flink does, and nothing is lost or duplicated. */
import { describe, expect, it } from 'vitest'
import { scenarios } from '../../scenarios/index.js'
import type { FaultPlan } from '../../src/faults/index.js'
import type { HistoryEvent } from '../../src/history/index.js'
import { runExperiment, type Scenario } from '../../src/search/index.js'

/** A story on TaskManagers of one slot each, so that it needs both of them. */
function spread(name: string): Scenario {
  const scenario = scenarios.find((candidate) => candidate.name === name)
  if (scenario === undefined) throw new Error(`there is no scenario ${name}`)
  return { ...scenario, setUp: (world, mode) => ({ ...scenario.setUp(world, mode), cluster: { taskManagers: 2, slots: 1 } }) }
}

/** What follows the first fault, in a run that must hold and finish. */
function behindTheFault(name: string, seed: string, plan: FaultPlan): readonly HistoryEvent[] {
  const result = runExperiment({ scenario: spread(name), mode: 'aligned', seed, plan }, { keepHistory: true, freeze: true })
  const { verdict, status, history } = result
  expect({ verdict: verdict?.verdict, status, broken: verdict?.protocol }).toEqual({ verdict: 'holds', status: 'FINISHED', broken: [] })
  return history.slice(history.findIndex(({ kind }) => kind === 'fault'))
}

const causesOf = (events: readonly HistoryEvent[]) => events.flatMap((event) => (event.kind === 'failure' ? [event.cause] : []))

describe('a connection between two TaskManagers that breaks', () => {
  const broken = (point: string, nth: number): FaultPlan => [
    { kind: 'disconnect', process: 'TaskManager-0', other: 'TaskManager-1', at: { point, nth } },
  ]
  const points = ['task.barrier.first', 'task.barrier.broadcast', 'checkpoint.ack.received', 'checkpoint.notify.sent']

  it.each(points)('at %s fails the consumers, whose region restarts', (point) => {
    for (const seed of ['1', '2', '3']) {
      const [fault, ...events] = behindTheFault('kafka-to-kafka-exactly-once', seed, broken(point, 3))
      expect(fault).toMatchObject({ fault: 'disconnect', point, target: 'TaskManager-0 - TaskManager-1' })
      expect(new Set(causesOf(events))).toEqual(new Set(['RemoteTransportException: connection to the producer lost']))
      expect(events.filter(({ kind }) => kind === 'restart').length).toBeGreaterThan(0)
    }
  })

  it('while channels are being asked for fails who waits for an answer; one that comes over a new connection is good', () => {
    const causes = ['1', '2', '3', '4', '5', '6'].map((seed) =>
      causesOf(behindTheFault('kafka-to-kafka-exactly-once', seed, broken('task.restored', 3))),
    )
    expect(causes.filter(({ length }) => length === 0)).not.toEqual([])
    expect(new Set(causes.flat())).toEqual(new Set(['RemoteTransportException: connection to the producer lost']))
  })
})
