/**
 * The states of the protocol that a run passes through, each as one number: what is left of a history when times, identities and
 * counts above two are forgotten. A run that shows a new one has done something that none did before.
 */
import type { HistoryEvent, Where } from '../../history/index.js'
import { hashString, mix } from '../../world/index.js'

/** What a task was last seen at. */
type TaskPhase = 'deploying' | 'running' | 'taken' | 'durable' | 'acknowledged' | 'notified' | 'ended'
const PHASES: readonly TaskPhase[] = ['deploying', 'running', 'taken', 'durable', 'acknowledged', 'notified', 'ended']

/** Follows a history. */
export class ProtocolStates {
  /** All states so far. */
  readonly seen = new Set<number>()
  private readonly tasks = new Map<string, TaskPhase>()
  private readonly pending = new Set<number>()
  private readonly prepared = new Set<string>()
  private readonly committing = new Set<string>()
  private job = ''
  /** Failures since a checkpoint completed. */
  private failures = 0

  /** Takes an event in. */
  step(event: HistoryEvent): void {
    const detail = this.follow(event)
    if (detail !== undefined) this.seen.add(this.state(`${event.kind} ${detail}`))
  }

  /** What of the event counts besides the state behind it; undefined when it is none of the protocol's. */
  private follow(event: HistoryEvent): string | undefined {
    switch (event.kind) {
      case 'checkpoint-triggered':
        this.pending.add(event.checkpoint)
        return ''
      case 'checkpoint-completed':
        this.failures = 0
        this.pending.delete(event.checkpoint)
        return ''
      case 'checkpoint-aborted':
        this.pending.delete(event.checkpoint)
        return event.reason
      case 'snapshot-taken':
        return this.at(event, 'taken')
      case 'snapshot-durable':
        return this.at(event, 'durable')
      case 'checkpoint-acknowledged':
        return this.at(event, 'acknowledged')
      case 'checkpoint-notified':
        return this.at(event, 'notified', event.outcome)
      case 'checkpoint-declined':
        return this.at(event, 'running')
      case 'pre-commit':
        this.prepared.add(event.transaction)
        return ''
      case 'commit-requested':
        this.committing.add(event.transaction)
        return ''
      case 'commit':
      case 'abort':
        this.prepared.delete(event.transaction)
        this.committing.delete(event.transaction)
        return event.kind === 'commit' ? event.result : event.why
      case 'restore':
        return this.at(event, 'deploying', event.checkpoint === undefined ? 'empty' : 'from')
      case 'restore-chosen':
        return event.checkpoint === undefined ? 'none' : 'some'
      case 'failure':
        this.failures++
        return this.at(event, 'ended')
      case 'task-status':
        return this.at(event, event.status === 'RUNNING' ? 'running' : isOver(event.status) ? 'ended' : 'deploying', event.status)
      case 'job-status':
        this.job = event.status
        return event.status
      case 'process-crashed':
        this.failures++
        return event.process
      case 'acknowledgement-accepted':
      case 'process-started':
      case 'closed':
        return ''
      default:
        return undefined
    }
  }

  private at({ vertex, subtask }: Where, phase: TaskPhase, detail = ''): string {
    this.tasks.set(`${vertex}/${String(subtask)}`, phase)
    return detail
  }

  private state(event: string): number {
    let hash = mix(hashString(event), hashString(this.job))
    for (const size of [this.pending.size, this.prepared.size, this.committing.size, this.failures]) hash = mix(hash, few(size))
    const counts = PHASES.map(() => 0)
    for (const phase of this.tasks.values()) {
      const place = PHASES.indexOf(phase)
      counts[place] = (counts[place] ?? 0) + 1
    }
    for (const count of counts) hash = mix(hash, few(count))
    return hash | 0
  }
}

/** None, one, or several. */
function few(count: number): number {
  return Math.min(2, count)
}

function isOver(status: string): boolean {
  return status === 'CANCELED' || status === 'FAILED' || status === 'FINISHED'
}
