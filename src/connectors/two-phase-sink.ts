import type { Where } from '../history/index.js'
import type { OperatorContext } from '../engine/operator.js'
import type { StreamRecord } from '../engine/record.js'
import type { Committer, CommitSignal, Sink, SinkWriter } from '../engine/sink.js'
import type { StoreAnswer, StoreRequest, TransactionKey } from '../systems/index.js'
import type { ActorRef } from '../world/index.js'
import { whereOf } from './where.js'
import { recordSinkWrite } from './sink-write.js'

/** A transaction that waits for its commit. */
export type TwoPhaseCommittable = { readonly transaction: string; readonly subtask: number }

/** Options of the sink. */
export interface TwoPhaseSinkOptions {
  /** The store; one for this sink alone. */
  readonly store: ActorRef<StoreRequest>
  /** Records that go into one write request. */
  readonly batch: number
}

/** State of the writer. */
export interface TwoPhaseWriter {
  readonly where: Where
  /** Given by the store when the session is open; 0 before. */
  session: number
  /** The newest checkpoint this writer has prepared, or was restored from. */
  last: number
  /** The open transaction; '' before the first record. */
  transaction: string
  /** Records of it that the store has. */
  written: number
  /** Records of it that were not sent yet. */
  buffer: StreamRecord[]
  /** Records in the request that waits for its answer; 0 for requests without; -1 when nothing waits. */
  inFlight: number
  flushing: boolean
  /** Pre-committed, not yet handed out. */
  ready: TwoPhaseCommittable[]
  failure: string | undefined
}

/** State of the committer: what it has asked for. */
export interface TwoPhaseCommitter {
  asked: string
}

/** The sink. */
export type TwoPhaseSink = Sink<TwoPhaseWriter, TwoPhaseCommittable, StoreAnswer, TwoPhaseCommitter, StoreAnswer>

/**
 * The two-phase sink of the recorded job: a writer and a committer on the external store. Transactions are named
 * `<uid>-t<subtask>-<checkpoint expected>-<session>` and begin with the first record after a barrier. An unanswered or refused write
 * fails the task; a commit without a clear answer is asked for again.
 */
export function twoPhaseSink(options: TwoPhaseSinkOptions): TwoPhaseSink {
  return { writer: twoPhaseWriter(options), committer: twoPhaseCommitter(options) }
}

function twoPhaseWriter({ store, batch }: TwoPhaseSinkOptions): SinkWriter<TwoPhaseWriter, TwoPhaseCommittable, StoreAnswer> {
  /** Sends what is due, one request at a time. */
  function advance(state: TwoPhaseWriter, context: OperatorContext): void {
    if (state.inFlight >= 0) return
    if (state.buffer.length >= batch || (state.flushing && state.buffer.length > 0)) sendWrite(state, context)
    else if (state.flushing) sendPreCommit(state, context)
  }

  function sendWrite(state: TwoPhaseWriter, context: OperatorContext): void {
    const { where, session, transaction, last, written: from, buffer: records } = state
    const caller = context.caller<StoreAnswer>()
    context.call(store, { kind: 'write', caller, where, session, transaction, expected: last + 1, from, records })
    state.inFlight = records.length
    state.buffer = []
  }

  function sendPreCommit(state: TwoPhaseWriter, context: OperatorContext): void {
    const { where, transaction, written: records } = state
    if (transaction === '') {
      state.flushing = false
      return
    }
    context.call(store, { kind: 'pre-commit', caller: context.caller<StoreAnswer>(), where, transaction, records })
    state.inFlight = 0
  }

  return {
    open(context) {
      const where = whereOf(context)
      const restored = context.restored ?? 0
      context.call(store, {
        kind: 'open-session',
        caller: context.caller<StoreAnswer>(),
        where,
        parallelism: context.parallelism,
        restored,
      })
      return {
        where,
        session: 0,
        last: restored,
        transaction: '',
        written: 0,
        buffer: [],
        inFlight: 0,
        flushing: false,
        ready: [],
        failure: undefined,
      }
    },
    write(state, record, context) {
      const { where, session, last } = state
      if (state.transaction === '') state.transaction = transactionName(context, last + 1, session)
      recordSinkWrite(context, where, record, state.transaction)
      state.buffer.push(record)
      advance(state, context)
    },
    flush(state, _endOfInput, context) {
      state.flushing = true
      advance(state, context)
    },
    prepareCommit(state, checkpoint) {
      const { ready } = state
      state.ready = []
      state.last = checkpoint
      return ready
    },
    snapshot: (state) => [state.last],
    busy: (state) => state.session === 0 || state.flushing,
    failure: (state) => state.failure,
    answer(state, answer, context) {
      if (state.inFlight < 0 || state.failure !== undefined) return
      if ('kind' in answer) {
        state.failure = 'connection to the external store lost'
        return
      }
      takeAnswer(state, answer)
      state.inFlight = -1
      if (state.failure === undefined) advance(state, context)
    },
  }
}

/** No two attempts share a session, no two sinks of a job a uid. */
function transactionName({ uid, subtask }: OperatorContext, checkpoint: number, session: number): string {
  return `${uid}-t${String(subtask)}-${String(checkpoint)}-${String(session)}`
}

function takeAnswer(state: TwoPhaseWriter, answer: StoreAnswer): void {
  switch (answer.type) {
    case 'session':
      state.session = answer.session
      return
    case 'written':
      state.written += state.inFlight
      return
    case 'pre-committed':
      state.ready.push({ transaction: state.transaction, subtask: state.where.subtask })
      state.transaction = ''
      state.written = 0
      state.flushing = false
      return
    case 'refused':
      state.failure = `external store refused ${answer.transaction}: ${answer.reason}`
      return
    case 'timeout':
      state.failure = `external store did not answer for ${answer.transaction}`
      return
    case 'commit':
    case 'aborted':
    case 'append':
  }
}

function twoPhaseCommitter({ store }: TwoPhaseSinkOptions): Committer<TwoPhaseCommitter, TwoPhaseCommittable, StoreAnswer> {
  return {
    open: () => ({ asked: '' }),
    commit(state, { transaction, subtask }: TransactionKey, _retries, context) {
      context.call(store, { kind: 'commit', caller: context.caller<StoreAnswer>(), where: whereOf(context), transaction, subtask })
      state.asked = transaction
    },
    answer(state, answer) {
      if (state.asked === '') return undefined
      const signal = 'kind' in answer ? 'retry-later' : signalOf(answer, state.asked)
      if (signal !== undefined) state.asked = ''
      return signal
    },
    nameOf: ({ transaction }) => transaction,
  }
}

/** An answer to an earlier try may come late: one for another transaction ends nothing. */
function signalOf(answer: StoreAnswer, asked: string): CommitSignal | undefined {
  switch (answer.type) {
    case 'commit':
      if (answer.transaction !== asked) return undefined
      if (answer.result === 'applied') return 'committed'
      return answer.result === 'already' ? 'already-committed' : 'failed-with-unknown-reason'
    case 'refused':
    case 'timeout':
      return answer.transaction === asked ? 'retry-later' : undefined
    default:
      return undefined
  }
}
