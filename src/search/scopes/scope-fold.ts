/** The oracles of a search as one fold: their states together are the part of an explored state that remembers the way to it. */
import type { Fold } from '../../check/index.js'
import {
  absorbedOnce,
  checkpointFates,
  coveredCommits,
  jobEnd,
  openedBehind,
  outputInWords,
  restoredCommits,
  smallCut,
  visibleOutput,
  wholeCheckpoints,
  type AbsorbedOnce,
  type CheckpointFates,
  type CoveredCommits,
  type JobEnd,
  type OpenedBehind,
  type RestoredCommits,
  type SmallCut,
  type VisibleOutput,
  type WholeCheckpoints,
} from '../../guarantees/index.js'
import { isHistoryFact, type HistoryFact, type JobStatus } from '../../history/index.js'
import type { Mode } from '../scenario.js'
import type { Reference } from './reference-run.js'
import type { SometimesFacts } from './sometimes-facts.js'

/** What all oracles remember. */
export interface ScopeMemory {
  readonly output: VisibleOutput
  readonly job: JobEnd
  readonly fates: CheckpointFates
  readonly commits: CoveredCommits
  readonly restored: RestoredCommits
  readonly whole: WholeCheckpoints
  readonly cut: SmallCut
  readonly absorbed: AbsorbedOnce
  readonly opened: OpenedBehind
  /** Of any subtask that was initialised. */
  newestAttempt: number
}

/** Told of what the search comes across. */
export interface ScopeListener {
  readonly sometimes: SometimesFacts
  /** A way has ended like this; of the output only what is claimed exactly once. */
  ended(status: JobStatus, output: string): void
}

/**
 * The oracles that apply in a mode.
 * @param transparentTo outputs that there are without faults, where a job that FINISHED with another one is wrong
 */
export function scopeFold(reference: Reference, mode: Mode, listener: ScopeListener, transparentTo?: readonly string[]): Fold<ScopeMemory> {
  const output = visibleOutput(reference.outputs, () => {
    listener.sometimes.note('duplicates visible')
  })
  const restored = restoredCommits(reference.committers)
  const cut = smallCut(reference.places, reference.operators, mode === 'aligned')
  return {
    init: () => ({
      output: output.init(),
      job: jobEnd.init(),
      fates: checkpointFates.init(),
      commits: coveredCommits.init(),
      restored: restored.init(),
      whole: wholeCheckpoints.init(),
      cut: cut.init(),
      absorbed: absorbedOnce.init(),
      opened: openedBehind.init(),
      newestAttempt: 0,
    }),
    step(state, fact) {
      if (!isHistoryFact(fact)) return
      listener.sometimes.noteFact(fact)
      if (fact.kind === 'restore') state.newestAttempt = Math.max(state.newestAttempt, fact.attempt)
      else if (isHeardLate(state, fact)) listener.sometimes.note('an older attempt is heard late')
      output.step(state.output, fact)
      jobEnd.step(state.job, fact)
      openedBehind.step(state.opened, fact)
      if (mode !== 'off') stepCheckpoints(state, fact)
    },
    hears: (fact) => isHistoryFact(fact) && HEARD.has(fact.kind) && (fact.kind !== 'state-apply' || fact.again === true),
    verdict(state, terminal) {
      // What a precondition takes for granted is owed to nobody who breaks it: that all is there in the end. An end there must be.
      const owed = terminal && !state.opened.broken
      if (terminal) note(state)
      return (
        output.verdict(state.output, owed) ??
        jobEnd.verdict(state.job, terminal) ??
        checkpointFates.verdict(state.fates, terminal) ??
        coveredCommits.verdict(state.commits, terminal) ??
        restored.verdict(state.restored, terminal) ??
        wholeCheckpoints.verdict(state.whole, terminal) ??
        cut.verdict(state.cut, terminal) ??
        absorbedOnce.verdict(state.absorbed, terminal) ??
        (owed ? surplus(state) : undefined)
      )
    },
  }

  function stepCheckpoints(state: ScopeMemory, fact: HistoryFact): void {
    checkpointFates.step(state.fates, fact)
    coveredCommits.step(state.commits, fact)
    restored.step(state.restored, fact)
    wholeCheckpoints.step(state.whole, fact)
    cut.step(state.cut, fact)
    if (mode === 'aligned' && reference.positioned) absorbedOnce.step(state.absorbed, fact)
  }

  function surplus({ output: seen, job }: ScopeMemory): string | undefined {
    if (transparentTo === undefined || job.status !== 'FINISHED') return undefined
    const words = outputInWords(seen)
    return transparentTo.includes(words) ? undefined : notTransparent(words)
  }

  function note({ output: seen, job, opened }: ScopeMemory): void {
    if (opened.broken) {
      listener.sometimes.note('beyond the preconditions: opened behind its successor')
      if (output.verdict(seen, true) !== undefined) listener.sometimes.note('beyond the preconditions: lost')
      return
    }
    if (job.status === 'FINISHED') listener.sometimes.note('finished')
    listener.ended(job.status, outputInWords(seen))
  }
}

const NOT_TRANSPARENT = 'failures are not transparent: only with faults the output is '

/** What is wrong where a job has FINISHED with an output that there is not without faults. */
export function notTransparent(output: string): string {
  return `${NOT_TRANSPARENT}${output}`
}

/** Whether what is wrong is such an output: it takes all outputs without faults to tell. */
export function isNotTransparent(reason: string): boolean {
  return reason.startsWith(NOT_TRANSPARENT)
}

/** Facts that the oracles take in, or a listener together with what they remember. */
const HEARD: ReadonlySet<HistoryFact['kind']> = new Set([
  'visible',
  'job-status',
  'failure',
  'checkpoint-triggered',
  'checkpoint-completed',
  'checkpoint-aborted',
  'checkpoint-notified',
  'restore-chosen',
  'snapshot-durable',
  'commit-requested',
  'state-apply',
  'restore',
  'commit',
  'transaction-begun',
  'abort',
  'pre-commit',
  'file-put',
  'file-deleted',
])

/** Whether an outside system hears of an attempt although a later one was initialised already: in one region all go down together. */
function isHeardLate({ newestAttempt }: ScopeMemory, fact: HistoryFact): boolean {
  return (fact.kind === 'commit' || fact.kind === 'transaction-begun' || fact.kind === 'pre-commit') && fact.attempt < newestAttempt
}
