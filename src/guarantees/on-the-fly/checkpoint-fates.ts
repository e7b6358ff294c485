import type { HistoryFact } from '../../history/index.js'
import { leavesFateUnknown } from '../fate-unknown.js'
import type { SmallOracle } from './small-oracle.js'
import { checkpointKey, putSorted, valueAt, type SortedEntries } from './sorted-entries.js'

/** What became of each checkpoint; `unknown` when the store's answer was lost. */
export interface CheckpointFates {
  readonly fates: SortedEntries<Fate>
  wrong: string | null
}

type Fate = 'triggered' | 'completed' | 'aborted' | 'unknown'

/**
 * Each checkpoint has one outcome, completions go up, tasks are told only what is stored, and a failover restores the newest one that
 * completed: the small form of `checkpoint-outcome`, `notifications` and `recovery`.
 */
export const checkpointFates: SmallOracle<CheckpointFates> = {
  init: () => ({ fates: [], wrong: null }),
  step(state, fact) {
    if (state.wrong === null) state.wrong = stepFates(state, fact) ?? null
  },
  verdict: ({ wrong }) => wrong ?? undefined,
}

function stepFates(state: CheckpointFates, fact: HistoryFact): string | undefined {
  switch (fact.kind) {
    case 'checkpoint-triggered':
      return becomes(state, fact.checkpoint, 'triggered')
    case 'checkpoint-completed':
      return becomes(state, fact.checkpoint, 'completed')
    case 'checkpoint-aborted':
      return becomes(state, fact.checkpoint, leavesFateUnknown(fact) ? 'unknown' : 'aborted')
    case 'checkpoint-notified':
      return notified(state, fact)
    case 'restore-chosen':
      return chosen(state, fact.checkpoint ?? 0)
    default:
      return undefined
  }
}

function becomes({ fates }: CheckpointFates, checkpoint: number, fate: Fate): string | undefined {
  const name = `checkpoint ${String(checkpoint)}`
  const before = valueAt(fates, checkpointKey(checkpoint))
  if (fate === 'completed' && newestCompleted(fates) > checkpoint) return `${name} completed after ${String(newestCompleted(fates))}`
  putSorted(fates, checkpointKey(checkpoint), before === 'unknown' ? 'unknown' : fate)
  if (fate === 'triggered') return before === undefined ? undefined : `${name} was triggered twice`
  if (before === undefined) return `${name} ${fate} without having been triggered`
  return before === 'triggered' || before === 'unknown' || fate === 'unknown' ? undefined : `${name} ${fate} after it had ${before}`
}

function notified({ fates }: CheckpointFates, fact: Extract<HistoryFact, { kind: 'checkpoint-notified' }>): string | undefined {
  const fate = valueAt(fates, checkpointKey(fact.checkpoint))
  const who = `${fact.vertex} (${String(fact.subtask)}) was told that checkpoint ${String(fact.checkpoint)}`
  if (fact.outcome === 'complete') return fate === 'completed' ? undefined : `${who} completed, which it had not`
  return fate === 'completed' ? `${who} aborted, which had completed` : undefined
}

function chosen({ fates }: CheckpointFates, checkpoint: number): string | undefined {
  const newest = newestCompleted(fates)
  if (checkpoint === newest) return undefined
  // Nobody knows whether it is in the store: it may be restored, or the one before, as long as none behind it has completed.
  if (checkpoint > newest && valueAt(fates, checkpointKey(checkpoint)) === 'unknown') return undefined
  const what = checkpoint === 0 ? 'nothing' : `checkpoint ${String(checkpoint)}`
  return `${what} was restored, and the newest that completed is ${newest === 0 ? 'none' : String(newest)}`
}

function newestCompleted(fates: CheckpointFates['fates']): number {
  const [name = '0'] = fates.findLast(([, fate]) => fate === 'completed') ?? []
  return Number(name)
}
