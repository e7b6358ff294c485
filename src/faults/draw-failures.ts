import type { Stream } from '../world/index.js'
import { FOR_GOOD_US } from './draw-beyond-budget.js'
import { comesToPass, drawDown, drawStep, drawTime, drawTurn, pick, type Phase } from './draws.js'
import type { CrashFault, Fault } from './fault.js'
import type { FaultMenu } from './menu.js'

/** Draws a crash: at a step of the protocol, or at any time. */
export function drawCrash(stream: Stream, menu: FaultMenu, phase: Phase): CrashFault {
  const point = phase !== 'recovery' && stream.below(3) === 0 ? undefined : drawStep(stream, menu, phase)
  if (point !== undefined)
    return { kind: 'crash', process: '*', at: { point, ...drawTurn(stream, menu, point, phase) }, downUs: drawDown(stream) }
  const process = pick(stream, phase === 'any' ? menu.processes : menu.ofTheJob) ?? ''
  return { kind: 'crash', process, at: { timeUs: drawTime(stream, menu, phase === 'recovery' ? 'any' : phase) }, downUs: drawDown(stream) }
}

/** Draws a process that dies with its host and starts again on another one. */
export function drawHostLoss(stream: Stream, menu: FaultMenu, phase: Phase): CrashFault {
  return { ...drawCrash(stream, menu, phase), kind: 'host-loss' }
}

/** Draws an exception of user code. */
export function drawException(stream: Stream, menu: FaultMenu, phase: Phase): Fault | undefined {
  const point = pick(
    stream,
    menu.exceptions.filter((candidate) => comesToPass(menu, candidate, phase)),
  )
  return point === undefined ? undefined : { kind: 'exception', point, ...drawTurn(stream, menu, point, phase) }
}

/** Draws a hanging task. It strikes in one of the first two recoveries: tasks are cancelled in no other. */
export function drawHang(stream: Stream, menu: Pick<FaultMenu, 'hangs' | 'tasks'>): Fault | undefined {
  const point = pick(stream, menu.hangs)
  return point === undefined ? undefined : { kind: 'hang', point, nth: 1 + stream.below(2 * menu.tasks), downUs: drawDown(stream) }
}

/**
 * Draws the loss of a host for good: a TaskManager that the job can do without dies and never comes back, and the job goes on with the core
 * that is left.
 */
export function drawLoss(stream: Stream, { expendable = [], endUs }: Pick<FaultMenu, 'expendable' | 'endUs'>): Fault | undefined {
  const process = pick(stream, expendable)
  const timeUs = stream.below(Math.max(1, endUs))
  return process === undefined ? undefined : { kind: 'host-loss', process, at: { timeUs }, downUs: FOR_GOOD_US }
}
