import type { Line, Recorded } from './recorded.js'
import { type Tampered, type Tampering, after, all, at, before, changed, firstJob, middle, plus, replaced, without } from './tampering.js'

/** Changes of checkpoints: their order, their snapshots, who is told of them. All of them in the first job. */

/** Completed checkpoints that have snapshots, in order of their completion. */
function completions(recorded: Recorded): Line[] {
  const lines = firstJob(recorded.lines)
  return all(lines, 'log_cp_complete').filter((line) => all(lines, 'snapshot', { cp: line['cp'] }).length > 0)
}

function snapshotsOf(recorded: Recorded, cp: number, op?: string): Line[] {
  return all(firstJob(recorded.lines), 'snapshot', op === undefined ? { cp } : { cp, op })
}

function abortedBy(line: Line): Line {
  const msg = `Failed to trigger or complete checkpoint ${line['cp']} for job x. (0 consecutive failed attempts so far)`
  return { ev: 'log', ms: line.ms, logger: 'CheckpointFailureManager', level: 'WARN', msg, thrown: 'CheckpointException: tampered' }
}

function notifyEarly(recorded: Recorded): Tampered | undefined {
  const { lines } = recorded
  const notified = middle(all(firstJob(lines), 'notify_complete'))
  const first = notified && snapshotsOf(recorded, notified['cp'])[0]
  if (notified === undefined || first === undefined) return undefined
  const early = at(notified, first)
  return { lines: before(without(lines, notified), first, early), named: [early] }
}

/** Only just too early: after the last snapshot, but before the coordinator had all of them. */
function notifyTooSoon(recorded: Recorded): Tampered | undefined {
  const { lines } = recorded
  const candidates = all(firstJob(lines), 'notify_complete').flatMap((notified) => {
    const [complete] = all(lines, 'log_cp_complete', { cp: notified['cp'] })
    const [trigger] = all(lines, 'log_cp_trigger', { cp: notified['cp'] })
    const last = snapshotsOf(recorded, notified['cp']).at(-1)
    if (complete === undefined || trigger === undefined || last === undefined) return []
    return last.ms < plus(trigger['triggerTs'], complete['durationMs']) ? [{ notified, last }] : []
  })
  const found = middle(candidates)
  if (found === undefined) return undefined
  const early = at(found.notified, found.last)
  return { lines: after(without(lines, found.notified), found.last, early), named: [early] }
}

function notifyTwice(recorded: Recorded): Tampered | undefined {
  const notified = middle(all(firstJob(recorded.lines), 'notify_complete'))
  if (notified === undefined) return undefined
  const again = { ...notified }
  return { lines: after(recorded.lines, notified, again), named: [again] }
}

function notifyAborted(recorded: Recorded): Tampered | undefined {
  const aborted = all(firstJob(recorded.lines), 'notify_abort')[0]
  if (aborted === undefined) return undefined
  const told = changed(aborted, { ev: 'notify_complete' })
  return { lines: replaced(recorded.lines, aborted, told), named: [told] }
}

function notifyAbortOfCompleted(recorded: Recorded): Tampered | undefined {
  const notified = middle(all(firstJob(recorded.lines), 'notify_complete'))
  if (notified === undefined) return undefined
  const told = changed(notified, { ev: 'notify_abort' })
  return { lines: replaced(recorded.lines, notified, told), named: [told] }
}

function snapshotTwice(recorded: Recorded): Tampered | undefined {
  const taken = middle(all(firstJob(recorded.lines), 'snapshot'))
  if (taken === undefined) return undefined
  const again = { ...taken }
  return { lines: after(recorded.lines, taken, again), named: [again] }
}

function snapshotUntriggered(recorded: Recorded): Tampered | undefined {
  const complete = middle(completions(recorded))
  const trigger = complete && all(firstJob(recorded.lines), 'log_cp_trigger', { cp: complete['cp'] })[0]
  const first = complete && snapshotsOf(recorded, complete['cp'])[0]
  if (trigger === undefined || first === undefined) return undefined
  const early = at(first, trigger)
  return { lines: before(without(recorded.lines, first), trigger, early), named: [early] }
}

function dropSnapshot(recorded: Recorded): Tampered | undefined {
  const complete = middle(completions(recorded))
  const taken = complete && middle(snapshotsOf(recorded, complete['cp']))
  if (complete === undefined || taken === undefined) return undefined
  return { lines: without(recorded.lines, taken), named: [complete] }
}

function completeEarly(recorded: Recorded): Tampered | undefined {
  const complete = middle(completions(recorded))
  const last = complete && snapshotsOf(recorded, complete['cp']).at(-1)
  if (complete === undefined || last === undefined) return undefined
  const early = at(complete, last)
  return { lines: before(without(recorded.lines, complete), last, early), named: [early, last] }
}

function dropTrigger(recorded: Recorded): Tampered | undefined {
  const complete = middle(completions(recorded))
  const trigger = complete && all(firstJob(recorded.lines), 'log_cp_trigger', { cp: complete['cp'] })[0]
  if (complete === undefined || trigger === undefined) return undefined
  return { lines: without(recorded.lines, trigger), named: [complete, ...snapshotsOf(recorded, complete['cp'])] }
}

