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

describe('a TaskManager that is cut off from the JobManager', () => {
  const cut = (direction: 'both' | 'from' | 'to', forUs: number, lossy = false): FaultPlan => [
    {
      kind: 'partition',
      process: 'TaskManager-1',
      others: ['JobManager'],
      direction,
      at: { point: 'task.barrier.first', nth: 9 },
      forUs,
      lossy,
    },
  ]

  it.each(['both', 'from', 'to'] as const)('is given up when heartbeats time out (%s), and goes on writing until then', (direction) => {
    for (const name of ['kafka-to-kafka-exactly-once', 'word-count', 'file-to-file']) {
      const [fault, ...events] = behindTheFault(name, '1', cut(direction, 900_000, direction === 'both'))
      expect(fault).toMatchObject({ fault: 'partition', point: 'task.barrier.first', target: 'TaskManager-1 / JobManager' })
      const givenUp = events.findIndex((event) => event.kind === 'failure' && event.cause === 'heartbeat of TaskManager 1 timed out')
      expect(givenUp).toBeGreaterThan(0)
      const restart = events.findIndex(({ kind }, index) => index > givenUp && kind === 'restart')
      const attempts = events
        .slice(restart)
        .flatMap((event) => (event.kind === 'source-emit' || event.kind === 'sink-write' ? [event.attempt] : []))
      expect(new Set(attempts)).toContain(1)
    }
  })

  it('for less than the timeout is not given up', () => {
    const [, ...events] = behindTheFault('word-count', '1', cut('both', 300_000))
    expect(causesOf(events)).toEqual([])
  })
})

describe('a process that stops for a while', () => {
  const paused = (process: string, forUs: number): FaultPlan => [
    { kind: 'pause', process, at: { point: 'task.barrier.first', nth: 9 }, forUs },
  ]

  it('is given up when heartbeats time out; as a zombie it is harmless', () => {
    for (const name of ['kafka-to-kafka-exactly-once', 'word-count', 'windowed-join']) {
      const [fault, ...events] = behindTheFault(name, '2', paused('TaskManager-0', 700_000))
      expect(fault).toMatchObject({ fault: 'pause', target: 'TaskManager-0' })
      expect(causesOf(events)).toContain('heartbeat of TaskManager 0 timed out')
    }
  })

  it.each(['JobManager', 'storage', 'external-store'])('holds everything up when it is the %s', (process) => {
    const [fault] = behindTheFault('word-count', '3', paused(process, 700_000))
    expect(fault).toMatchObject({ fault: 'pause', target: process })
  })
})

describe('a task that hangs when it is cancelled', () => {
  it('takes its TaskManager down after task.cancellation.timeout, and the job goes on', () => {
    for (const name of ['kafka-to-kafka-exactly-once', 'word-count', 'file-to-file']) {
      const [fault, ...events] = behindTheFault(name, '1', [
        { kind: 'hang', point: 'task.cancel', nth: 1, downUs: 20_000 },
        { kind: 'exception', point: 'task.record', nth: 150 },
      ])
      expect(fault).toMatchObject({ fault: 'exception' })
      const hangs = events.find((event) => event.kind === 'fault' && event.fault === 'hang')
      const killed = events.find((event) => event.kind === 'failure' && event.cause.includes('task.cancellation.timeout'))
      expect((killed?.t ?? 0) - (hangs?.t ?? 0)).toBe(300_000)
    }
  })
})

describe('a call that leaves its lane', () => {
  const calls = ['trigger-checkpoint', 'acknowledge', 'notify-complete', 'notify-aborted', 'decline']

  it.each(calls)('harms nothing when it is repeated or overtaken: %s', (rpc) => {
    const detour = (nth: number, repeated: boolean) => ({ kind: 'detour', rpc, nth, delayUs: 90_000, repeated }) as const
    // What is only called when something goes wrong needs a checkpoint that expires, and a task that cannot take one.
    const others: FaultPlan = [
      { kind: 'rpc', rpc: 'trigger-checkpoint', nth: 9 },
      { kind: 'exception', point: 'task.snapshot.async', nth: 12 },
      { kind: 'crash', process: 'TaskManager-0', at: { timeUs: 900_000 }, downUs: 10_000 },
    ]
    for (const repeated of rpc === 'acknowledge' ? [false] : [false, true]) {
      const events = behindTheFault('word-count', '4', [detour(1, repeated), detour(3, repeated), ...others])
      expect(events.some((event) => event.kind === 'fault' && event.fault === 'detour' && event.point === rpc)).toBe(true)
    }
  })
})
