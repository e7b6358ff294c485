/**
 * Restore everything: at each checkpoint of a run that completes, a branch in which all processes of the job are gone, and a new job
 * restores that checkpoint from what is durable: the checkpoint storage and the outside systems, forked in that moment. It goes on
 * without faults, at the parallelism of the run or at another one. What comes of it is judged in `src/guarantees/restored-branches.ts`.
 */
import { addRestoringCluster, metadataPath, operatorShapes, type Cluster } from '../engine/index.js'
import type { Branch } from '../guarantees/index.js'
import { HistoryRecorder, type HistoryEvent, type HistoryHeader } from '../history/index.js'
import { hashString, type Chooser, type Interference, type Strike, type TimedDriver, type World } from '../world/index.js'
import { rescaledFor } from './rescaling.js'
import type { JobSetUp } from './scenario.js'
import { stepLimit } from './step-limit.js'

/** A run, right behind the step in which a checkpoint has completed. */
export interface CompletedMoment {
  readonly checkpoint: number
  /** Ids below this were given to checkpoints of the run. */
  readonly nextId: number
  /** `seq` of the run's last event so far. */
  readonly event: number
  readonly header: HistoryHeader
  readonly world: World
  readonly driver: TimedDriver
  readonly setUp: JobSetUp
  readonly cluster: Cluster
}

/** A branch and how it went. */
export interface RestoredBranch extends Branch {
  readonly steps: number
  /** The new job could not begin with the checkpoint, for a reason for which Flink's could not either. */
  readonly refused: boolean
}

/** Nothing goes wrong any more. */
const PEACE: Interference = {
  strikes: () => false,
  fails: () => false,
  outcome: () => 'done',
  transit: () => 0,
}

/** A branch leaves the recorded choices of its run, and leaves none in its log. */
export const AS_DRAWN: Chooser = (_stream, _ordinal, _n, drawn) => drawn

/** Runs the branch of a completed checkpoint to its end; the run itself is not touched. */
export function restoreInBranch(moment: CompletedMoment): RestoredBranch {
  const { checkpoint, cluster, header, event: after } = moment
  const parent = header.seed ?? ''
  const { setUp, parallelism } = rescaledFor(moment.setUp, parent, checkpoint)
  let endedUs = -1
  let refused = false
  const onEvent = (event: HistoryEvent): void => {
    if (event.kind === 'job-status' && (event.status === 'FINISHED' || event.status === 'FAILED')) endedUs = event.t
    else if (event.kind === 'failure' && event.refused !== undefined) refused = true
  }
  const recorder = new HistoryRecorder({ after, listeners: [onEvent] })
  const { world, driver } = moment.driver.fork(moment.world, { interference: PEACE, chooser: AS_DRAWN }, recorder.take)
  for (const process of [cluster.jobManagerProcess, ...cluster.taskManagerProcesses]) world.crash(process)
  for (const { process } of setUp.outside) world.start(process)
  drain(world, driver)
  const pointer = { checkpoint, path: metadataPath(checkpoint) }
  recorder.add({ kind: 'job-status', status: 'CREATED', job: `restores ${String(checkpoint)}`, restoredFrom: pointer.path }, driver.now())
  const started = addRestoringCluster(world, setUp.graph, setUp.cluster, cluster.storage, { pointer, nextId: moment.nextId })
  for (const process of started) world.start(process)
  const sinceUs = driver.now()
  const before = world.steps
  // Heartbeats are no steps of the job's.
  const isAllowed = (): boolean => world.steps - before < stepLimit(driver.now() - sinceUs)
  while (endedUs < 0 && isAllowed() && step(world, driver, sinceUs + setUp.limitUs));
  while (endedUs >= 0 && isAllowed() && step(world, driver, endedUs + setUp.settleUs));
  const branch = { parent, event: after, checkpoint, ...(parallelism && { parallelism }) }
  return {
    header: { ...header, operators: operatorShapes(setUp.graph, setUp.observed), branch },
    events: recorder.events,
    steps: world.steps - before,
    refused,
  }
}

/**
 * What the dead have sent arrives before the new job begins, and what outside systems owe them still is applied: an outside system takes
 * the one for the other no more than its users do.
 */
function drain(world: World, driver: TimedDriver): void {
  const isUnderWay = (): boolean =>
    world.links.some((link) => link !== undefined && link.length > 0 && (link.from === link.to || world.actors[link.from]?.alive === false))
  for (let steps = 0; steps < stepLimit(0) && isUnderWay() && step(world, driver, Infinity); steps++);
}

/** The next step. What the plan of the run had in store for processes does not come to pass. */
function step(world: World, driver: TimedDriver, untilUs: number): boolean {
  for (let strike = driver.upcoming()?.strike; strike !== undefined && isOfPlan(strike); strike = driver.upcoming()?.strike)
    driver.withdraw()
  return driver.next(world, untilUs)
}

function isOfPlan({ kind }: Strike): boolean {
  return kind === 'crash' || kind === 'start' || kind === 'disconnect' || kind === 'pause'
}

/** Of so many runs one is fanned out, by its seed alone. */
const SHARE = 20

/** Whether all checkpoints of the run with this seed are restored where nobody says so. */
export function isFannedOut(seed: string): boolean {
  return (hashString(seed) >>> 0) % SHARE === 0
}
