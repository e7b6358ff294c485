/** Facts about checkpoints themselves: ids, order, aborts. */
import type { EventOf } from '../../history/index.js'
import type { ProtocolFact } from './protocol-fact.js'
import { recoveriesOf } from './recovery-view.js'
import { names, NOTHING, seen, tally, type RunView } from './run-view.js'
import { transactionsOf } from './transaction-view.js'

export const checkpointFacts: readonly ProtocolFact[] = [
  { name: 'ids', nature: 'timing', asks: 'how do checkpoint ids count?', of: ids },
  { name: 'ids after a restart', nature: 'rule', asks: 'do they go on after a restart?', of: idsAfterRestart },
  { name: 'most at once', nature: 'rule', asks: 'how many checkpoints are pending at the same time?', of: mostAtOnce },
  {
    name: 'writes between pre-commit and snapshot',
    nature: 'rule',
    asks: 'does a writer write between its pre-commit and its snapshot?',
    of: writesBetween,
  },
  {
    name: 'commits of completed checkpoints only',
    nature: 'rule',
    asks: 'is a commit asked for only when its checkpoint is complete?',
    of: commitsOfCompleted,
  },
  { name: 'snapshots overtake', nature: 'timing', asks: 'is a snapshot downstream seen before one upstream?', of: snapshotsOvertake },
  { name: 'aborts', nature: 'timing', asks: 'why are checkpoints aborted, other than at the end of the job?', of: aborts },
  {
    name: 'pending at a failure',
    nature: 'timing',
    asks: 'what becomes of a checkpoint that is pending when the job fails?',
    of: pendingAtFailure,
  },
  { name: 'final checkpoint', nature: 'rule', asks: 'does a checkpoint behind the end of input complete?', of: finalCheckpoint },
  { name: 'checkpoint at the end', nature: 'timing', asks: 'is one triggered that the end of the job leaves incomplete?', of: leftAtEnd },
]

function ids(run: RunView): string {
  const answers = run.jobStarts.map((_, index) => {
    const triggered = run.of('checkpoint-triggered').filter(({ seq }) => run.job(seq) === index + 1)
    if (triggered.length === 0) return []
    const first = index > 0 ? 'on from the restored one' : triggered[0]?.checkpoint === 1 ? 'from 1' : 'not from 1'
    const gaps = triggered.some(({ checkpoint }, at) => at > 0 && checkpoint !== (triggered[at - 1]?.checkpoint ?? 0) + 1)
    return [`${first}, ${gaps ? 'with gaps' : 'one by one'}`]
  })
  return names(answers.flat())
}

function idsAfterRestart(run: RunView): string {
  const triggered = run.of('checkpoint-triggered')
  return tally(
    recoveriesOf(run).flatMap(({ restarted }) => {
      const before = triggered.filter(({ seq }) => seq < restarted).at(-1)
      const after = triggered.find(({ seq }) => seq > restarted)
      return before === undefined || after === undefined ? [] : [after.checkpoint > before.checkpoint]
    }),
  )
}

/** Ends of checkpoints, by job and id. */
function endOf(
  run: RunView,
  { checkpoint, seq }: { readonly checkpoint: number; readonly seq: number },
): EventOf<'checkpoint-completed'> | EventOf<'checkpoint-aborted'> | undefined {
  const job = run.job(seq)
  const same = (event: { readonly checkpoint: number; readonly seq: number }) =>
    event.checkpoint === checkpoint && run.job(event.seq) === job
  return run.of('checkpoint-completed').find(same) ?? run.of('checkpoint-aborted').find(same)
}

function mostAtOnce(run: RunView): string {
  const pending = new Set<number>()
  let most = 0
  for (const event of run.events) {
    if (event.kind === 'checkpoint-triggered') pending.add(event.checkpoint)
    else if (event.kind === 'checkpoint-completed' || event.kind === 'checkpoint-aborted') pending.delete(event.checkpoint)
    else if (event.kind === 'job-status' && event.status === 'CREATED') pending.clear()
    most = Math.max(most, pending.size)
  }
  return most === 0 ? NOTHING : String(most)
}

function writesBetween(run: RunView): string {
  const open = new Map<string, boolean>()
  const answers: boolean[] = []
  for (const event of run.events) {
    if (event.kind === 'pre-commit') open.set(run.attemptName(event), false)
    else if (event.kind === 'sink-write' && open.has(run.attemptName(event))) open.set(run.attemptName(event), true)
    else if (event.kind === 'snapshot-taken') {
      const wrote = open.get(run.attemptName(event))
      if (wrote !== undefined) answers.push(wrote)
      open.delete(run.attemptName(event))
    }
  }
  return tally(answers)
}

