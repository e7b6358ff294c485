/** The fault of a cell of the matrix: what a plan has so that it lands there. */
import {
  appliedLater,
  drawCrashKind,
  drawDelay,
  drawDown,
  pick,
  type DisconnectFault,
  type Fault,
  type FaultMenu,
  type StrikeAt,
  type Turn,
} from '../faults/index.js'
import type { Stream } from '../world/index.js'
import type { Aims } from './aims.js'
import type { FaultKind, MatrixCell } from './landing.js'

/** Not every pair of processes has a connection at every step: so many are tried, one after the other. */
const PAIRS = 3

/** The shortest silence that is aimed, µs. */
const SHORTEST_SILENCE_US = 20_000

/** Draws the faults of cells, for one plan. */
export class AimedFaults {
  /** A silence in a recovery was drawn. */
  private isSilent = false
  /** Delays go by the job where its timeouts are longer. */
  private readonly latest: Pick<FaultMenu, 'latestUs'>

  constructor(
    private readonly stream: Stream,
    private readonly aims: Aims,
    private readonly menu: FaultMenu,
  ) {
    this.latest = { latestUs: Math.min(menu.latestUs, menu.endUs) }
  }

  /** The fault of a cell; several where not every one of them can land. */
  at(cell: MatrixCell): Fault[] {
    const turn = this.turnAt(cell)
    return cell.fault === 'disconnect' ? this.disconnects(cell, turn) : [this.fault(cell, turn)].flatMap((fault) => fault ?? [])
  }

  /** How often a step comes to pass without faults. */
  count(failpoint: string, role: string): number {
    return this.aims.census.get(`${failpoint} ${role}`) ?? 0
  }

  /** Which time: in normal running anywhere behind the first checkpoint, in a recovery one of the first. */
  turnAt({ failpoint, role, depth }: MatrixCell): Turn {
    const { stream, menu } = this
    const who = whoTakes(role)
    const count = this.count(failpoint, role)
    if (depth > 0) {
      const each = Math.max(1, Math.floor((count * Math.max(1, menu.firstCheckpointUs)) / Math.max(1, menu.endUs)))
      return { nth: 1 + stream.below(stream.below(2) === 0 ? Math.min(2, each) : each), ...who, depth }
    }
    const skipped = count < 4 ? 0 : Math.floor((count * menu.firstCheckpointUs) / Math.max(1, menu.endUs))
    return { nth: 1 + skipped + stream.below(Math.max(1, Math.floor((count - skipped) / 2))), ...who, depth }
  }

  /** The fault of a cell at this turn; undefined for a connection, of which there is none. */
  fault({ fault, failpoint, role }: MatrixCell, turn: Turn): Fault | undefined {
    const { stream } = this
    const at: StrikeAt = { point: failpoint, ...turn }
    switch (fault) {
      case 'crash':
        return { kind: drawCrashKind(stream), process: '*', at, downUs: drawDown(stream) }
      case 'exception':
        return { kind: 'exception', point: failpoint, ...turn }
      case 'hang':
        return { kind: 'hang', point: failpoint, ...turn, downUs: drawDown(stream) }
      case 'failed':
      case 'unknown-applied':
      case 'unknown-lost':
        return { kind: 'call', point: failpoint, ...turn, outcome: fault }
      case 'unknown-later':
        return appliedLater(stream, this.latest, failpoint, turn)
      default:
        return this.linkFault(fault, failpoint, role, at, turn)
    }
  }

  private linkFault(fault: FaultKind, rpc: string, role: string, at: StrikeAt, turn: Turn): Fault | undefined {
    const { stream } = this
    switch (fault) {
      case 'lost':
        return { kind: 'rpc', rpc, ...turn }
      case 'late':
        return { kind: 'rpc', rpc, ...turn, delayUs: this.delay() }
      case 'repeated':
      case 'overtaken':
        return { kind: 'detour', rpc, ...turn, delayUs: this.delay(), repeated: fault === 'repeated' }
      case 'pause':
        return { kind: 'pause', process: '*', at, forUs: this.silence(turn) }
      case 'partition': {
        const direction = pick(stream, ['both', 'both', 'from', 'to'] as const) ?? 'both'
        const cut =
          role === 'JobManager' ? { process: 'JobManager', others: this.lostByJobManager() } : { process: '*', others: ['JobManager'] }
        return { kind: 'partition', ...cut, direction, at, forUs: this.silence(turn), lossy: stream.below(2) === 0 }
      }
      default:
        return undefined
    }
  }

  private delay(): number {
    return drawDelay(this.stream, this.latest)
  }

  /** One TaskManager, or all of them: of one alone there is nothing to hear at some steps. */
  private lostByJobManager(): readonly string[] {
    const { stream, menu } = this
    const taskManagers = taskManagersOf(menu)
    return stream.below(2) === 0 ? taskManagers : taskManagers.slice(0, 1)
  }

  /**
   * One of four is so long that it is noticed; of several in the recoveries of a run only the first may be. The others are no longer than
   * the job, even if heartbeats are far rarer.
   */
  private silence({ depth }: Turn): number {
    const { stream, menu } = this
    const us = SHORTEST_SILENCE_US + stream.below(Math.max(1, Math.min(menu.heartbeatTimeoutUs, menu.endUs)))
    const mayBeNoticed = depth === 0 || !this.isSilent
    this.isSilent ||= depth !== 0
    if (stream.below(4) === 0 && mayBeNoticed) return menu.heartbeatTimeoutUs + us
    return Math.max(SHORTEST_SILENCE_US, Math.floor(us / 2))
  }

  /** Other pairs at the times behind: of what strikes at the same time only the first would be tried. */
  private disconnects({ failpoint }: MatrixCell, turn: Turn): DisconnectFault[] {
    const { stream, menu } = this
    const { connections } = menu
    const from = stream.below(Math.max(1, connections.length))
    const pairs = [...connections.slice(from), ...connections.slice(0, from)].slice(0, PAIRS)
    return pairs.map(([process, other], i) => ({
      kind: 'disconnect',
      process,
      other,
      at: { point: failpoint, ...turn, nth: turn.nth + i },
    }))
  }
}

/** Names of the TaskManagers that a plan may strike. */
export function taskManagersOf({ ofTheJob }: FaultMenu): readonly string[] {
  return ofTheJob.filter((name) => name !== 'JobManager')
}

/** Roles of tasks single out whose steps are counted; of all others there is one. */
export function whoTakes(role: string): Pick<Turn, 'who'> {
  return role === 'source' || role === 'operator' || role === 'sink' ? { who: role } : {}
}
