/**
 * Plans that aim at cells of the fault matrix. The runs of a campaign aim at one cell after the other by their number, so that every
 * cell has its turn, a seed always has the same plan, and no run needs to know what others have covered.
 */
import {
  appliedLater,
  drawDelay,
  drawDown,
  pick,
  type Depth,
  type Fault,
  type FaultMenu,
  type FaultPlan,
  type StrikeAt,
  type Turn,
} from '../faults/index.js'
import type { Stream } from '../world/index.js'
import type { Aims } from './aims.js'
import type { FaultKind, MatrixCell } from './landing.js'
import { BEFORE_DEPLOYMENT } from './matrix.js'

/** Of so many aimed runs this many aim at each depth: what is deep is harder to hit. */
const DEPTHS: readonly Depth[] = [0, 1, 2, 1, 2]

/** One of so many crashes takes the host as well: what was sent is lost. */
const HOST_LOST = 4

/** Cells besides the one that ends in a recovery, at the depth that a run aims at. */
const OTHERS = 2

/**
 * The plan of the aimed run of this number: failures down to its depth, there one cell whose fault makes the job recover and a few
 * others, and on the way one more at each depth.
 */
export function drawAimedPlan(stream: Stream, aims: Aims, menu: FaultMenu, number: number): FaultPlan {
  const depth = DEPTHS[number % DEPTHS.length] ?? 0
  const turn =
    Math.floor(number / DEPTHS.length) * DEPTHS.filter((other) => other === depth).length +
    DEPTHS.slice(0, number % DEPTHS.length).filter((other) => other === depth).length
  const draw = new AimedDraw(stream, aims, menu)
  const last = inTurn(aims.byDepth[depth].failing, turn)
  const others = Array.from({ length: OTHERS }, (_, i) => inTurn(aims.byDepth[depth].others, turn * OTHERS + i))
  const targets = [...others, last].filter((cell) => cell !== undefined)
  const way: Fault[] = []
  for (const above of ([0, 1] as const).filter((level) => level < depth)) {
    const besides = inTurn(aims.byDepth[above].others, number)
    if (besides !== undefined) way.push(...draw.faultsAt(besides))
    way.push(...draw.failuresOnTheWay(above, targets))
  }
  return [...way, ...targets.flatMap((cell) => draw.faultsAt(cell))]
}

/** One after the other, and from the beginning again. */
function inTurn<T>(cells: readonly T[], turn: number): T | undefined {
  return cells.length === 0 ? undefined : cells[turn % cells.length]
}

/** Not every pair of processes has a connection at every step: so many are tried, at turns of their own. */
const PAIRS = 3

/** Steps behind which everything else of their kind lies: what is to be struck at the end of a job needs a failure there. */
const AT_THE_END: ReadonlySet<string> = new Set(['task.finished'])
/** The shortest that a process stays down, µs. */
const SHORTEST_DOWN_US = 1000
/** So many notifications are lost of those that the sink's tasks would have of the last checkpoints, and of those that come because of it. */
const UNHEARD_OF = 12
/** Steps that only a JobManager takes that starts: the failure before must be its crash. */
const OF_A_START: ReadonlySet<string> = new Set(['recovery.pointers.loaded', 'store.load', 'storage.get'])
/** Steps that come to pass only when a checkpoint is aborted. */
const OF_AN_ABORT: ReadonlySet<string> = new Set(['checkpoint.abort.sent', 'notify-aborted', 'decline', 'storage.delete'])
/** Steps of a task that is cancelled; without a failure only where the TaskManager has lost the JobManager. */
const OF_A_CANCEL: ReadonlySet<string> = new Set(['task.cancel', 'task.cancelled'])

class AimedDraw {
  constructor(
    private readonly stream: Stream,
    private readonly aims: Aims,
    private readonly menu: FaultMenu,
  ) {}

  /** The fault of a cell, and what makes its step come to pass where nothing else does. */
  faultsAt(cell: MatrixCell): Fault[] {
    const faults = Array.from({ length: cell.fault === 'disconnect' ? PAIRS : 1 }, () => this.faultAt(cell, this.turnAt(cell)))
    const provoked = this.provoking(cell)
    return faults.flatMap((fault) => fault ?? []).flatMap((fault, i) => (i === 0 ? [...provoked, fault] : [fault]))
  }

  /** What makes the job fail surely, in normal running or in its first recovery; of a kind that leads to where the targets are. */
  failuresOnTheWay(depth: Depth, targets: readonly MatrixCell[]): Fault[] {
    if (targets.some((cell) => isTriggeredAlone(cell))) return this.sourcesLeftBehind(depth)
    if (targets.some((cell) => isBrokenAtStart(cell))) return this.jobManagerBackAtOnce(depth)
    return [this.failureOnTheWay(depth, targets)]
  }

