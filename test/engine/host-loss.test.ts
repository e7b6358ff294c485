/** What a TaskManager had sent gets there when it crashes, and does not when its host is lost; the guarantees hold either way. */
import { describe, expect, it } from 'vitest'
import { windowedJoin } from '../../scenarios/windowed-join.js'
import { crash, loseHost, type Fault, type FaultPlan } from '../../src/faults/index.js'
import type { HistoryEvent } from '../../src/history/index.js'
import { runExperiment, type Scenario } from '../../src/search/index.js'

/** One TaskManager for all tasks: what comes behind its end was under way. */
const together: Scenario = {
  ...windowedJoin,
  setUp: (world, mode) => ({ ...windowedJoin.setUp(world, mode), cluster: { taskManagers: 1, slots: 4 } }),
}

function history(plan: FaultPlan): readonly HistoryEvent[] {
  const {
    verdict,
    status,
    history: events,
  } = runExperiment({ scenario: together, mode: 'aligned', seed: '1', plan }, { keepHistory: true, freeze: true })
  expect({ verdict: verdict?.verdict, status, broken: verdict?.protocol }).toEqual({ verdict: 'holds', status: 'FINISHED', broken: [] })
  return events
}

const undisturbed = history([])

/** Shorter than any RPC takes, µs. */
const UNDER_WAY_US = 20

/** Whether what happened then without faults happens all the same when the fault strikes while it was under way. */
function stillHappens(event: HistoryEvent, made: (process: string) => { atTime(us: number): Fault }): boolean {
  const events = history([made('TaskManager-0').atTime(event.t - UNDER_WAY_US)])
  expect(events.filter(({ kind }) => kind === 'fault')).toHaveLength(1)
  return events.some(({ kind, t }) => kind === event.kind && t === event.t)
}

describe('what a TaskManager had sent', () => {
  it('an upload becomes durable behind a crash, and is lost with the host', () => {
    const puts = undisturbed.filter((event) => event.kind === 'file-put' && event.state !== undefined).slice(0, 3)
    expect(puts).toHaveLength(3)
    expect(puts.map((put) => stillHappens(put, crash))).toEqual([true, true, true])
    expect(puts.map((put) => stillHappens(put, loseHost))).toEqual([false, false, false])
  })

  it('the last acknowledgement completes its checkpoint behind a crash, and is lost with the host', () => {
    const accepted = undisturbed.filter((event) => event.kind === 'acknowledgement-accepted')
    const last = [1, 2, 3].flatMap((id) => accepted.findLast(({ checkpoint }) => checkpoint === id) ?? [])
    const completes = (made: typeof crash) =>
      last.map(({ t, checkpoint }) => {
        const events = history([made('TaskManager-0').atTime(t - UNDER_WAY_US)])
        return events.some((event) => event.kind === 'checkpoint-completed' && event.checkpoint === checkpoint)
      })
    expect(completes(crash)).toEqual([true, true, true])
    expect(completes(loseHost)).toEqual([false, false, false])
  })
})
