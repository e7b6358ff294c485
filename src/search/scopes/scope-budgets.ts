/** How much may happen in one run within a scope: its faults, and how often timers fire that would fire for ever. */
import type { Budgets } from '../../check/index.js'
import { faultsOf, type Scope } from './scope.js'

/** Timers that end what takes too long, and no scope lets anything take too long in this way. */
const NEVER_FIRE: Readonly<Record<string, string>> = {
  'abort-timed-out': 'timeouts of transactions',
  'cancellation-watchdog': 'the timeout of a cancellation',
}

/** What never happens because its timer does not fire, in words. */
export function timersOff(scope: Scope): readonly string[] {
  return [
    ...Object.values(NEVER_FIRE),
    ...(scope.expiries === 0 ? ['the timeout of a checkpoint although something else can happen'] : []),
    'registrations of TaskManagers that are repeated although something else can happen',
  ]
}

/**
 * The budgets of a scope.
 * @param sourceVertices how many sources the job has, each with as many subtasks as the scope says
 */
export function budgetsOf(scope: Scope, sourceVertices: number): Budgets {
  const { crashes, jobManagerCrashes, failures, outcomes, losses, disconnects, suspicions, checkpoints, expiries } = scope
  const troubles = failures + outcomes + losses + disconnects + suspicions + expiries
  // The last checkpoint is asked for by the end of the data; when a fault aborts it and nothing restarts, only the timer asks again.
  const triggers = checkpoints - 1 + troubles
  const ids = 2 * (checkpoints + faultsOf(scope) + expiries) + 2 * troubles + 2
  const expiry = (times: (id: number) => number): Record<string, number> =>
    Object.fromEntries(Array.from({ length: ids }, (_, i) => [`checkpoint-expiry/${String(i + 1)}`, times(i + 1)]))
  const never = Object.fromEntries(Object.keys(NEVER_FIRE).map((name) => [name, 0]))
  return {
    crashes: crashes + jobManagerCrashes,
    failures,
    outcomes,
    losses,
    disconnects,
    suspicions,
    timers: { 'checkpoint-trigger': triggers, ...never, ...expiry((id) => (id <= expiries ? 1 : 0)) },
    lazyTimers: ['register'],
    ...(mayWait(scope, sourceVertices) && {
      reserves: { 'checkpoint-trigger': triggers + faultsOf(scope) + expiries + 1, ...(troubles > 0 && expiry(() => 1)) },
    }),
  }
}

/**
 * Whether a job may wait for a checkpoint that nobody asks for in time: one was aborted behind the last that the scope has, because a
 * message was lost, or because a task declined it that had just finished, which takes another one that has not and an earlier checkpoint:
 * one of the scope, or one that was asked for before a crash and is taken by what runs behind it.
 */
function mayWait(scope: Scope, sourceVertices: number): boolean {
  const { failures, outcomes, losses, disconnects, suspicions, expiries, checkpoints, crashes, jobManagerCrashes, sources, subtasks } =
    scope
  if (failures + outcomes + losses + disconnects + suspicions + expiries > 0) return true
  return crashes + jobManagerCrashes > 0 || (checkpoints > 1 && (sources * sourceVertices > 1 || subtasks > 1))
}
