/** Facts about failures: who ends how, who goes on, who starts again. */
import type { EventOf } from '../../history/index.js'
import type { ProtocolFact } from './protocol-fact.js'
import { recoveriesOf, type Recovery } from './recovery-view.js'
import { names, NOTHING, seen, tally, type RunView } from './run-view.js'

export const failureFacts: readonly ProtocolFact[] = [
  { name: 'job statuses', nature: 'rule', asks: 'which statuses does the job go through?', of: jobStatuses },
  { name: 'attempts', nature: 'rule', asks: 'how are attempts counted?', of: attempts },
  { name: 'restarted', nature: 'rule', asks: 'which tasks restart?', of: restartedTasks },
  {
    name: 'end of the failed task',
    nature: 'rule',
    asks: 'with which status does the failed attempt end?',
    of: (run) => endsOf(run, true),
  },
  {
    name: 'end of the others',
    nature: 'rule',
    asks: 'with which do the others end, unless they had finished?',
    of: (run) => endsOf(run, false),
  },
  { name: 'cancelled by way of CANCELING', nature: 'rule', asks: 'is a cancelled attempt CANCELING before?', of: viaCanceling },
  { name: 'failed task closes', nature: 'rule', asks: 'does the failed attempt close its operators?', of: failedCloses },
  {
    name: 'records go on',
    nature: 'timing',
    asks: 'do other tasks handle records between the fault and the restart?',
    of: (run) => goesOn(run, RECORDS),
  },
  {
    name: 'snapshots go on',
    nature: 'timing',
    asks: 'do they take snapshots or pre-commit?',
    of: (run) => goesOn(run, ['snapshot-taken', 'pre-commit']),
  },
  { name: 'commits go on', nature: 'timing', asks: 'do they commit?', of: (run) => goesOn(run, ['commit']) },
  {
    name: 'completes after the fault',
    nature: 'timing',
    asks: 'does a checkpoint complete between the fault and the restart?',
    of: completesAfter,
  },
  { name: 'sources before sinks', nature: 'timing', asks: 'do sources emit before all sinks are restored?', of: sourcesBeforeSinks },
]

const RECORDS = ['source-emit', 'state-apply', 'process', 'sink-write'] as const

/** CREATED is how a history begins; a simulated one does not say it. */
function jobStatuses(run: RunView): string {
  return run
    .of('job-status')
    .flatMap(({ status }) => (status === 'CREATED' ? [] : [status]))
    .join(', ')
}

function attempts(run: RunView): string {
  const started = run.of('task-status').filter(({ status }) => status === 'INITIALIZING')
  const known = new Map<string, number>()
  return names(
    started.map((event) => {
      const task = `${event.vertex}/${String(event.subtask)}/${String(run.job(event.seq))}`
      const next = (known.get(task) ?? -1) + 1
      known.set(task, event.attempt)
      return event.attempt === next ? 'from 0, one by one' : 'otherwise'
    }),
  )
}

function restartedTasks(run: RunView): string {
  const started = run.of('task-status').filter(({ status }) => status === 'INITIALIZING')
  return names(
    recoveriesOf(run).map(({ restarted, until }) => {
      const taskOf = ({ vertex, subtask }: { vertex: string; subtask: number }) => `${vertex}/${String(subtask)}`
      const before = new Set(started.filter(({ seq }) => seq < restarted).map(taskOf))
      const again = new Set(started.filter(({ seq }) => seq > restarted && seq < until).map(taskOf))
      return again.size === before.size ? 'all' : 'the region of the failed one'
    }),
  )
}

/** An attempt of a task. */
type TaskAttempt = Pick<EventOf<'task-status'>, 'vertex' | 'subtask' | 'attempt'>

/** The attempt that failed first; where none says so, one that a restart replaced without its having ended: its process is gone. */
function failedIn(run: RunView, { fault, restarted, until }: Recovery): TaskAttempt | undefined {
  const statuses = run.of('task-status')
  const failed = statuses.find(({ seq, status }) => seq > fault && seq < restarted && status === 'FAILED')
  if (failed !== undefined) return failed
  const again = statuses.filter(({ seq, status }) => seq > restarted && seq < until && status === 'INITIALIZING')
  for (const { vertex, subtask } of again) {
    const before = statuses.findLast((event) => event.seq < restarted && event.vertex === vertex && event.subtask === subtask)
    if (before !== undefined && !isEnd(before)) return before
  }
  return undefined
}