  private failureOnTheWay(depth: Depth, targets: readonly MatrixCell[]): Fault {
    const { stream, menu } = this
    const downUs = drawDown(stream)
    const crash = (point: string, nth: number, who?: string): Fault =>
      crashAt({ point, nth, depth, ...(who !== undefined && { who }) }, downUs)
    if (targets.some(({ failpoint }) => OF_A_START.has(failpoint)) && menu.ofTheJob.includes('JobManager')) {
      const point = pick(
        stream,
        depth === 0 ? ['checkpoint.store.added', 'checkpoint.notify.sent'] : ['recovery.tasks.deployed', 'checkpoint.ack.received'],
      )
      return crash(point ?? '', 1 + stream.below(2))
    }
    const late = targets.find(({ failpoint }) => AT_THE_END.has(failpoint))
    if (late !== undefined) return crash('task.finished', 1 + stream.below(2), stream.below(2) === 0 ? late.role : undefined)
    if (depth === 0) return this.firstFailure(downUs)
    const point = pick(stream, menu.rpcs.length > 0 ? RELIABLE : RELIABLE_WITHOUT_CHECKPOINTS) ?? ''
    return stream.below(4) === 0
      ? { kind: 'exception', point: 'task.record', nth: 1 + stream.below(30), depth }
      : crash(point, 1 + stream.below(2))
  }

  /**
   * Connections of the attempts before outlive a JobManager that is back before they are missed: because their TaskManagers stand still,
   * or because the tasks that are to be cancelled are busy.
   */
  private jobManagerBackAtOnce(depth: Depth): Fault[] {
    const { stream, menu } = this
    if (stream.below(2) === 0) {
      const nth = 1 + stream.below(Math.max(1, Math.floor(this.count('checkpoint.ack.received', 'JobManager') / 2)))
      return [crashAt({ point: 'checkpoint.ack.received', nth: depth === 0 ? nth : 1 + stream.below(3), depth }, SHORTEST_DOWN_US)]
    }
    const stopped = menu.ofTheJob.filter((name) => name !== 'JobManager').slice(0, 2)
    const pauses = stopped.map((process, i): Fault => {
      const point = i === 0 ? 'checkpoint.metadata.written' : 'checkpoint.store.added'
      return { kind: 'pause', process, at: { point, nth: 1, depth }, forUs: 30_000 }
    })
    return [...pauses, crashAt({ point: 'checkpoint.notify.sent', nth: 1, depth }, SHORTEST_DOWN_US)]
  }

  /**
   * Whatever is restored, the sources come back and are triggered first; so the sink is left behind by them in normal running and
   * triggered alone. The JobManager dies when it has sent that trigger, which TaskManagers pass on in the recovery; and in a deeper one
   * that one of them has brought about, which dies when its own task has begun.
   */
  private sourcesLeftBehind(depth: Depth): Fault[] {
    const { stream } = this
    if (depth > 0) return [crashAt({ point: 'task.barrier.aligned', nth: 1, who: 'sink', depth }, SHORTEST_DOWN_US)]
    const unheard = this.unheard()
    const nth = this.count('checkpoint.trigger.sent', 'JobManager') + stream.below(3)
    return [...unheard, crashAt({ point: 'checkpoint.trigger.sent', nth, depth }, SHORTEST_DOWN_US)]
  }

  /** In normal running the tasks of the sink do not hear of the last checkpoints, and go on when the sources have finished. */
  private unheard(): Fault[] {
    const from = Math.max(1, this.count('notify-complete', 'sink') - UNHEARD_OF / 2)
    return Array.from({ length: UNHEARD_OF }, (_, i) => ({ kind: 'rpc', rpc: 'notify-complete', nth: from + i, who: 'sink', depth: 0 }))
  }

  /** Behind the first checkpoint, so that there is something to restore, and early enough that there is something left to do. */
  private firstFailure(downUs: number): Fault {
    const { stream, aims, menu } = this
    const reliable = aims.byDepth[0].failing.filter(
      ({ fault, failpoint, role }) =>
        fault !== 'hang' && this.count(failpoint, role) > 6 && (fault !== 'crash' || !failpoint.startsWith('recovery.')),
    )
    const cell = pick(stream, reliable)
    if (cell === undefined || stream.below(4) === 0) {
      const process = pick(stream, menu.ofTheJob) ?? ''
      const span = Math.max(1, Math.floor(((menu.endUs - menu.firstCheckpointUs) * 3) / 5))
      return { kind: 'crash', process, at: { timeUs: menu.firstCheckpointUs + stream.below(span) }, downUs }
    }
    return this.faultAt(cell, this.turnAt(cell)) ?? { kind: 'crash', process: '*', at: { point: cell.failpoint, nth: 1 }, downUs }
  }

  /** Which time: in normal running anywhere behind the first checkpoint, in a recovery one of the first. */
  private turnAt({ failpoint, role, depth }: MatrixCell): Turn {
    const { stream, menu } = this
    const who = role === 'source' || role === 'operator' || role === 'sink' ? { who: role } : {}
    const count = this.count(failpoint, role)
    if (depth > 0) {
      const each = Math.max(1, Math.floor((count * Math.max(1, menu.firstCheckpointUs)) / Math.max(1, menu.endUs)))
      return { nth: 1 + stream.below(stream.below(2) === 0 ? Math.min(2, each) : each), ...who, depth }
    }
    const skipped = count < 4 ? 0 : Math.floor((count * menu.firstCheckpointUs) / Math.max(1, menu.endUs))
    return { nth: 1 + skipped + stream.below(Math.max(1, Math.floor((count - skipped) / 2))), ...who, depth }
  }

