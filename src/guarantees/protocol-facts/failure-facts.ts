/** Facts about failures: who ends how, who goes on, who starts again. */
import type { ProtocolFact } from './protocol-fact.js'
import { recoveriesOf, type Recovery } from './recovery-view.js'
import { names, NOTHING, seen, tally, type EventOf, type RunView } from './run-view.js'

export const failureFacts: readonly ProtocolFact[] = [
  { name: 'job statuses', asks: 'which statuses does the job go through?', of: jobStatuses },
  { name: 'attempts', asks: 'how are attempts counted?', of: attempts },
  { name: 'restarted', asks: 'which tasks restart?', of: restartedTasks },
  { name: 'end of the failed task', asks: 'with which status does the failed attempt end?', of: (run) => endsOf(run, true) },
  { name: 'end of the others', asks: 'with which do the others end?', of: (run) => endsOf(run, false) },
  { name: 'cancelled by way of CANCELING', asks: 'is a cancelled attempt CANCELING before?', of: viaCanceling },
  { name: 'failed task closes', asks: 'does the failed attempt close its operators?', of: failedCloses },
  { name: 'records go on', asks: 'do other tasks handle records between the fault and the restart?', of: (run) => goesOn(run, RECORDS) },
  { name: 'snapshots go on', asks: 'do they take snapshots or pre-commit?', of: (run) => goesOn(run, ['snapshot-taken', 'pre-commit']) },
  { name: 'commits go on', asks: 'do they commit?', of: (run) => goesOn(run, ['commit']) },
  { name: 'completes after the fault', asks: 'does a checkpoint complete between the fault and the restart?', of: completesAfter },
  { name: 'sources before sinks', asks: 'do sources emit before all sinks are restored?', of: sourcesBeforeSinks },
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

/** Attempts that failed: those that say so before the job's other tasks are cancelled. */
function failedOf(run: RunView, { fault, restarted }: Recovery): readonly EventOf<'task-status'>[] {
  return run.of('task-status').filter(({ seq, status }) => seq > fault && seq < restarted && status === 'FAILED')
}

function endsOf(run: RunView, failed: boolean): string {
  return names(
    recoveriesOf(run).flatMap((recovery) => {
      const first = failedOf(run, recovery)[0]
      return run.of('task-status').flatMap((event) => {
        const { seq, status } = event
        const ended = status === 'FAILED' || status === 'CANCELED' || status === 'FINISHED'
        if (!ended || seq < recovery.fault || seq > recovery.restarted) return []
        return (first !== undefined && event === first) === failed ? [status] : []
      })
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
      const [failed] = failedOf(run, recovery)
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
      const [failed] = failedOf(run, recovery)
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
