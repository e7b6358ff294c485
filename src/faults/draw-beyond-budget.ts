/**
 * Plans beyond the budget: more goes wrong than a correct system must survive. The job may fail, or wait for ever; what it may not do
 * is give a wrong answer.
 */
import type { Stream } from '../world/index.js'
import { drawDown, pick } from './draws.js'
import type { Fault, FaultPlan } from './fault.js'
import type { FaultMenu } from './menu.js'

/** Longer than any run, µs: what goes away for so long does not come back. */
export const FOR_GOOD_US = 1_000_000_000

/** What a disaster is drawn from. */
type Targets = Pick<FaultMenu, 'processes' | 'ofTheJob' | 'pauses' | 'exceptions' | 'reached' | 'endUs'>

const DISASTERS = [drawStorm, drawDeath, drawExtinction, drawStandstill, drawFlaws]

/** One or two disasters of a seed; its usual plan comes besides. */
export function drawBeyondBudget(stream: Stream, menu: Targets): FaultPlan {
  return Array.from({ length: 1 + stream.below(2) }, () => pick(stream, DISASTERS)?.(stream, menu) ?? []).flat()
}

/** Processes of the job crash one after the other, faster than the restarts that are granted. */
function drawStorm(stream: Stream, menu: Targets): readonly Fault[] {
  const fromUs = drawTime(stream, menu)
  return Array.from({ length: 5 + stream.below(10) }, (_, index): Fault => {
    const process = pick(stream, menu.ofTheJob) ?? ''
    return { kind: 'crash', process, at: { timeUs: fromUs + index * 40_000 + stream.below(40_000) }, downUs: drawDown(stream) }
  })
}

/** One process dies and never comes back, alone or with its host. */
function drawDeath(stream: Stream, menu: Targets): readonly Fault[] {
  const kind = stream.below(2) === 0 ? 'crash' : 'host-loss'
  return [{ kind, process: pick(stream, menu.processes) ?? '', at: { timeUs: drawTime(stream, menu) }, downUs: FOR_GOOD_US }]
}

/** All processes of the job are dead for long, or for good. */
function drawExtinction(stream: Stream, menu: Targets): readonly Fault[] {
  const timeUs = drawTime(stream, menu)
  const downUs = stream.below(2) === 0 ? FOR_GOOD_US : 2_000_000 + stream.below(8_000_000)
  return menu.ofTheJob.map((process): Fault => ({ kind: 'crash', process, at: { timeUs: timeUs + stream.below(5_000) }, downUs }))
}

/** Storage, store, an outside system or a process of the job answers no more. */
function drawStandstill(stream: Stream, menu: Targets): readonly Fault[] {
  const process = pick(stream, [...menu.pauses, 'store']) ?? ''
  return [{ kind: 'pause', process, at: { timeUs: drawTime(stream, menu) }, forUs: FOR_GOOD_US }]
}

/** User code throws again and again. */
function drawFlaws(stream: Stream, menu: Targets): readonly Fault[] {
  const point = pick(
    stream,
    menu.exceptions.filter((candidate) => (menu.reached.get(candidate) ?? 0) > 0),
  )
  if (point === undefined) return []
  const first = 1 + stream.below(menu.reached.get(point) ?? 1)
  return Array.from({ length: 5 + stream.below(10) }, (_, index): Fault => ({ kind: 'exception', point, nth: first + 2 * index }))
}

function drawTime(stream: Stream, { endUs }: Targets): number {
  return stream.below(Math.max(1, endUs))
}
