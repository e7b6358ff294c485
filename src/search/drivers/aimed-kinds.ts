/** The kinds of faults that a guided campaign aims, each with the steps that it may strike at and with its nature. */
import {
  appliedLater,
  drawCrashKind,
  drawDelay,
  drawDown,
  pick,
  type CallFault,
  type Fault,
  type FaultMenu,
  type Turn,
} from '../../faults/index.js'
import type { Stream } from '../../world/index.js'

/**
 * What a fault does by itself: an RPC is late or repeated, a process is slow or stands still, a call or an RPC comes to nothing, a part of
 * the job is gone; or a task fails, whatever else is under way.
 */
export type FaultNature = 'delay' | 'slowness' | 'refusal' | 'failure' | 'interruption'

/** Tasks come by here all the time: who strikes at any of its occurrences strikes in every phase of a checkpoint as often as it lasts. */
const ANY_MOMENT = 'task.record'

/** A kind of fault and the steps it may strike at. */
export interface AimedKind {
  readonly points: readonly string[]
  readonly nature: FaultNature
  /** Its points are steps, calls or RPCs, which may never come to pass. */
  readonly atSteps: boolean
  readonly fault: (stream: Stream, point: string, turn: Turn) => Fault
}

const known = new WeakMap<FaultMenu, readonly AimedKind[]>()

/** The kinds of one nature that a menu allows. */
export function kindsOfNature(menu: FaultMenu, nature: FaultNature): readonly AimedKind[] {
  return kindsOf(menu).filter((kind) => kind.nature === nature)
}

/** What a menu allows at steps; made once for each menu. */
export function kindsOf(menu: FaultMenu): readonly AimedKind[] {
  let kinds = known.get(menu)
  if (kinds === undefined)
    known.set(menu, (kinds = [...kindsAtSteps(menu), ...kindsOfSilence(menu), slowness(menu)].filter(({ points }) => points.length > 0)))
  return kinds
}

function kindsAtSteps(menu: FaultMenu): AimedKind[] {
  const { exceptions, hangs, calls, rpcs, overtaken, repeated } = menu
  const called = (outcome: CallFault['outcome']): AimedKind => ({
    points: calls,
    nature: 'refusal',
    atSteps: true,
    fault: (_, point, turn) => ({ kind: 'call', point, ...turn, outcome }),
  })
  const detour = (points: readonly string[], again: boolean): AimedKind => ({
    points,
    nature: 'delay',
    atSteps: true,
    fault: (stream, rpc, turn) => ({ kind: 'detour', rpc, ...turn, delayUs: drawDelay(stream, menu), repeated: again }),
  })
  return [
    {
      points: menu.moments.flat(),
      nature: 'failure',
      atSteps: true,
      fault: (stream, point, turn) => ({
        kind: drawCrashKind(stream),
        process: '*',
        at: { point, ...turn },
        downUs: drawDown(stream),
      }),
    },
    { points: exceptions, nature: 'failure', atSteps: true, fault: (_, point, turn) => ({ kind: 'exception', point, ...turn }) },
    {
      points: exceptions.filter((point) => point === ANY_MOMENT),
      nature: 'interruption',
      atSteps: true,
      fault: (_, point, turn) => ({ kind: 'exception', point, ...turn }),
    },
    {
      points: hangs,
      nature: 'failure',
      atSteps: true,
      fault: (stream, point, turn) => ({ kind: 'hang', point, ...turn, downUs: drawDown(stream) }),
    },
    called('failed'),
    called('unknown-applied'),
    called('unknown-lost'),
    {
      points: calls.filter((call) => menu.later?.includes(call)),
      nature: 'refusal',
      atSteps: true,
      fault: (stream, point, turn) => appliedLater(stream, menu, point, turn),
    },
    { points: rpcs, nature: 'refusal', atSteps: true, fault: (_, rpc, turn) => ({ kind: 'rpc', rpc, ...turn }) },
    {
      points: rpcs,
      nature: 'delay',
      atSteps: true,
      fault: (stream, rpc, turn) => ({ kind: 'rpc', rpc, ...turn, delayUs: drawDelay(stream, menu) }),
    },
    detour(overtaken, false),
    detour(repeated, true),
  ]
}

/** A process stops, is cut off, or loses a connection; whom it hits is drawn with the fault. */
function kindsOfSilence(menu: FaultMenu): AimedKind[] {
  const { moments, pauses, partitions, connections, heartbeatTimeoutUs } = menu
  const points = moments.flat()
  const length = (stream: Stream): number => 1 + stream.below(2 * Math.max(1, heartbeatTimeoutUs))
  const ofEach = <T>(nature: FaultNature, targets: readonly T[], fault: (target: T) => AimedKind['fault']): AimedKind[] => {
    const [first, ...others] = targets
    if (first === undefined) return []
    return [
      {
        points,
        nature,
        atSteps: true,
        fault: (stream, point, turn) => fault(pick(stream, [first, ...others]) ?? first)(stream, point, turn),
      },
    ]
  }
  return [
    ...ofEach('slowness', pauses, (process) => (stream, point, turn) => ({
      kind: 'pause',
      process,
      at: { point, ...turn },
      forUs: length(stream),
    })),
    ...ofEach('failure', partitions, (cut) => (stream, point, turn) => ({
      kind: 'partition',
      ...cut,
      direction: pick(stream, ['both', 'from', 'to'] as const) ?? 'both',
      at: { point, ...turn },
      forUs: length(stream),
      lossy: stream.below(2) === 0,
    })),
    ...ofEach('failure', connections, ([process, other]) => (_, point, turn) => ({
      kind: 'disconnect',
      process,
      other,
      at: { point, ...turn },
    })),
  ]
}

/** A slow link: it is aimed at a process, at any time, and lands nowhere in the matrix. */
function slowness(menu: FaultMenu): AimedKind {
  return {
    points: menu.slow,
    nature: 'slowness',
    atSteps: false,
    fault: (stream, process) => {
      const fromUs = stream.below(Math.max(1, menu.endUs))
      const untilUs = fromUs + 10_000 * (1 + stream.below(20))
      return { kind: 'slow', process, fromUs, untilUs, extraUs: drawDelay(stream, menu) }
    },
  }
}
