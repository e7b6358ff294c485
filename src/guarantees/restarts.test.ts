import { describe, expect, it } from 'vitest'
import type { HistoryEvent, HistoryFact, HistoryHeader } from '../history/index.js'
import { SMALL_JOB } from './hand-made-history.js'
import { take } from './steps.js'
import { boundedRestarts } from './restarts.js'

const simulated: HistoryHeader = { ...SMALL_JOB, origin: 'simulated' }

/** A fault at 1 s, if any, and restarts at these seconds. */
function found(restarts: readonly number[], header = simulated, withFault = true): string[] {
  const fault: HistoryFact = { kind: 'fault', fault: 'crash', point: 'time', target: 'TaskManager-0' }
  const facts: [number, HistoryFact][] = restarts.map((second, index) => [second, { kind: 'restart', restarts: index + 1 }])
  const all: [number, HistoryFact][] = withFault ? [[1, fault], ...facts] : facts
  const state = boundedRestarts.init(header)
  for (const [index, [second, fact]] of all.entries()) {
    const event: HistoryEvent = { ...fact, seq: index + 1, t: second * 1_000_000 }
    take(boundedRestarts.step, state, event)
  }
  return boundedRestarts.verdict(state).findings.map(({ anomaly, rule, message }) => `${anomaly} ${rule}: ${message}`)
}

describe('restarts', () => {
  it('are explained by a fault not long before, however many there are', () => {
    expect(found([2, 3, 4, 5, 6, 7, 8, 9, 10, 15])).toEqual([])
  })

  it('come to an end', () => {
    expect(found([2, 17, 20, 23])).toEqual(['stuck restarts-end: the job restarted 3 times 16.0 s after the last fault and later'])
    expect(found([17, 20])).toEqual([])
    expect(found([2, 3, 4], simulated, false)).toEqual(['stuck restarts-end: the job restarted 3 times without any fault'])
  })

  it('are told with what the last one came of', () => {
    const state = boundedRestarts.init(simulated)
    const failure: HistoryFact = { kind: 'failure', vertex: 'Sink', subtask: 1, attempt: 0, cause: 'timed out' }
    for (const seq of [1, 2, 3, 4, 5, 6]) {
      const fact: HistoryFact = seq % 2 === 1 ? failure : { kind: 'restart', restarts: seq / 2 }
      take(boundedRestarts.step, state, { ...fact, seq, t: seq })
    }
    const { findings } = boundedRestarts.verdict(state)
    expect(findings.map(({ message, evidence }) => [message, evidence])).toEqual([
      ['the job restarted 3 times without any fault, last because timed out in Sink (1)', [2, 5]],
    ])
  })

  it('are explained by a fault that lasts, and while its silence is not noticed', () => {
    const restarts = [50, 100, 150, 151]
    const lasting = (lastsUs: number, timeout: string) => {
      const header = { ...simulated, configuration: { 'heartbeat.timeout': timeout } }
      const state = boundedRestarts.init(header)
      take(boundedRestarts.step, state, {
        kind: 'fault',
        fault: 'partition',
        point: 'time',
        target: 'A / B',
        lastsUs,
        seq: 1,
        t: 1_000_000,
      })
      for (const [index, second] of restarts.entries()) {
        take(boundedRestarts.step, state, { kind: 'restart', restarts: index + 1, seq: index + 2, t: second * 1_000_000 })
      }
      return boundedRestarts.verdict(state).findings.length
    }
    expect(lasting(100_000_000, '50 s')).toBe(0)
    expect(lasting(10_000_000, '50 s')).toBe(1)
    expect(lasting(100_000_000, '500 ms')).toBe(0)
    expect(lasting(10_000_000, '500 ms')).toBe(1)
  })

  it('are explained by user code that hangs, until its TaskManager is killed for it', () => {
    const after = (fault: string, timeout: string): number => {
      const state = boundedRestarts.init({ ...simulated, configuration: { 'task.cancellation.timeout': timeout } })
      take(boundedRestarts.step, state, { kind: 'fault', fault, point: 'task.cancel', target: 'TaskManager-0', seq: 1, t: 1_000_000 })
      for (const [index, second] of [60, 120, 180].entries()) {
        take(boundedRestarts.step, state, { kind: 'restart', restarts: index + 1, seq: index + 2, t: second * 1_000_000 })
      }
      return boundedRestarts.verdict(state).findings.length
    }
    expect(after('hang', '3 min')).toBe(0)
    expect(after('hang', '10 s')).toBe(1)
    expect(after('exception', '3 min')).toBe(1)
  })

  it('are not judged where not all faults are told, or where faults last', () => {
    expect(found([17, 20, 23], SMALL_JOB)).toEqual([])
    expect(found([17, 20, 23], { ...simulated, discipline: 'beyond-budget' })).toEqual([])
  })
})
