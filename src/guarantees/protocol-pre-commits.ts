import type { EventOf, HistoryEvent, HistoryHeader } from '../history/index.js'
import { createJobEpoch, createsJob, type JobEpoch } from './job-epoch.js'
import type { Finding, Oracle } from './oracle.js'
import { attemptName } from './names.js'
import { broken, ruleVerdict } from './protocol-rule.js'

/**
 * What a sink has written before its snapshot is pre-committed with it (`SinkWriterOperator.prepareSnapshotPreBarrier`,
 * `TwoPhaseCommitSinkFunction.snapshotState`): no checkpoint completes with a transaction that is still open then and has records of
 * before. A file may go on over many checkpoints, and so may the transactions of a sink that pre-commits one that it had left open.
 */
export interface PreCommits {
  readonly job: JobEpoch
  /** Sinks of files. */
  readonly files: ReadonlySet<string>
  /** What attempts of the current job have written into and not ended, by attempt and name. */
  readonly open: Map<string, Map<string, Open>>
  /** Sinks that pre-commit. */
  readonly committing: Set<string>
  /** Sinks that go on with a transaction over a checkpoint, and pre-commit it later: that is their way. */
  readonly goingOn: Set<string>
  readonly carried: Carried[]
}

interface Open {
  readonly vertex: string
  /** `seq` of its first record. */
  readonly wrote: number
  /** Its end came from elsewhere: the writer goes on until it learns of that. */
  aborted: boolean
  /** A checkpoint has completed over it. */
  carried: boolean
  /** Snapshots that its attempt has taken since. */
  readonly snapshots: { readonly checkpoint: number; readonly seq: number }[]
}

interface Carried {
  readonly vertex: string
  readonly message: string
  readonly evidence: readonly number[]
}

/** Sinks pre-commit before they take a snapshot. */
export const preCommits: Oracle<PreCommits> = {
  name: 'pre-commits',
  init: ({ operators }: HistoryHeader) => ({
    job: createJobEpoch(),
    files: new Set(operators.filter(({ observed }) => observed?.includes('finished-files') === true).map(({ name }) => name)),
    open: new Map(),
    committing: new Set(),
    goingOn: new Set(),
    carried: [],
  }),
  step: {
    'job-status': (state, event) => {
      if (createsJob(state.job, event)) state.open.clear()
    },
    'sink-write': (state, event) => {
      if (event.transaction !== undefined && !state.files.has(event.vertex)) stepWrite(state, event, event.transaction)
    },
    'transaction-begun': (state, event) => {
      state.open.get(attemptName(event))?.delete(event.transaction)
    },
    'pre-commit': (state, event) => {
      const all = state.open.get(attemptName(event))
      if (all?.get(event.transaction)?.carried === true) state.goingOn.add(event.vertex)
      all?.delete(event.transaction)
      state.committing.add(event.vertex)
    },
    abort: (state, { transaction }) => {
      for (const all of state.open.values()) {
        const open = all.get(transaction)
        if (open !== undefined) open.aborted = true
      }
    },
    'snapshot-taken': (state, event) => {
      const { checkpoint, seq } = event
      for (const open of state.open.get(attemptName(event))?.values() ?? []) open.snapshots.push({ checkpoint, seq })
    },
    'checkpoint-completed': stepCompleted,
  },
  verdict: (state) => ruleVerdict(findings(state)),
}

function stepWrite(state: PreCommits, event: EventOf<'sink-write'>, transaction: string): void {
  const who = attemptName(event)
  let all = state.open.get(who)
  if (all === undefined) state.open.set(who, (all = new Map<string, Open>()))
  if (!all.has(transaction)) all.set(transaction, { vertex: event.vertex, wrote: event.seq, aborted: false, carried: false, snapshots: [] })
}

function stepCompleted(state: PreCommits, { checkpoint, seq }: Extract<HistoryEvent, { kind: 'checkpoint-completed' }>): void {
  for (const [who, all] of state.open) {
    for (const [name, open] of all) {
      const { vertex, wrote } = open
      const snapshot = open.snapshots.find((each) => each.checkpoint === checkpoint)
      if (snapshot === undefined || open.aborted || open.carried) continue
      open.carried = true
      const message = `checkpoint ${String(checkpoint)} completed although ${who} had not pre-committed ${name} at its snapshot`
      state.carried.push({ vertex, message, evidence: [wrote, snapshot.seq, seq] })
    }
  }
}

function findings({ carried, committing, goingOn }: PreCommits): Finding[] {
  return carried
    .filter(({ vertex }) => committing.has(vertex) && !goingOn.has(vertex))
    .map(({ message, evidence }) => broken('pre-commit-at-snapshot', message, evidence))
}
