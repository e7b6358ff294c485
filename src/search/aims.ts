import type { CallPoint } from '../engine/index.js'
import type { Depth } from '../faults/index.js'
import type { SystemCallName } from '../systems/index.js'
import { Stream } from '../world/index.js'
import { cellKey, type MatrixCell } from './landing.js'
import { BEFORE_DEPLOYMENT, matrixOf, type ListedCell, type MatrixSource } from './matrix.js'

/** Cells of one depth, in the order in which runs aim at them. */
export interface AimsAtDepth {
  /** Those whose fault makes the job recover: the next depth lies behind them. */
  readonly failing: readonly MatrixCell[]
  /** Those whose fault makes the job recover if it breaks a connection in use. */
  readonly breaking: readonly MatrixCell[]
  /** Those whose fault the job mostly survives without a recovery: several of them go together. */
  readonly gentle: readonly MatrixCell[]
  /** Those whose step comes to pass only where one thing after the other goes as it must: runs that aim there aim at nothing else. */
  readonly far: readonly MatrixCell[]
}

/** How a cell is aimed at. */
export type AimGroup = keyof AimsAtDepth

/** What the runs of a scenario in a mode may aim at. */
export interface Aims {
  readonly cells: readonly ListedCell[]
  readonly byDepth: Readonly<Record<Depth, AimsAtDepth>>
  readonly census: ReadonlyMap<string, number>
}

/** Which of the modes of a scenario it is, among those that have about the same cells. */
export interface ModePlace {
  readonly index: number
  readonly count: number
}

/**
 * The aims of a matrix: reachable cells, shuffled by their names and that of the scenario, so that its modes have them in one order. Each
 * mode begins somewhere else in it: together they have soon aimed at all.
 */
export function aimsOf(scenarioName: string, source: MatrixSource, { index, count }: ModePlace): Aims {
  const cells = matrixOf(source)
  const reachable = shuffled(
    cells.filter(({ reason }) => reason === undefined),
    scenarioName,
  )
  const at = (depth: Depth): AimsAtDepth => {
    const ofGroup = (group: AimGroup): MatrixCell[] => {
      const grouped = reachable.filter((cell) => cell.depth === depth && groupOf(cell, source) === group)
      const first = Math.floor((grouped.length * index) / count)
      return [...grouped.slice(first), ...grouped.slice(0, first)]
    }
    const far = ofGroup('far')
    const twice = far.filter(isHitEverySecondTime)
    return { failing: ofGroup('failing'), breaking: ofGroup('breaking'), gentle: ofGroup('gentle'), far: [...far, ...twice] }
  }
  return { cells, byDepth: { 0: at(0), 1: at(1), 2: at(2) }, census: source.census }
}

function groupOf(cell: MatrixCell, source: MatrixSource): AimGroup {
  if (isFar(cell)) return 'far'
  if (makesRecover(cell, source)) return 'failing'
  return cell.fault === 'disconnect' ? 'breaking' : 'gentle'
}

/** Steps behind which everything else of their kind lies: what is to be struck at the end of a job needs a failure there. */
const AT_THE_END: ReadonlySet<string> = new Set(['task.finished'])
/** Steps that only a JobManager takes that starts: the failure before must be its crash. */
const OF_A_START: ReadonlySet<string> = new Set(['recovery.pointers.loaded', 'store.load', 'storage.get'])
/** Steps of a task that is cancelled; without a failure only where a TaskManager has lost the JobManager. */
const OF_A_CANCEL: ReadonlySet<string> = new Set(['task.cancel', 'task.cancelled'])
/** First steps of new attempts, which have no connections yet. */
const OF_A_RESTORE: ReadonlySet<string> = new Set(['task.restore.read', 'task.restored'])
/**
 * Behind these lies the end of a recovery: the job has a checkpoint of its own, and begins the next one. What stands still or is late
 * before lets that begin at once.
 */
const AT_ITS_END: ReadonlySet<string> = new Set([
  'checkpoint.notify.sent',
  'task.notify.received',
  'task.notify-complete',
  'sink.commit',
  'sink.commit.sent',
  'sink.commit.applied',
  'task.notify.done',
  'notify-complete',
])

function isFar(cell: MatrixCell): boolean {
  const { failpoint, depth } = cell
  if (isTriggeredAlone(cell) || isCancelledUnasked(cell) || isBrokenInRecovery(cell) || isAtTheEnd(cell)) return true
  return depth > 0 && (isOfStart(cell) || isBrokenWhenNoticed(cell) || AT_ITS_END.has(failpoint))
}

/** Without running producers: they have finished. */
export function isTriggeredAlone({ failpoint, role }: MatrixCell): boolean {
  return failpoint === 'trigger-checkpoint' && role !== 'source'
}

/** In normal running. */
export function isCancelledUnasked({ failpoint, depth }: MatrixCell): boolean {
  return depth === 0 && OF_A_CANCEL.has(failpoint)
}

/**
 * Behind two failures a connection of the attempt before is there in about half of the runs that aim at it: its turn comes twice as often.
 */
function isHitEverySecondTime(cell: MatrixCell): boolean {
  return cell.depth === 2 && isBrokenInRecovery(cell) && OF_A_RESTORE.has(cell.failpoint)
}

/** While few or no tasks of the attempts run that are being deployed: what is connected then is a task of those before. */
export function isBrokenInRecovery({ fault, failpoint, depth }: MatrixCell): boolean {
  return fault === 'disconnect' && depth > 0 && (BEFORE_DEPLOYMENT.has(failpoint) || OF_A_RESTORE.has(failpoint))
}

/** While the tasks that have not failed still run. */
export function isBrokenWhenNoticed({ fault, failpoint }: MatrixCell): boolean {
  return fault === 'disconnect' && failpoint === 'recovery.failure.noticed'
}

/** When a JobManager starts. */
export function isOfStart({ failpoint }: MatrixCell): boolean {
  return OF_A_START.has(failpoint)
}

/** When the job is about to end. */
export function isAtTheEnd({ failpoint }: MatrixCell): boolean {
  return AT_THE_END.has(failpoint)
}

/** Calls that no connector repeats: a task whose call is refused or not answered fails. */
const NEVER_REPEATED: ReadonlySet<string> = new Set<SystemCallName>([
  'store.session',
  'store.write',
  'store.pre-commit',
  'file.create',
  'file.write',
  'file.persist',
  'file.rename',
])
/** Calls without which there is no checkpoint: the job fails where it tolerates no failed one. */
const OF_EACH_CHECKPOINT: ReadonlySet<string> = new Set<CallPoint>(['storage.put', 'store.add'])

function makesRecover({ fault, failpoint }: MatrixCell, { menu, graph }: MatrixSource): boolean {
  if (NEVER_REPEATED.has(failpoint)) return true
  if (OF_EACH_CHECKPOINT.has(failpoint)) return graph.configuration.checkpointing.tolerableFailed === 0
  return fault === 'crash' || fault === 'hang' || (fault === 'exception' && !menu.harmless.has(failpoint))
}

function shuffled(cells: readonly ListedCell[], scenarioName: string): ListedCell[] {
  const order = cells.map((cell) => ({ cell, key: new Stream(scenarioName, `aims/${cellKey(cell)}`).below(1_000_000) }))
  return order.sort((a, b) => a.key - b.key).map(({ cell }) => cell)
}