function dropCompletion(recorded: Recorded): Tampered | undefined {
  const { lines } = recorded
  const complete = middle(completions(recorded))
  if (complete === undefined) return undefined
  const told = firstJob(lines).filter(
    (line) => (line.ev === 'notify_complete' || line.ev === 'coord_complete') && line['cp'] === complete['cp'],
  )
  const commits = all(lines.slice(lines.indexOf(complete)), 'commit_req').slice(0, 2)
  const named = told.length > 0 ? told : commits
  // Where nobody tells of a completion, a checkpoint without one is simply still pending.
  return named.length === 0 ? undefined : { lines: without(lines, complete), named }
}

function abortCompleted(recorded: Recorded): Tampered | undefined {
  const complete = middle(completions(recorded))
  if (complete === undefined) return undefined
  const abort = abortedBy(complete)
  return { lines: after(recorded.lines, complete, abort), named: [abort] }
}

function completeAborted(recorded: Recorded): Tampered | undefined {
  const lines = firstJob(recorded.lines)
  const abort = lines.find((line) => line.ev === 'log' && /^Failed to trigger or complete checkpoint \d/.test(line['msg']))
  const cp = Number(/checkpoint (\d+)/.exec(abort?.['msg'] ?? '')?.[1])
  if (abort === undefined || !lines.some((line) => line.ev === 'log_cp_trigger' && line['cp'] === cp)) return undefined
  const complete: Line = { ev: 'log_cp_complete', ms: abort.ms, cp, bytes: 1, durationMs: 1, finalizeMs: 0 }
  return { lines: after(recorded.lines, abort, complete), named: [complete] }
}

/** A task declined, and it completes all the same. */
function completeDeclined(recorded: Recorded): Tampered | undefined {
  const complete = middle(completions(recorded))
  const last = complete && snapshotsOf(recorded, complete['cp']).at(-1)
  if (complete === undefined || last === undefined) return undefined
  const msg = `Decline checkpoint ${complete['cp']} by task a_b_0_0 of job x at y.`
  const decline: Line = {
    ev: 'log',
    ms: last.ms,
    logger: 'CheckpointCoordinator',
    level: 'INFO',
    msg,
    thrown: 'CheckpointException: tampered',
  }
  return { lines: before(recorded.lines, last, decline), named: [decline] }
}

/** Triggered before a failure, it completes once the job was restored from an older one. */
function completeOverRestore(recorded: Recorded): Tampered | undefined {
  const lines = firstJob(recorded.lines)
  const failing = lines.find((line) => line.ev === 'job_state' && line['to'] === 'RESTARTING')
  const isChoice = (line: Line): boolean =>
    line.ev === 'log' && /^(?:Restoring job \S+ from Checkpoint|No checkpoint found)/.test(line['msg'])
  const chosen = failing && lines.slice(lines.indexOf(failing)).find(isChoice)
  if (failing === undefined || chosen === undefined) return undefined
  const cp = 1000
  const trigger: Line = { ev: 'log_cp_trigger', ms: failing.ms, cp, type: 'CheckpointType', triggerTs: failing.ms }
  const complete: Line = { ev: 'log_cp_complete', ms: chosen.ms, cp, bytes: 1, durationMs: 1, finalizeMs: 0 }
  return { lines: after(before(recorded.lines, failing, trigger), chosen, complete), named: [complete] }
}

function reuseId(recorded: Recorded): Tampered | undefined {
  const trigger = middle(all(firstJob(recorded.lines), 'log_cp_trigger').slice(1))
  if (trigger === undefined) return undefined
  const reused = changed(trigger, { cp: trigger['cp'] - 1 })
  return { lines: replaced(recorded.lines, trigger, reused), named: [reused] }
}

/** As many as may be are pending, and one more is triggered before any of them is over. */
function triggerTooMany(recorded: Recorded): Tampered | undefined {
  const lines = firstJob(recorded.lines)
  const allowed = Number(recorded.context.summary?.configuration['execution.checkpointing.max-concurrent-checkpoints'])
  const triggers = all(lines, 'log_cp_trigger')
  const complete = completions(recorded).find((line) => {
    const first = triggers.findIndex((trigger) => trigger['cp'] === line['cp']) - allowed + 1
    const between = lines.slice(lines.indexOf(triggers[first] ?? line), lines.indexOf(line))
    const quiet = between.every(({ ev }) => ev !== 'job_state' && ev !== 'log')
    return first > 0 && quiet && triggers[first + allowed]?.['type'].startsWith('CheckpointType')
  })
  if (complete === undefined) return undefined
  const first = triggers.findIndex((trigger) => trigger['cp'] === complete['cp']) - allowed + 1
  const [anchor, ...behind] = triggers.slice(first, first + allowed + 1)
  if (anchor === undefined) return undefined
  const early = behind.map((line) => at(line, anchor))
  return { lines: after(without(recorded.lines, ...behind), anchor, ...early), named: early.slice(-1) }
}