function isEnd({ status }: EventOf<'task-status'>): boolean {
  return status === 'FAILED' || status === 'CANCELED' || status === 'FINISHED'
}

function isSame(a: TaskAttempt, b: TaskAttempt): boolean {
  return a.vertex === b.vertex && a.subtask === b.subtask && a.attempt === b.attempt
}

function endsOf(run: RunView, ofFailed: boolean): string {
  return names(
    recoveriesOf(run).flatMap((recovery) => {
      const failed = failedIn(run, recovery)
      const ends = run.of('task-status').filter((event) => isEnd(event) && event.seq > recovery.fault && event.seq < recovery.restarted)
      const chosen = ends.filter((event) => (failed !== undefined && isSame(event, failed)) === ofFailed)
      if (ofFailed) return failed !== undefined && chosen.length === 0 ? ['nothing is heard of it'] : chosen.map(({ status }) => status)
      return chosen.flatMap(({ status }) => (status === 'FINISHED' ? [] : [status]))
    }),
  )
}

function viaCanceling(run: RunView): string {
  const canceling = new Set<string>()
  const answers: boolean[] = []
  for (const event of run.of('task-status')) {
    if (event.status === 'CANCELING') canceling.add(run.attemptName(event))
    else if (event.status === 'CANCELED') answers.push(canceling.has(run.attemptName(event)))
  }
  return tally(answers)
}

/** Where the recording shows closes at all. */
function failedCloses(run: RunView): string {
  const closed = run.of('closed')
  const closing = new Set(closed.map(({ vertex }) => vertex))
  return tally(
    recoveriesOf(run).flatMap((recovery) => {
      const failed = failedIn(run, recovery)
      if (failed === undefined) return []
      const operators = run.header.operators.filter(({ name, task }) => (task ?? name) === failed.vertex && closing.has(name))
      if (operators.length === 0) return []
      const own = operators.map(({ name }) =>
        closed.some(({ vertex, subtask, attempt }) => vertex === name && subtask === failed.subtask && attempt === failed.attempt),
      )
      return [own.every((answer) => answer)]
    }),
  )
}

/** What other tasks than the failed one do until the restart. */
function goesOn(
  run: RunView,
  kinds: readonly ('source-emit' | 'state-apply' | 'process' | 'sink-write' | 'snapshot-taken' | 'pre-commit' | 'commit')[],
): string {
  const recoveries = recoveriesOf(run)
  const shown = kinds.flatMap((kind) => [...run.of(kind)])
  if (recoveries.length === 0 || shown.length === 0) return NOTHING
  const taskOf = new Map(run.header.operators.map(({ name, task }) => [name, task ?? name]))
  return seen(
    recoveries.some((recovery) => {
      const failed = failedIn(run, recovery)
      return shown.some(({ seq, vertex, subtask }) => {
        if (seq < recovery.fault || seq > recovery.restarted) return false
        return failed === undefined || taskOf.get(vertex) !== failed.vertex || subtask !== failed.subtask
      })
    }),
  )
}

function completesAfter(run: RunView): string {
  const recoveries = recoveriesOf(run)
  if (recoveries.length === 0 || run.of('checkpoint-triggered').length === 0) return NOTHING
  return seen(recoveries.some(({ fault, restarted }) => run.of('checkpoint-completed').some(({ seq }) => seq > fault && seq < restarted)))
}

function sourcesBeforeSinks(run: RunView): string {
  const answers = recoveriesOf(run).flatMap(({ restarted, until }) => {
    const sinks = run.of('restore').filter(({ seq, vertex }) => seq > restarted && seq < until && run.role(vertex) === 'sink')
    const last = sinks.at(-1)?.seq
    if (last === undefined || run.of('restart').length === 0) return []
    const again = new Set(sinks.map(({ attempt }) => attempt))
    return [run.of('source-emit').some(({ seq, attempt }) => seq > restarted && seq < last && again.has(attempt))]
  })
  return answers.length === 0 ? NOTHING : seen(answers.includes(true))
}
