/**
 * From the request to the triggered tasks (Flink: `CheckpointCoordinator.startTriggeringCheckpoint`, `CheckpointRequestDecider`).
 * Flink does this on three executors: its timer thread decides and creates, the JobManager's main thread plans, the IO pool fetches
 * the id. Each hop is a message to ourselves, so that anything may come in between.
 */
import { betweenCheckpointsUs } from '../configuration.js'
import { UNORDERED } from '../../world/index.js'
import type { HistoryFact } from '../../history/index.js'
import { refOf } from '../actor-types.js'
import type { JobManagerMessage } from '../jobmaster/job-manager-messages.js'
import { sendToTask, type JobMaster, type PendingCheckpoint } from '../jobmaster/job-master.js'
import { snapshotSources } from '../jobmaster/source-coordinator.js'
import { MAIN_LANE, TIMER_LANE } from '../lanes.js'
import type { CheckpointOptions } from '../network/buffer.js'
import { planCheckpoint } from './checkpoint-plan.js'

/** Name of the timer of periodic checkpoints (`execution.checkpointing.interval`). */
export const TRIGGER_TIMER = 'checkpoint-trigger'
/** Name of the timer that ends a checkpoint which takes too long (`execution.checkpointing.timeout`); its id follows the name. */
export const EXPIRY_TIMER = 'checkpoint-expiry'
/** Name of the timer that ends the pause behind a completed checkpoint (`execution.checkpointing.min-pause`). */
export const PAUSE_TIMER = 'checkpoint-pause'

/** The job is RUNNING: checkpoints are triggered, the first after the pause and a random part of what the interval has beyond it. */
export function startScheduler({ graph, state, context }: JobMaster): void {
  const { enabled, minPauseUs } = graph.configuration.checkpointing
  if (!enabled || state.coordinator.periodic) return
  state.coordinator.periodic = true
  const parts = 16
  const beyondUs = betweenCheckpointsUs(graph.configuration.checkpointing) - minPauseUs
  const first = minPauseUs + Math.floor((beyondUs * (1 + context.choose('checkpoint-initial-delay', parts))) / parts)
  context.timer(TRIGGER_TIMER, first)
}

/** The periodic timer fired. */
export function periodicTrigger(master: JobMaster): void {
  const { state, context, graph } = master
  if (!state.coordinator.periodic) return
  context.timer(TRIGGER_TIMER, betweenCheckpointsUs(graph.configuration.checkpointing))
  requestCheckpoint(master, graph.configuration.checkpointing.minPauseUs > 0 ? 'behind-pause' : 'at-once')
}

/** A checkpoint has completed: no periodic one is triggered before the pause behind it is over. */
export function beginPause({ state, context, graph }: JobMaster): void {
  const { minPauseUs } = graph.configuration.checkpointing
  if (minPauseUs === 0) return
  // Another one may have completed before it: the trigger that came too early still waits, and no other one will come.
  if (state.coordinator.pause === 'over') state.coordinator.pause = 'running'
  context.timer(PAUSE_TIMER, minPauseUs)
}

/** The pause is over; a trigger that came too early is made up for. */
export function pauseOver(master: JobMaster): void {
  const { coordinator } = master.state
  const awaited = coordinator.pause === 'awaited'
  coordinator.pause = 'over'
  if (awaited) periodicTrigger(master)
}

/** Asks for a checkpoint; it starts as soon as the rules let it. Only a periodic one heeds the pause. */
export function requestCheckpoint(master: JobMaster, request: 'at-once' | 'behind-pause'): void {
  const { coordinator } = master.state
  // The final checkpoint that waits stays one that heeds no pause.
  if (coordinator.requested !== 'at-once') coordinator.requested = request
  decideNext(master)
}

/** Starts the waiting request unless one is being triggered, too many are pending, or the pause that it heeds is not over. */
export function decideNext(master: JobMaster): void {
  const { state, context, graph } = master
  const { coordinator } = state
  const { maxConcurrent } = graph.configuration.checkpointing
  const { requested } = coordinator
  if (!coordinator.periodic || coordinator.triggering || requested === 'nothing' || coordinator.pending.length >= maxConcurrent) return
  coordinator.requested = 'nothing'
  if (requested === 'behind-pause' && coordinator.pause !== 'over') {
    context.cancel(TRIGGER_TIMER)
    coordinator.pause = 'awaited'
    return
  }
  coordinator.triggering = true
  toSelf(master, { kind: 'plan-checkpoint' }, MAIN_LANE)
}

/** Main thread: the plan must be possible; then the IO pool gets the id. */
export function planAndCount(master: JobMaster): void {
  const { state, setup, context, graph } = master
  if (!state.coordinator.triggering) return
  if (planCheckpoint(master) === undefined) return giveUpTriggering(master)
  context.reach('checkpoint.trigger.planned')
  if (graph.configuration.highAvailability) context.send(setup.store, { kind: 'next-id', replyTo: refOf(context.self) }, UNORDERED)
  else toSelf(master, { kind: 'create-pending', checkpoint: state.coordinator.nextId++ }, UNORDERED)
}

/** The attempt to trigger ends without a pending checkpoint; nobody counts it. What waits is next. */
export function giveUpTriggering(master: JobMaster): void {
  master.state.coordinator.triggering = false
  decideNext(master)
}

/**
 * Timer thread: the id is there, the checkpoint becomes pending. Planned anew, because tasks may have gone meanwhile: the plan alone tells
 * whether the job fails over, because some task of the failover does not run before the scheduler is on again.
 */
export function createPending(master: JobMaster, checkpoint: number): void {
  const { state, context, graph } = master
  const { coordinator } = state
  if (!coordinator.triggering) return
  coordinator.nextId = checkpoint + 1
  const plan = planCheckpoint(master)
  if (plan === undefined) return giveUpTriggering(master)
  const pending: PendingCheckpoint = {
    checkpoint,
    plan,
    notYetAcknowledged: [...plan.waitFor],
    acknowledged: [],
    enumerators: [],
    phase: 'created',
  }
  coordinator.pending.push(pending)
  context.record?.({ kind: 'checkpoint-triggered', checkpoint } satisfies HistoryFact)
  context.timer(expiryTimer(checkpoint), graph.configuration.checkpointing.timeoutUs)
  context.reach('checkpoint.pending.created')
  toSelf(master, { kind: 'trigger-tasks', checkpoint }, TIMER_LANE)
}

/** Timer thread: operator coordinators first, then the tasks without a running producer. */
export function triggerTasks(master: JobMaster, checkpoint: number): void {
  const { state, context } = master
  const pending = state.coordinator.pending.find((candidate) => candidate.checkpoint === checkpoint)
  state.coordinator.triggering = false
  if (pending !== undefined) {
    pending.enumerators = snapshotSources(master, checkpoint)
    pending.phase = 'triggered'
    for (const execution of pending.plan.trigger)
      sendToTask(master, execution, { kind: 'trigger-checkpoint', checkpoint, options: optionsOf(master) })
    context.reach('checkpoint.trigger.sent')
  }
  decideNext(master)
}

function optionsOf({ graph }: JobMaster): CheckpointOptions {
  return { alignment: graph.configuration.checkpointing.mode === 'EXACTLY_ONCE' ? 'ALIGNED' : 'AT_LEAST_ONCE' }
}

/** Name of a checkpoint's expiry timer. */
export function expiryTimer(checkpoint: number): string {
  return `${EXPIRY_TIMER}/${String(checkpoint)}`
}

function toSelf({ context }: JobMaster, hop: JobManagerMessage, lane: number): void {
  context.send(refOf<JobManagerMessage>(context.self), hop, lane)
}
