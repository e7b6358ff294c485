/** What must go wrong before, so that the step of a cell comes to pass at its depth. */
import { drawDown, pick, type Depth, type Fault, type FaultMenu, type StrikeAt } from '../faults/index.js'
import type { Stream } from '../world/index.js'
import { taskManagersOf, whoTakes, type AimedFaults } from './aimed-faults.js'
import { isAtTheEnd, isBrokenInRecovery, isBrokenWhenNoticed, isCancelledUnasked, isOfStart, isTriggeredAlone, type Aims } from './aims.js'
import type { MatrixCell } from './landing.js'

/** The shortest that a process stays down, µs. */
const SHORTEST_DOWN_US = 1000
/** So many notifications are lost of those that the tasks would have of the last checkpoints, and of those that come because of it. */
const UNHEARD_OF = 12
/** So many notices of abortions come late: each names the last completed checkpoint, too. */
const LATE_NOTICES = 4
/** Steps that come to pass only when a checkpoint is aborted. */
const OF_AN_ABORT: ReadonlySet<string> = new Set(['checkpoint.abort.sent', 'notify-aborted', 'decline', 'storage.delete'])

/** Draws the failures that lead to cells. */
export class WaysToAims {
  /** Where a checkpoint is aborted already. */
  private readonly aborted = new Set<Depth>()

  constructor(
    private readonly stream: Stream,
    private readonly aims: Aims,
    private readonly menu: FaultMenu,
    private readonly faults: AimedFaults,
  ) {}

  /** The fault of a cell, and what makes its step come to pass where nothing else does. */
  faultsAt(cell: MatrixCell): Fault[] {
    return [...this.provoking(cell), ...this.faults.at(cell)]
  }

  /** All that leads to a far cell, and its fault. */
  farPlan(cell: MatrixCell): Fault[] {
    if (isTriggeredAlone(cell) && cell.depth > 0) return [...this.sourcesLeftBehind(cell), ...this.faultsAt(cell)]
    const above = ([0, 1] as const).filter((level) => level < cell.depth)
    if (isBrokenInRecovery(cell)) {
      const left = this.leftConnected(cell)
      if (left !== undefined) return [...above.slice(0, -1).map((level) => this.failureAt(level)), ...left]
    }
    return [...above.flatMap((level) => this.farFailures(cell, level)), ...this.faultsAt(cell)]
  }

  /** What makes the job fail surely, in normal running or in its first recovery. */
  failureAt(depth: Depth): Fault {
    const { stream, menu } = this
    if (depth === 0) return this.firstFailure()
    if (stream.below(4) === 0) return { kind: 'exception', point: 'task.record', nth: 1 + stream.below(30), depth }
    const [once, often] = menu.rpcs.length > 0 ? [RELIABLE_ONCE, RELIABLE] : [[], RELIABLE_WITHOUT_CHECKPOINTS]
    const point = pick(stream, [...once, ...often]) ?? ''
    return crashAt({ point, nth: once.includes(point) ? 1 : 1 + stream.below(2), depth }, drawDown(stream))
  }

  /** Failures of a kind that leads to where a far cell is. */
  private farFailures(cell: MatrixCell, depth: Depth): Fault[] {
    const { stream } = this
    if (isAtTheEnd(cell)) return [crashAt({ point: 'task.finished', nth: 1, ...whoTakes(cell.role), depth }, drawDown(stream))]
    if (isBrokenInRecovery(cell)) return this.jobManagerBackAtOnce(depth)
    if (isBrokenWhenNoticed(cell) && depth > 0) return [{ kind: 'exception', point: 'task.record', nth: 10 + stream.below(30), depth }]
    if (isOfStart(cell) && depth === cell.depth - 1 && this.menu.ofTheJob.includes('JobManager')) return [this.jobManagerCrash(depth)]
    return [this.failureAt(depth)]
  }

  private jobManagerCrash(depth: Depth): Fault {
    const { stream } = this
    const points =
      depth === 0 ? ['checkpoint.store.added', 'checkpoint.notify.sent'] : ['recovery.tasks.deployed', 'checkpoint.ack.received']
    return crashAt({ point: pick(stream, points) ?? '', nth: depth === 0 ? 1 + stream.below(2) : 1, depth }, drawDown(stream))
  }

  /**
   * A TaskManager is cut off from a JobManager that dies and is back before it is missed: its tasks run on, connected to the outside, while
   * those that take their place are deployed elsewhere. Undefined where there is no such connection, or no such JobManager.
   */
  private leftConnected(cell: MatrixCell): Fault[] | undefined {
    const { stream, menu } = this
    const pair = pick(
      stream,
      menu.connections.filter(([, other]) => !menu.ofTheJob.includes(other)),
    )
    if (pair === undefined || !menu.ofTheJob.includes('JobManager')) return undefined
    const [process, other] = pair
    const depth = cell.depth === 2 ? 1 : 0
    const nth = depth === 0 ? 2 + stream.below(Math.max(1, Math.floor(this.faults.count('checkpoint.trigger.sent', 'JobManager') / 2))) : 1
    const at = { point: 'checkpoint.pending.created', nth, depth } as const
    return [
      { kind: 'partition', process, others: ['JobManager'], direction: 'both', at, forUs: 2 * menu.heartbeatTimeoutUs, lossy: false },
      crashAt({ point: 'checkpoint.trigger.sent', nth, depth }, SHORTEST_DOWN_US),
      { kind: 'disconnect', process, other, at: { point: cell.failpoint, nth: 1, ...whoTakes(cell.role), depth: cell.depth } },
    ]
  }

