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
    ...(scope.expiries === 0 ? ['the timeout of a checkpoint'] : []),
    'registrations of TaskManagers that are repeated although something else can happen',
  ]
}

/** The budgets of a scope. */
export function budgetsOf(scope: Scope): Budgets {
  const { crashes, jobManagerCrashes, failures, outcomes, losses, disconnects, suspicions, checkpoints, expiries } = scope
  const ids = 2 * (checkpoints + faultsOf(scope) + expiries) + 1
  const expiry = Array.from({ length: ids }, (_, i) => [`checkpoint-expiry/${String(i + 1)}`, i < expiries ? 1 : 0] as const)
  const never = Object.keys(NEVER_FIRE).map((name) => [name, 0] as const)
  return {
    crashes: crashes + jobManagerCrashes,
    failures,
    outcomes,
    losses,
    disconnects,
    suspicions,
    timers: {
      // The last checkpoint is asked for by the end of the data; when a fault aborts it and nothing restarts, only the timer asks again.
      'checkpoint-trigger': checkpoints - 1 + failures + outcomes + losses + disconnects + suspicions + expiries,
      ...Object.fromEntries(never),
      ...Object.fromEntries(expiry),
    },
    lazyTimers: ['register'],
  }
}
