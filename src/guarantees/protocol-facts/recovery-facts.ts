/** Facts about what a restart restores, and what it does with transactions that were pre-committed before it. */
import type { EventOf, SnapshotContent } from '../../history/index.js'
import type { ProtocolFact } from './protocol-fact.js'
import { recoveriesOf, type Recovery } from './recovery-view.js'
import { names, NOTHING, tally, type RunView } from './run-view.js'
import { committedAt, transactionsOf, type TransactionView } from './transaction-view.js'

/** What became of a transaction of the restored checkpoint. */
interface Restored {
  readonly transaction: TransactionView
  /** It had taken effect before the restart. */
  readonly before: boolean
  /** Requests and answers since the restart, of attempts that the restart made. */
  readonly requests: readonly EventOf<'commit-requested'>[]
  readonly commits: readonly EventOf<'commit'>[]
  /** The writer of the new attempt. */
  readonly writer: EventOf<'restore'> | undefined
}

export const recoveryFacts: readonly ProtocolFact[] = [
  { name: 'restored checkpoint', nature: 'rule', asks: 'which checkpoint does a restart restore?', of: restoredCheckpoint },
  { name: 'restored by all', nature: 'rule', asks: 'does every operator restore the checkpoint that was chosen?', of: restoredByAll },
  { name: 'restored state', nature: 'rule', asks: 'is restored state that of the snapshot?', of: restoredState },
  { name: 'committer restored first', nature: 'rule', asks: 'is a committer restored before the writer of its task?', of: committerFirst },
  {
    name: 'commits before the writer',
    nature: 'rule',
    asks: 'are restored transactions committed before the writer exists?',
    of: commitsBeforeWriter,
  },
  {
    name: 'commits repeated',
    nature: 'rule',
    asks: 'is each transaction of the restored checkpoint committed again?',
    of: commitsRepeated,
  },
  {
    name: 'results of repeated commits',
    nature: 'rule',
    asks: 'what does the outside answer to a commit that it had done?',
    of: repeatedResults,
  },
  {
    name: 'results of first commits',
    nature: 'rule',
    asks: 'what does it answer where the failure had come before the commit?',
    of: firstResults,
  },
  {
    name: 'committed before the failure',
    nature: 'timing',
    asks: 'had the restored transactions been committed already?',
    of: committedBefore,
  },
  { name: 'left transactions', nature: 'timing', asks: 'who ends transactions that no checkpoint holds?', of: leftTransactions },
  { name: 'splits after a restart', nature: 'rule', asks: 'how do readers come by their splits?', of: splitsAfterRestart },
]

/** The checkpoint that a restart chose, by its relation to those that had completed. */
function restoredCheckpoint(run: RunView): string {
  return names(recoveriesOf(run).map(({ chosen }) => relationOf(run, chosen)))
}

function relationOf(run: RunView, { checkpoint, seq }: EventOf<'restore-chosen'>): string {
  const job = run.job(seq)
  const completed = run
    .of('checkpoint-completed')
    .filter((done) => done.seq < seq && run.job(done.seq) === job && (done.savepoint !== true || done.synchronous === true))
  const newest = completed.at(-1)?.checkpoint
  if (checkpoint === undefined) return newest === undefined ? 'nothing, where none had completed' : 'nothing, though one had completed'
  if (newest === checkpoint) return 'the newest completed'
  return newest === undefined || checkpoint > newest ? 'one that had not completed' : 'an older one'
}

function restoresOf(run: RunView, { restarted, until }: Recovery): readonly EventOf<'restore'>[] {
  return run.of('restore').filter(({ seq }) => seq > restarted && seq < until)
}

/** Operators without state say nothing about a checkpoint in a recording, ever: they are not asked. */
function restoredByAll(run: RunView): string {
  const telling = new Set(run.of('restore').flatMap(({ vertex, checkpoint }) => (checkpoint === undefined ? [] : [vertex])))
  return tally(
    recoveriesOf(run).flatMap((recovery) =>
      restoresOf(run, recovery)
        .filter(({ vertex }) => telling.size === 0 || telling.has(vertex))
        .map(({ checkpoint }) => checkpoint === recovery.chosen.checkpoint),
    ),
  )
}