function commitsOfCompleted(run: RunView): string {
  const completed = run.of('checkpoint-completed')
  return tally(
    transactionsOf(run).flatMap(({ checkpoint, preCommit, requests }) => {
      if (checkpoint === undefined || preCommit === undefined) return []
      const job = run.job(preCommit.seq)
      const done = completed.find((event) => event.checkpoint >= checkpoint && run.job(event.seq) === job)
      return requests.map(({ seq }) => done !== undefined && done.seq < seq)
    }),
  )
}

/** A barrier leaves a source before the source's own snapshot is told: the one of the operator behind it may be first. */
function snapshotsOvertake(run: RunView): string {
  const first = new Map<string, number>()
  const last = new Map<string, number>()
  for (const { vertex, seq, checkpoint } of run.of('snapshot-taken')) {
    const id = `${vertex}/${String(run.job(seq))}/${String(checkpoint)}`
    if (!first.has(id)) first.set(id, seq)
    last.set(id, seq)
  }
  const stateful = run.header.operators.find((operator) => operator.stateful === true)?.name ?? ''
  const sources = run.header.operators.filter(({ role }) => role === 'source').map(({ name }) => name)
  const answers = run.of('checkpoint-triggered').flatMap(({ checkpoint, seq }) =>
    sources.flatMap((source) => {
      const at = `/${String(run.job(seq))}/${String(checkpoint)}`
      const upstream = last.get(`${source}${at}`)
      const downstream = first.get(`${stateful}${at}`)
      return upstream === undefined || downstream === undefined ? [] : [downstream < upstream]
    }),
  )
  return answers.length === 0 ? NOTHING : seen(answers.includes(true))
}

const AT_THE_END = 'at the end'

/** Flink's words for the reasons, by what they begin with; recordings tell the text, simulated runs the name. */
const REASONS: readonly (readonly [RegExp, string])[] = [
  [/^(?:CHECKPOINT_EXPIRED|Checkpoint expired)/, 'expired'],
  [/^(?:CHECKPOINT_COORDINATOR_SUSPEND|Checkpoint Coordinator is suspending)/, 'failure of the job'],
  [/^(?:CHECKPOINT_ASYNC_EXCEPTION|Asynchronous task checkpoint failed)/, 'asynchronous part failed'],
  [/^(?:CHECKPOINT_DECLINED_TASK_CLOSING|Checkpoint was declined \(task is closing)/, AT_THE_END],
  [/^(?:CHECKPOINT_DECLINED|Checkpoint was declined)/, 'declined'],
  [/^(?:CHECKPOINT_SUBSUMED|Checkpoint has been subsumed)/, 'subsumed'],
  [/^TaskManager received a checkpoint request for unknown task/, AT_THE_END],
]

/** `seq` at which the first reader or task is at its end. */
function beginsToEnd(run: RunView): number {
  const input = run.of('end-of-input').find(({ vertex }) => run.role(vertex) === 'source')?.seq ?? Infinity
  const task = run.of('task-status').find(({ status }) => status === 'FINISHED')?.seq ?? Infinity
  return Math.min(input, task)
}

/** A checkpoint that meets a task at its end is not counted here: see `checkpoint at the end`. */
function aborts(run: RunView): string {
  const ended = beginsToEnd(run)
  return names(
    run.of('checkpoint-aborted').flatMap(({ reason, seq }) => {
      const why = REASONS.find(([text]) => text.test(reason))?.[1] ?? reason
      return seq < ended && why !== AT_THE_END ? [why] : []
    }),
  )
}

function pendingAtFailure(run: RunView): string {
  return names(
    recoveriesOf(run).flatMap(({ fault, restarted }) =>
      run.of('checkpoint-triggered').flatMap((triggered) => {
        if (triggered.seq > fault || run.job(triggered.seq) !== run.job(fault)) return []
        const end = endOf(run, triggered)
        if (end === undefined || end.seq < fault) return []
        if (end.kind === 'checkpoint-completed') return end.seq < restarted ? ['completes'] : ['completes behind the restart']
        return ['aborted']
      }),
    ),
  )
}

function finalCheckpoint(run: RunView): string {
  const end = run
    .of('end-of-input')
    .filter(({ vertex }) => run.role(vertex) === 'source')
    .at(-1)?.seq
  if (end === undefined || run.of('checkpoint-triggered').length === 0) return NOTHING
  return seen(run.of('checkpoint-completed').some(({ seq }) => seq > end))
}

function leftAtEnd(run: RunView): string {
  const end = run.of('job-status').findLast(({ status }) => status === 'FINISHED')?.seq
  const triggered = run.of('checkpoint-triggered')
  if (end === undefined || triggered.length === 0) return NOTHING
  return seen(
    triggered.some((event) => {
      const over = endOf(run, event)
      return over?.kind !== 'checkpoint-completed' && (over?.seq ?? Infinity) > beginsToEnd(run)
    }),
  )
}
