/** Makes the simulated job fail as the recorded one did: at the same point, under the same condition. */
import type { AnyMessage, Interference, Link, Outcome, ProcessRef } from '../../src/world/index.js'
import type { Machine } from './machine.js'
import type { RecordedFault } from './recorded-scenario.js'

/** An attempt of a task, as its actor is named. */
export interface TaskName {
  /** Index of the vertex in the job graph. */
  readonly vertex: number
  readonly subtask: number
}

/** What the injector must know of the world that it disturbs. */
export interface DisturbedWorld {
  taskOf(actor: number): TaskName | undefined
  /** Vertices of the job by what they do in the recorded one. */
  readonly vertices: { readonly delay: number; readonly count: number; readonly sink: number }
  /** Records that a chained task has handled, where the engine's point is also passed without one. */
  handled(task: TaskName): number | undefined
  /** The fault strikes: records it. With a crash the task's process dies behind this step. */
  struck(fault: RecordedFault, task: TaskName, actor: number): void
  /** A TaskManager was shut down by whoever ran the recorded job. */
  killed(process: number): void
  /** The first of two jobs was cancelled. */
  isOver(): boolean
}

/** Where the engine reaches the points of the recorded job's own fault injector. */
const FAILPOINTS: Readonly<Record<RecordedFault['point'], string>> = {
  process: 'task.record',
  'snapshot-sync': 'task.snapshot.sync',
  'snapshot-async': 'task.snapshot.async',
  // A sink's writer has pre-committed when its task takes its snapshot.
  precommit: 'task.snapshot.sync',
  'commit-before': 'sink.commit',
  'commit-after': 'sink.commit',
}

/** µs until a TaskManager that was struck is back: the recorded rig started another one. */
const DOWN_US = 150_000

/** What a slow subtask's records take longer on their way, for each µs that a record took in the recorded one. */
const SLOW_LINK = 20

/** One fault of one run. */
export class RecordedFaultInjector implements Interference {
  /** Checkpoints that have completed; kept by whoever sees the history. */
  completed = 0
  private hits = 0
  private landed = false
  /** A commit has gone through: the next record of this task throws. */
  private armed: number | undefined

  constructor(
    private readonly fault: RecordedFault | undefined,
    private readonly delayUs: readonly number[],
    private readonly machine: Machine,
    private readonly world: DisturbedWorld,
  ) {}

  strikes(): boolean {
    return false
  }

  fails(actor: number, failpoint: string): boolean {
    const { fault } = this
    if (fault === undefined || this.landed) return false
    const task = this.world.taskOf(actor)
    if (task === undefined) return false
    if (this.armed === actor && failpoint === 'task.record') return this.strike(fault, task, actor)
    if (failpoint !== FAILPOINTS[fault.point] || task.vertex !== this.vertexOf(fault)) return false
    if (fault.subtask >= 0 && task.subtask !== fault.subtask) return false
    const hits = this.world.handled(task) ?? ++this.hits
    if (hits < fault.minHits || this.completed < fault.minCompleted) return false
    if (fault.point !== 'commit-after') return this.strike(fault, task, actor)
    this.armed ??= actor
    return false
  }

  outcome(): Outcome {
    return 'done'
  }

  transit(link: Link, { kind }: AnyMessage): number {
    if (kind === 'submit-task') return this.machine.startUs()
    if (this.delayUs.length === 0) return 0
    const from = this.world.taskOf(link.from)
    const { delay, count } = this.world.vertices
    if (from?.vertex !== delay || this.world.taskOf(link.to)?.vertex !== count) return 0
    return (this.delayUs[from.subtask] ?? 0) * SLOW_LINK
  }

  /** A process died: it is told, unless the fault that struck it was told already. Those of a cancelled job stay dead. */
  restartAfter(process: ProcessRef): number | undefined {
    if (this.world.isOver()) return undefined
    if (!this.landed) this.world.killed(process)
    return DOWN_US
  }

  private vertexOf({ point }: RecordedFault): number {
    const { count, sink } = this.world.vertices
    return point === 'process' || point === 'snapshot-sync' || point === 'snapshot-async' ? count : sink
  }

  /** An exception ends the task in order; a crash ends its process, and none of its code runs. */
  private strike(fault: RecordedFault, task: TaskName, actor: number): boolean {
    this.landed = true
    this.world.struck(fault, task, actor)
    return !fault.crash
  }
}