  private count(failpoint: string, role: string): number {
    return this.aims.census.get(`${failpoint} ${role}`) ?? 0
  }

  private faultAt({ fault, failpoint, role }: MatrixCell, turn: Turn): Fault | undefined {
    const { stream } = this
    const at: StrikeAt = { point: failpoint, ...turn }
    switch (fault) {
      case 'crash':
        return { kind: stream.below(HOST_LOST) === 0 ? 'host-loss' : 'crash', process: '*', at, downUs: drawDown(stream) }
      case 'exception':
        return { kind: 'exception', point: failpoint, ...turn }
      case 'hang':
        return { kind: 'hang', point: failpoint, ...turn, downUs: drawDown(stream) }
      case 'failed':
      case 'unknown-applied':
      case 'unknown-lost':
        return { kind: 'call', point: failpoint, ...turn, outcome: fault }
      case 'unknown-later':
        return appliedLater(stream, this.menu, failpoint, turn)
      default:
        return this.linkFault(fault, failpoint, role, at, turn)
    }
  }

  private linkFault(fault: FaultKind, rpc: string, role: string, at: StrikeAt, turn: Turn): Fault | undefined {
    const { stream, menu } = this
    switch (fault) {
      case 'lost':
        return { kind: 'rpc', rpc, ...turn }
      case 'late':
        return { kind: 'rpc', rpc, ...turn, delayUs: drawDelay(stream, menu) }
      case 'repeated':
      case 'overtaken':
        return { kind: 'detour', rpc, ...turn, delayUs: drawDelay(stream, menu), repeated: fault === 'repeated' }
      case 'pause':
        return { kind: 'pause', process: '*', at, forUs: this.silence() }
      case 'partition': {
        const direction = pick(stream, ['both', 'from', 'to'] as const) ?? 'both'
        const cut =
          role === 'JobManager'
            ? { process: 'JobManager', others: menu.ofTheJob.filter((name) => name !== 'JobManager').slice(0, 1) }
            : { process: '*', others: ['JobManager'] }
        return { kind: 'partition', ...cut, direction, at, forUs: this.silence(), lossy: stream.below(2) === 0 }
      }
      case 'disconnect': {
        const pair = pick(stream, menu.connections)
        return pair && { kind: 'disconnect', process: pair[0], other: pair[1], at }
      }
      default:
        return undefined
    }
  }

  /** One of four is so long that it is noticed. */
  private silence(): number {
    const { stream, menu } = this
    const us = 20_000 + stream.below(Math.max(1, menu.heartbeatTimeoutUs))
    return stream.below(4) === 0 ? menu.heartbeatTimeoutUs + us : Math.max(20_000, Math.floor(us / 2))
  }

  private provoking({ failpoint, depth, role }: MatrixCell): Fault[] {
    const { stream, menu } = this
    if (failpoint === 'trigger-checkpoint' && role === 'sink' && depth === 0) return this.unheard()
    if (OF_AN_ABORT.has(failpoint) && !(failpoint === 'storage.delete' && depth === 0))
      return [{ kind: 'exception', point: 'task.snapshot.async', nth: 1 + stream.below(3), depth }]
    if (depth === 0 && OF_A_CANCEL.has(failpoint)) {
      const at = { point: 'task.barrier.aligned', nth: 1 + stream.below(20), who: role }
      const forUs = 2 * menu.heartbeatTimeoutUs
      return [{ kind: 'partition', process: '*', others: ['JobManager'], direction: 'to', at, forUs, lossy: false }]
    }
    return []
  }
}

/** Without running producers: they have finished. */
function isTriggeredAlone({ failpoint, role, depth }: MatrixCell): boolean {
  return failpoint === 'trigger-checkpoint' && role === 'sink' && depth > 0
}

/** A JobManager that starts while the tasks of its predecessor still run. */
function isBrokenAtStart({ fault, failpoint, depth }: MatrixCell): boolean {
  return fault === 'disconnect' && BEFORE_DEPLOYMENT.has(failpoint) && depth > 0
}

function crashAt(at: StrikeAt, downUs: number): Fault {
  return { kind: 'crash', process: '*', at, downUs }
}

/** Steps of every recovery, and of the checkpoint that follows it. */
const RELIABLE = [
  'recovery.failure.noticed',
  'recovery.restore.chosen',
  'recovery.state.assigned',
  'recovery.tasks.deployed',
  'task.restored',
  'task.barrier.aligned',
  'task.snapshot.sync.done',
  'checkpoint.ack.sent',
  'checkpoint.ack.received',
  'checkpoint.metadata.written',
]
const RELIABLE_WITHOUT_CHECKPOINTS = ['task.restored', 'task.cancelled']