function changeSnapshotCount(recorded: Recorded): Tampered | undefined {
  const taken = middle(completions(recorded).flatMap((complete) => snapshotsOf(recorded, complete['cp'], 'Count')))
  const key = Object.keys(taken?.['state'] ?? {})[0]
  if (taken === undefined || key === undefined) return undefined
  const other = changed(taken, { state: { ...taken['state'], [key]: plus(taken['state'][key], 1) } })
  return { lines: replaced(recorded.lines, taken, other), named: [other] }
}

function changeSnapshotOffset(recorded: Recorded, by: number): Tampered | undefined {
  const taken = middle(completions(recorded).flatMap((complete) => snapshotsOf(recorded, complete['cp'], 'Src').filter(hasSplits)))
  const split = Object.keys(taken?.['state'] ?? {})[0]
  if (taken === undefined || split === undefined) return undefined
  const other = changed(taken, { state: { ...taken['state'], [split]: plus(taken['state'][split], by) } })
  const { lines } = recorded
  const next = lines.slice(lines.indexOf(taken)).find((line) => line.ev === 'emit' && line['id'] === `${split}:${taken['state'][split]}`)
  return { lines: replaced(lines, taken, other), named: [other, ...(next === undefined ? [] : [next])] }
}

function hasSplits(line: Line): boolean {
  return Object.keys(line['state']).length > 0
}

/** The states of two checkpoints' snapshots of one subtask change places. */
function swapSnapshots(recorded: Recorded, op: string): Tampered | undefined {
  const done = completions(recorded)
  const place = Math.floor(done.length / 2)
  const [one, other] = [done[place - 1], done[place]].map(
    (each) => each && snapshotsOf(recorded, each['cp'], op).find((line) => line['sub'] === 0),
  )
  if (one === undefined || other === undefined || one['state'] === undefined) return undefined
  if (JSON.stringify(one['state']) === JSON.stringify(other['state'])) return undefined
  const early = changed(one, { state: other['state'] })
  const late = changed(other, { state: one['state'] })
  return { lines: replaced(replaced(recorded.lines, one, early), other, late), named: [early, late] }
}

export const CHECKPOINT_TAMPERING: readonly Tampering[] = [
  { name: 'complete a declined checkpoint', rules: ['one-outcome'], apply: completeDeclined },
  { name: 'complete a checkpoint over a restore', rules: ['completes-while-running'], apply: completeOverRestore },
  { name: 'notify before completion', rules: ['notify-only-completed'], apply: notifyEarly },
  { name: 'notify between last snapshot and completion', rules: ['notify-only-completed'], apply: notifyTooSoon },
  { name: 'notify twice', rules: ['notify-once'], apply: notifyTwice },
  { name: 'notify an aborted checkpoint as complete', rules: ['notify-only-completed'], apply: notifyAborted },
  { name: 'notify a completed checkpoint as aborted', rules: ['notify-abort'], apply: notifyAbortOfCompleted },
  { name: 'take a snapshot twice', rules: ['snapshot-once'], apply: snapshotTwice },
  { name: 'take a snapshot before the trigger', rules: ['snapshot-after-trigger'], apply: snapshotUntriggered },
  { name: 'complete without a snapshot', rules: ['complete-when-acknowledged'], apply: dropSnapshot },
  { name: 'complete before the last snapshot', rules: ['complete-when-acknowledged'], apply: completeEarly },
  { name: 'complete without a trigger', rules: ['one-outcome', 'snapshot-after-trigger'], apply: dropTrigger },
  { name: 'drop a completion', rules: ['notify-only-completed', 'commit-after-completion'], apply: dropCompletion },
  { name: 'abort a completed checkpoint', rules: ['one-outcome'], apply: abortCompleted },
  { name: 'complete an aborted checkpoint', rules: ['one-outcome'], apply: completeAborted },
  { name: 'trigger more at once than may be', rules: ['max-concurrent'], apply: triggerTooMany },
  { name: 'reuse a checkpoint id', rules: ['ids-increase'], apply: reuseId },
  { name: 'change a count in a snapshot', rules: ['snapshot-is-a-view'], apply: changeSnapshotCount },
  {
    name: 'move a source offset back in a snapshot',
    rules: ['offset-covers-emitted'],
    apply: (recorded) => changeSnapshotOffset(recorded, -1),
  },
  { name: 'move a source offset ahead in a snapshot', rules: ['offset-not-ahead'], apply: (recorded) => changeSnapshotOffset(recorded, 1) },
  {
    name: "swap two barriers' snapshots of keyed state",
    rules: ['snapshot-is-a-view'],
    apply: (recorded) => swapSnapshots(recorded, 'Count'),
  },
  {
    name: "swap two barriers' snapshots of a reader",
    rules: ['offset-covers-emitted'],
    apply: (recorded) => swapSnapshots(recorded, 'Src'),
  },
]