  /**
   * Connections of the attempts before outlive a JobManager that is back before they are missed: because their TaskManagers stand still,
   * or because the tasks that are to be cancelled are busy.
   */
  private jobManagerBackAtOnce(depth: Depth): Fault[] {
    const { stream, menu } = this
    if (!menu.ofTheJob.includes('JobManager')) return [this.failureAt(depth)]
    if (stream.below(2) === 0) {
      const nth = 1 + stream.below(Math.max(1, Math.floor(this.faults.count('checkpoint.ack.received', 'JobManager') / 2)))
      return [crashAt({ point: 'checkpoint.ack.received', nth: depth === 0 ? nth : 1 + stream.below(3), depth }, SHORTEST_DOWN_US)]
    }
    const stopped = taskManagersOf(menu).slice(0, 2)
    const pauses = stopped.map((process, i): Fault => {
      const point = i === 0 ? 'checkpoint.metadata.written' : 'checkpoint.store.added'
      return { kind: 'pause', process, at: { point, nth: 1, depth }, forUs: 30_000 }
    })
    return [...pauses, crashAt({ point: 'checkpoint.notify.sent', nth: 1, depth }, SHORTEST_DOWN_US)]
  }

  /**
   * Whatever is restored, the sources come back and are triggered first; so a task is triggered alone in normal running, when it is left
   * behind by its sources, and in a recovery that the JobManager does not know of yet: it hears nothing of the TaskManager that dies.
   */
  private sourcesLeftBehind(cell: MatrixCell): Fault[] {
    const { stream, menu } = this
    const process = pick(stream, taskManagersOf(menu))
    if (process === undefined) return []
    const timeUs = menu.endUs + stream.below(Math.max(1, 2 * menu.firstCheckpointUs))
    const deaths = Array.from({ length: cell.depth }, (_, i): Fault => {
      return { kind: 'crash', process, at: { timeUs: timeUs + (1 + 2 * i) * SHORTEST_DOWN_US }, downUs: SHORTEST_DOWN_US }
    })
    const forUs = menu.heartbeatTimeoutUs
    return [
      ...this.unheard(cell),
      { kind: 'partition', process, others: ['JobManager'], direction: 'both', at: { timeUs }, forUs, lossy: false },
      ...deaths,
    ]
  }

  /** In normal running these tasks do not hear of the last checkpoints, and go on when the sources have finished. */
  private unheard({ role }: MatrixCell): Fault[] {
    const to = { ...whoTakes(role), depth: 0 } as const
    const from = Math.max(1, this.faults.count('notify-complete', role) - UNHEARD_OF / 2)
    const delayUs = this.menu.heartbeatTimeoutUs
    return [
      ...Array.from({ length: UNHEARD_OF }, (_, i): Fault => ({ kind: 'rpc', rpc: 'notify-complete', nth: from + i, ...to })),
      ...Array.from({ length: LATE_NOTICES }, (_, i): Fault => ({
        kind: 'detour',
        rpc: 'notify-aborted',
        nth: 1 + i,
        ...to,
        delayUs,
        repeated: false,
      })),
    ]
  }

  /** Behind the first checkpoint, so that there is something to restore, and early enough that there is something left to do. */
  private firstFailure(): Fault {
    const { stream, aims, menu, faults } = this
    const downUs = drawDown(stream)
    const reliable = aims.byDepth[0].failing.filter(
      ({ fault, failpoint, role }) =>
        fault !== 'hang' && faults.count(failpoint, role) > 6 && (fault !== 'crash' || !failpoint.startsWith('recovery.')),
    )
    const cell = pick(stream, reliable)
    if (cell === undefined || stream.below(4) === 0) {
      const process = pick(stream, menu.ofTheJob) ?? ''
      const span = Math.max(1, Math.floor(((menu.endUs - menu.firstCheckpointUs) * 3) / 5))
      return { kind: 'crash', process, at: { timeUs: menu.firstCheckpointUs + stream.below(span) }, downUs }
    }
    return faults.fault(cell, faults.turnAt(cell)) ?? { kind: 'crash', process: '*', at: { point: cell.failpoint, nth: 1 }, downUs }
  }

  private provoking(cell: MatrixCell): Fault[] {
    const { failpoint, depth } = cell
    if (isTriggeredAlone(cell) && depth === 0) return this.unheard(cell)
    if (OF_AN_ABORT.has(failpoint) && !(failpoint === 'storage.delete' && depth === 0) && !this.aborted.has(depth)) {
      this.aborted.add(depth)
      return [{ kind: 'exception', point: 'task.snapshot.async', nth: 1 + this.stream.below(3), depth }]
    }
    if (isCancelledUnasked(cell)) return [this.jobManagerMissed()]
    return []
  }

  /** The JobManager stands still until all TaskManagers have lost it: they cancel their tasks, and it has not noticed any failure. */
  private jobManagerMissed(): Fault {
    const { stream, menu } = this
    const timeUs = Math.floor(menu.endUs / 20) + stream.below(Math.max(1, Math.floor(menu.endUs / 2)))
    return { kind: 'pause', process: 'JobManager', at: { timeUs }, forUs: 2 * menu.heartbeatTimeoutUs }
  }
}

function crashAt(at: StrikeAt, downUs: number): Fault {
  return { kind: 'crash', process: '*', at, downUs }
}

/** Steps of every recovery that come to pass once in it. */
const RELIABLE_ONCE = [
  'recovery.failure.noticed',
  'recovery.restore.chosen',
  'recovery.state.assigned',
  'recovery.tasks.deployed',
  'checkpoint.metadata.written',
]
/** Steps of every recovery, and of the checkpoint that follows it, which several tasks take. */
const RELIABLE = ['task.restored', 'task.barrier.aligned', 'task.snapshot.sync.done', 'checkpoint.ack.sent', 'checkpoint.ack.received']
const RELIABLE_WITHOUT_CHECKPOINTS = ['task.restored', 'task.cancelled']
