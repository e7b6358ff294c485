import type { EventOf } from '../history/index.js'
import { createJobEpoch, createsJob, type JobEpoch } from './job-epoch.js'
import { leavesFateUnknown } from './fate-unknown.js'
import type { Finding, Oracle } from './oracle.js'
import { attemptName } from './names.js'
import { broken, ruleVerdict } from './protocol-rule.js'

/**
 * Tasks are told complete only what is in the store, at most once and in the order of ids, and never what they were restored from;
 * a plain savepoint is not announced at all. What completed is never announced as aborted; what may or may not be in the store is
 * never announced as completed.
 */
export interface Notifications {
  readonly job: JobEpoch
  /** Completions of the current job: `seq`, and whether it is a plain savepoint. */
  readonly completed: Map<number, { readonly seq: number; readonly plainSavepoint: boolean }>
  /** Checkpoints of which nobody knows whether they are in the store. */
  readonly fateUnknown: Map<number, number>
  /** First announcement of an abort, by checkpoint. */
  readonly announcedAborted: Map<number, number>
  /** Per operator and subtask (the coordinator is -1): attempt, newest id announced, where. */
  readonly told: Map<string, Told[]>
  readonly findings: Finding[]
}

interface Told {
  attempt: number
  checkpoint: number
  seq: number
}

/** Tasks are told the truth, once. */
export const notifications: Oracle<Notifications> = {
  name: 'notifications',
  init: () => ({
    job: createJobEpoch(),
    completed: new Map(),
    fateUnknown: new Map(),
    announcedAborted: new Map(),
    told: new Map(),
    findings: [],
  }),
  step: {
    'job-status': (state, event) => {
      if (!createsJob(state.job, event)) return
      state.completed.clear()
      state.fateUnknown.clear()
      state.announcedAborted.clear()
      state.told.clear()
    },
    'checkpoint-completed': stepCompleted,
    'checkpoint-aborted': (state, event) => {
      if (leavesFateUnknown(event)) state.fateUnknown.set(event.checkpoint, event.seq)
    },
    restore: stepRestore,
    'checkpoint-notified': (state, event) => {
      if (event.outcome === 'complete') stepComplete(state, event)
      else stepAbort(state, event)
    },
  },
  verdict: (state) => ruleVerdict(state.findings),
}

type Notified = EventOf<'checkpoint-notified'>

function stepCompleted(state: Notifications, event: EventOf<'checkpoint-completed'>): void {
  const { checkpoint, seq } = event
  state.completed.set(checkpoint, { seq, plainSavepoint: event.savepoint === true && event.synchronous !== true })
  const announced = state.announcedAborted.get(checkpoint)
  if (announced === undefined || state.fateUnknown.has(checkpoint)) return
  state.findings.push(
    broken('notify-abort', `checkpoint ${String(checkpoint)} completed after tasks were told that it aborted`, [announced, seq]),
  )
}

function stepAbort(state: Notifications, event: Notified): void {
  const completed = state.completed.get(event.checkpoint)
  if (state.fateUnknown.has(event.checkpoint)) return
  if (completed !== undefined) {
    const message = `${attemptName(event)} was told that checkpoint ${String(event.checkpoint)} aborted, which had completed`
    state.findings.push(broken('notify-abort', message, [completed.seq, event.seq]))
  } else if (!state.announcedAborted.has(event.checkpoint)) state.announcedAborted.set(event.checkpoint, event.seq)
}

function toldOf(state: Notifications, event: { vertex: string; subtask: number }): Told {
  let subtasks = state.told.get(event.vertex)
  if (subtasks === undefined) state.told.set(event.vertex, (subtasks = []))
  for (let next = subtasks.length; next <= event.subtask + 1; next++) subtasks.push({ attempt: -1, checkpoint: -1, seq: 0 })
  return subtasks[event.subtask + 1] ?? { attempt: -1, checkpoint: -1, seq: 0 }
}

function stepRestore(state: Notifications, event: EventOf<'restore'>): void {
  const told = toldOf(state, event)
  if (event.attempt <= told.attempt) return
  told.attempt = event.attempt
  told.checkpoint = event.checkpoint ?? -1
  told.seq = event.seq
}

function stepComplete(state: Notifications, event: Notified): void {
  const { checkpoint, seq } = event
  const completed = state.completed.get(checkpoint)
  const unknown = state.fateUnknown.get(checkpoint)
  if (unknown !== undefined)
    state.findings.push(broken('notify-only-completed', `${wasTold(event)}, of which nobody knows`, [unknown, seq]))
  else if (completed === undefined) state.findings.push(broken('notify-only-completed', `${wasTold(event)}, which it had not`, [seq]))
  else if (completed.plainSavepoint)
    state.findings.push(broken('savepoint-is-silent', `${wasTold(event)}, which is a plain savepoint`, [completed.seq, seq]))
  const told = toldOf(state, event)
  if (event.attempt < told.attempt) return
  if (event.attempt === told.attempt && checkpoint <= told.checkpoint) {
    const message = `${wasTold(event)} after it had been told of, or restored from, ${String(told.checkpoint)}`
    state.findings.push(broken('notify-once', message, [told.seq, seq]))
  }
  told.checkpoint = event.attempt === told.attempt ? Math.max(told.checkpoint, checkpoint) : checkpoint
  told.attempt = event.attempt
  told.seq = seq
}

function wasTold(event: Notified): string {
  return `${attemptName(event)} was told that checkpoint ${String(event.checkpoint)} completed`
}
