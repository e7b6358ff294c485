/**
 * Causal chains, written by hand from what each break changes, before any explanation was looked at: which events lead to the violation,
 * in order. Explanations are compared with them; they never see them, nor which break is in force.
 */
import type { HistoryKind } from '../../src/history/index.js'

/** What leads to the violation that a break makes. */
export interface CausalChain {
  /** The break. */
  readonly id: string
  /** The rule that names it. */
  readonly rule: string
  /** What its message says, where the rule names several things and the chain leads to one of them. */
  readonly says?: string
  /** Kinds of events, in the order in which they happen. */
  readonly chain: readonly HistoryKind[]
  /** In the order in which they happen at the end of the input, where that is another one. */
  readonly atTheEnd?: readonly HistoryKind[]
}

/** The classic breaks. */
export const classicChains: readonly CausalChain[] = [
  // A barrier goes out, Count takes its snapshot at the first one, and the checkpoint completes without what was still on its way.
  { id: 'alignment-at-first-barrier', rule: 'consistent-cut', chain: ['checkpoint-triggered', 'snapshot-taken', 'checkpoint-completed'] },
  {
    id: 'ack-before-durable',
    rule: 'acknowledge-when-durable',
    chain: ['checkpoint-triggered', 'snapshot-taken', 'checkpoint-acknowledged'],
  },
  // The position that is stored is one too low: after the recovery the record is read and absorbed again.
  {
    id: 'offset-before-emit',
    rule: 'state-exactly-once',
    chain: ['checkpoint-triggered', 'checkpoint-completed', 'fault', 'restore-chosen', 'state-apply'],
  },
  {
    id: 'commit-at-pre-commit',
    rule: 'commit-after-completion',
    chain: ['checkpoint-triggered', 'pre-commit', 'commit'],
    atTheEnd: ['pre-commit', 'checkpoint-triggered', 'commit'],
  },
  {
    id: 'no-commit-on-restore',
    rule: 'restored-committables-first',
    chain: ['checkpoint-triggered', 'pre-commit', 'checkpoint-completed', 'fault', 'restore-chosen', 'restore'],
  },
  // The completion of an earlier checkpoint is told while the later one is under way.
  {
    id: 'commits-later-checkpoints',
    rule: 'commit-after-completion',
    chain: ['checkpoint-triggered', 'pre-commit', 'checkpoint-notified', 'commit'],
  },
  {
    id: 'late-ack-completes',
    rule: 'one-outcome',
    says: 'completed after it had been aborted',
    chain: ['checkpoint-triggered', 'fault', 'checkpoint-aborted', 'checkpoint-completed'],
  },
  { id: 'checkpoint-id-reused', rule: 'ids-increase', chain: ['checkpoint-triggered', 'fault', 'checkpoint-triggered'] },
  // The barrier of one source never comes. (Its checkpoint is aborted then, and that does not help; but without it the channels wait, too.
  // As it was first written the chain ended with the abort.)
  { id: 'no-unblock-after-abort', rule: 'progress', chain: ['checkpoint-triggered', 'fault'] },
  {
    id: 'unknown-commit-is-success',
    rule: 'unknown-commit-is-repeated',
    chain: ['checkpoint-triggered', 'pre-commit', 'checkpoint-completed', 'commit-requested', 'fault'],
    atTheEnd: ['pre-commit', 'checkpoint-triggered', 'checkpoint-completed', 'commit-requested', 'fault'],
  },
  {
    id: 'async-reads-live-state',
    rule: 'snapshot-is-a-view',
    chain: ['checkpoint-triggered', 'snapshot-taken', 'state-apply', 'snapshot-durable'],
  },
]

/** Others. */
export const moreChains: readonly CausalChain[] = [
  { id: 'tracker-first-barrier', rule: 'consistent-cut', chain: ['checkpoint-triggered', 'snapshot-taken', 'checkpoint-completed'] },
  { id: 'aligned-not-cleared', rule: 'consistent-cut', chain: ['checkpoint-triggered', 'snapshot-taken', 'checkpoint-completed'] },
  {
    id: 'newer-barrier-keeps-alignment',
    rule: 'consistent-cut',
    chain: ['checkpoint-triggered', 'snapshot-taken', 'checkpoint-completed'],
  },
  // What comes behind a barrier is absorbed while the other channel's barrier is awaited.
  {
    id: 'barrier-does-not-block',
    rule: 'consistent-cut',
    chain: ['checkpoint-triggered', 'state-apply', 'snapshot-taken', 'checkpoint-completed'],
  },
  { id: 'channel-drops-when-full', rule: 'consistent-cut', chain: ['source-emit', 'checkpoint-triggered', 'checkpoint-completed'] },
  { id: 'complete-without-last-ack', rule: 'complete-when-acknowledged', chain: ['checkpoint-triggered', 'checkpoint-completed'] },
  { id: 'notify-before-store', rule: 'notify-only-completed', chain: ['checkpoint-triggered', 'checkpoint-notified'] },
  {
    id: 'upload-failure-ignored',
    rule: 'acknowledge-when-durable',
    chain: ['checkpoint-triggered', 'snapshot-taken', 'fault', 'checkpoint-acknowledged'],
  },
  {
    id: 'unknown-upload-is-durable',
    rule: 'acknowledge-when-durable',
    chain: ['checkpoint-triggered', 'snapshot-taken', 'fault', 'checkpoint-acknowledged'],
  },
  {
    id: 'notified-twice',
    rule: 'notify-once',
    chain: ['checkpoint-triggered', 'checkpoint-completed', 'checkpoint-notified', 'checkpoint-notified'],
  },
  {
    id: 'checkpoints-not-suspended',
    rule: 'completes-while-running',
    chain: ['checkpoint-triggered', 'fault', 'checkpoint-completed'],
  },
  { id: 'pending-survives-failover', rule: 'completes-while-running', chain: ['checkpoint-triggered', 'fault', 'checkpoint-completed'] },
  { id: 'restored-without-state', rule: 'restore-as-chosen', chain: ['checkpoint-completed', 'fault', 'restore-chosen', 'restore'] },
  { id: 'restores-neighbours-state', rule: 'restored-as-stored', chain: ['checkpoint-completed', 'fault', 'restore-chosen', 'restore'] },
  { id: 'nothing-restored', rule: 'restore-newest', chain: ['checkpoint-completed', 'fault', 'restore-chosen'] },
  { id: 'newest-subsumed', rule: 'restore-newest', chain: ['checkpoint-completed', 'fault', 'restore-chosen'] },
  { id: 'oldest-checkpoint-restored', rule: 'restore-newest', chain: ['checkpoint-completed', 'fault', 'restore-chosen'] },
  {
    id: 'view-takes-last-change',
    rule: 'snapshot-is-a-view',
    chain: ['checkpoint-triggered', 'snapshot-taken', 'state-apply', 'snapshot-durable'],
  },
  // The id is given again when its checkpoint did not complete: the JobManager dies. (As it was first written the chain did not say why.)
  { id: 'id-not-advanced', rule: 'ids-increase', chain: ['checkpoint-triggered', 'fault', 'checkpoint-triggered'] },
  { id: 'timers-not-restored', rule: 'output-at-least-once', chain: ['checkpoint-completed', 'fault', 'restore-chosen'] },
  {
    id: 'failed-commit-dropped',
    rule: 'unknown-commit-is-repeated',
    chain: ['checkpoint-triggered', 'pre-commit', 'checkpoint-completed', 'commit-requested', 'fault'],
    atTheEnd: ['pre-commit', 'checkpoint-triggered', 'checkpoint-completed', 'commit-requested', 'fault'],
  },
]
