import type { HistoryEvent, HistoryHeader } from '../history/index.js'
import type { Finding, Oracle } from './oracle.js'
import { broken, ruleVerdict } from './protocol-rule.js'

/**
 * Restarts come to an end: each is explained by a fault, or by one that was not long ago. A job that restarts again and again although
 * nothing goes wrong any more does not go on, however often it is RUNNING in between. Only histories that tell all their faults.
 */
export interface Restarts {
  readonly header: HistoryHeader
  lastFault: { readonly seq: number; readonly t: number } | undefined
  /** The first restart that no fault explains, and how many there are. */
  unexplained: { readonly seq: number; readonly t: number; number: number } | undefined
}

/** How long a fault explains restarts, µs: what it silences or takes down is back by then, heartbeats have timed out, and delays are over. */
const EXPLAINS_US = 15_000_000

/** A single late restart may be the last of a chain; so many are a loop. */
const LOOP = 3

/** Restarts are bounded. */
export const boundedRestarts: Oracle<Restarts> = {
  name: 'bounded-restarts',
  kinds: ['fault', 'restart', 'process-crashed'],
  init: (header) => ({ header, lastFault: undefined, unexplained: undefined }),
  step,
  verdict: (state) => ruleVerdict(findings(state)),
}

function step(state: Restarts, event: HistoryEvent): void {
  const { seq, t } = event
  if (event.kind !== 'restart') {
    state.lastFault = { seq, t }
    state.unexplained = undefined
  } else if (t - (state.lastFault?.t ?? -EXPLAINS_US - 1) > EXPLAINS_US) {
    state.unexplained ??= { seq, t, number: 0 }
    state.unexplained.number++
  }
}

function findings({ header, lastFault, unexplained }: Restarts): Finding[] {
  // Beyond the budget a fault may last for ever.
  if (header.origin === 'recorded' || header.discipline === 'beyond-budget' || unexplained === undefined) return []
  if (unexplained.number < LOOP) return []
  const since =
    lastFault === undefined
      ? 'without any fault'
      : `${((unexplained.t - lastFault.t) / 1_000_000).toFixed(1)} s after the last fault and later`
  const message = `the job restarted ${String(unexplained.number)} times ${since}`
  return [broken('restarts-end', message, [lastFault?.seq ?? 0, unexplained.seq], 'stuck')]
}