function restoredState(run: RunView): string {
  const snapshots = new Map<string, SnapshotContent>()
  for (const { vertex, subtask, checkpoint, content, seq } of [...run.of('snapshot-taken'), ...run.of('snapshot-durable')]) {
    if (content !== undefined) snapshots.set(`${vertex}/${String(subtask)}/${String(checkpoint)}/${String(run.job(seq))}`, content)
  }
  const answers = recoveriesOf(run).flatMap((recovery) =>
    restoresOf(run, recovery).flatMap(({ vertex, subtask, checkpoint, content, seq }) => {
      const snapshot = snapshots.get(`${vertex}/${String(subtask)}/${String(checkpoint)}/${String(run.job(seq))}`)
      if (snapshot === undefined || content === undefined || (snapshot.counts ?? snapshot.offsets) === undefined) return []
      return [JSON.stringify(snapshot.counts ?? snapshot.offsets) === JSON.stringify(content.counts ?? content.offsets)]
    }),
  )
  return tally(answers)
}

function committerFirst(run: RunView): string {
  const answers = recoveriesOf(run).flatMap((recovery) => {
    const restores = restoresOf(run, recovery)
    const committers = restores.filter(({ vertex }) => run.role(vertex) === 'committer')
    const writers = restores.filter(({ vertex }) => run.role(vertex) === 'sink')
    return writers.flatMap((writer) => {
      const committer = committers.find((other) => other.subtask === writer.subtask && other.attempt === writer.attempt)
      return committer === undefined ? [] : [committer.seq < writer.seq]
    })
  })
  return tally(answers)
}

/** Transactions of the checkpoints that restarts chose, for each restart. */
function restoredTransactions(run: RunView): readonly Restored[] {
  const transactions = transactionsOf(run)
  return recoveriesOf(run).flatMap((recovery) => {
    const { chosen, restarted, until } = recovery
    const writers = restoresOf(run, recovery).filter(({ vertex }) => run.role(vertex) === 'sink')
    return transactions
      .filter(
        ({ checkpoint, preCommit }) =>
          checkpoint !== undefined &&
          checkpoint === chosen.checkpoint &&
          preCommit !== undefined &&
          run.job(preCommit.seq) === run.job(recovery.restarted),
      )
      .flatMap((transaction) => {
        const since = ({ seq }: { readonly seq: number }) => seq > restarted && seq < until
        const writer = writers.find(({ subtask }) => subtask === transaction.preCommit?.subtask)
        // A region that did not fail goes on: its transactions are none of this restart's.
        if (writer === undefined) return []
        const at = committedAt(transaction)
        const { attempt } = writer
        const commits = transaction.commits.filter((commit) => since(commit) && commit.attempt === attempt)
        const requests = transaction.requests.filter((request) => since(request) && request.attempt === attempt)
        return [{ transaction, before: at !== undefined && at < (commits[0]?.seq ?? restarted), requests, commits, writer }]
      })
  })
}

function commitsBeforeWriter(run: RunView): string {
  return tally(
    restoredTransactions(run).flatMap(({ commits, writer }) => commits.map(({ seq }) => writer === undefined || seq < writer.seq)),
  )
}

function commitsRepeated(run: RunView): string {
  return tally(restoredTransactions(run).map(({ requests }) => requests.length > 0))
}

function repeatedResults(run: RunView): string {
  return names(restoredTransactions(run).flatMap(({ before, commits }) => (before ? commits.map(({ result }) => result) : [])))
}

function firstResults(run: RunView): string {
  return names(restoredTransactions(run).flatMap(({ before, commits }) => (before ? [] : commits.map(({ result }) => result))))
}

function committedBefore(run: RunView): string {
  return tally(restoredTransactions(run).map(({ before }) => before))
}

function leftTransactions(run: RunView): string {
  return names(run.of('abort').map(({ why }) => why))
}

/** With the state of a reader, or from the coordinator, which may have got them back. */
function splitsAfterRestart(run: RunView): string {
  const returned = run.of('split-returned')
  const assigned = run.of('split-assigned')
  if (assigned.length === 0) return NOTHING
  return names(
    recoveriesOf(run).map(({ fault, restarted, until, chosen }) => {
      const within = ({ seq }: { seq: number }) => seq > fault && seq < until
      const back = returned.some(within)
      const again = assigned.some((event) => within(event) && event.seq > restarted)
      const start = chosen.checkpoint === undefined ? 'empty start' : 'restore'
      if (!back && !again) return `${start}: with their state`
      return `${start}: ${back ? 'returned, ' : ''}${again ? 'assigned again' : 'not assigned'}`
    }),
  )
}
