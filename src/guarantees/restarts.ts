import type { HistoryEvent, HistoryHeader } from '../history/index.js'
import type { Finding, Oracle } from './oracle.js'
import { broken, ruleVerdict } from './protocol-rule.js'
import { createRestartCauses, lastCauseInWords, noteFailure, noteRestart, type RestartCauses } from './restart-causes.js'

/**
 * Restarts come to an end: each is explained by a fault, or by one that was not long ago. A job that restarts again and again although
 * nothing goes wrong any more does not go on, however often it is RUNNING in between. Only histories that tell all their faults.
 */
export interface Restarts {
  readonly header: HistoryHeader
  /** The fault that explains restarts the longest, and until when, µs. */
  lastFault: { readonly seq: number; readonly t: number; readonly explainsUntil: number } | undefined
  /** The first restart that no fault explains, and how many there are. */
  unexplained: { readonly seq: number; readonly t: number; number: number } | undefined
  readonly causes: RestartCauses
}

/** How long a fault explains restarts when it is over and its silence was noticed, µs: delays are over by then. */
const EXPLAINS_US = 15_000_000

/** A single late restart may be the last of a chain; so many are a loop. */
const LOOP = 3

/** Restarts are bounded. */
export const boundedRestarts: Oracle<Restarts> = {
  name: 'bounded-restarts',
  init: (header) => ({ header, lastFault: undefined, unexplained: undefined, causes: createRestartCauses() }),
  step: {
    fault: (state, event) => {
      // User code that hangs holds its slot until the TaskManager is killed for it.
      const hangsUs = event.fault === 'hang' ? durationUs(state.header, 'task.cancellation.timeout') : 0
      noteFault(state, event, (event.lastsUs ?? 0) + hangsUs)
    },
    'process-crashed': (state, event) => {
      noteFault(state, event, 0)
    },
    failure: ({ causes }, event) => {
      noteFailure(causes, event)
    },
    restart: (state, { seq, t }) => {
      noteRestart(state.causes)
      if (t <= (state.lastFault?.explainsUntil ?? -1)) return
      state.unexplained ??= { seq, t, number: 0 }
      state.unexplained.number++
    },
  },
  verdict: (state) => ruleVerdict(findings(state)),
}

function noteFault(state: Restarts, { seq, t }: HistoryEvent, lastsUs: number): void {
  const explainsUntil = t + lastsUs + durationUs(state.header, 'heartbeat.timeout') + EXPLAINS_US
  if (explainsUntil >= (state.lastFault?.explainsUntil ?? 0)) state.lastFault = { seq, t, explainsUntil }
  state.unexplained = undefined
}

const UNITS_US: Readonly<Record<string, number>> = { ms: 1000, s: 1_000_000, min: 60_000_000 }

/** The value of a timeout, µs; 0 where the history does not tell. */
function durationUs({ configuration }: HistoryHeader, key: 'heartbeat.timeout' | 'task.cancellation.timeout'): number {
  const [, amount = '0', unit = 'ms'] = /^(\d+) (ms|s|min)$/.exec(configuration[key] ?? '') ?? []
  return Number(amount) * (UNITS_US[unit] ?? 0)
}

function findings({ header, lastFault, unexplained, causes }: Restarts): Finding[] {
  // Beyond the budget a fault may last for ever.
  if (header.origin === 'recorded' || header.discipline === 'beyond-budget' || unexplained === undefined) return []
  if (unexplained.number < LOOP) return []
  const since =
    lastFault === undefined
      ? 'without any fault'
      : `${((unexplained.t - lastFault.t) / 1_000_000).toFixed(1)} s after the last fault and later`
  const message = `the job restarted ${String(unexplained.number)} times ${since}${lastCauseInWords(causes.last)}`
  return [broken('restarts-end', message, [lastFault?.seq ?? 0, unexplained.seq, causes.last?.seq ?? 0], 'stuck')]
}
