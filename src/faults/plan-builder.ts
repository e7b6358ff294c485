/**
 * Words to write a plan of faults with: `crash('JobManager').at('checkpoint.store.added', { nth: 2 })`. What they make is data, as it is
 * stored and replayed. Times and delays are µs.
 */
import type { CallPoint, CrashPoint, ExceptionPoint, HangPoint, RpcName } from '../engine/index.js'
import type { SystemCallName } from '../systems/index.js'
import type {
  CallFault,
  CalmFault,
  CrashFault,
  DetourFault,
  DisconnectFault,
  ExceptionFault,
  HangFault,
  HasteFault,
  PartitionFault,
  PauseFault,
  RpcFault,
  SkewFault,
  SlowFault,
  StrikeAt,
  TiesFault,
  Turn,
} from './fault.js'

/** Which time of all: the first unless this says otherwise. */
export type When = Partial<Turn>

/** Which call of all: `to` is a role (`sink`), a subtask of it (`sink-1`), a vertex or a process. */
export interface WhichCall extends Omit<When, 'who'> {
  readonly to?: string
}

/** Remote procedure calls in Flink's words. */
const RPCS = {
  triggerCheckpoint: 'trigger-checkpoint',
  acknowledge: 'acknowledge',
  notifyComplete: 'notify-complete',
  notifyAborted: 'notify-aborted',
  decline: 'decline',
} as const satisfies Record<string, RpcName>
/** See `RPCS`. */
export type RpcWord = keyof typeof RPCS

/** Calls that may be lost. */
export type LossyRpcWord = Exclude<RpcWord, 'notifyAborted' | 'decline'>

/** How long a process stays down where nothing is said, µs. */
const DOWN_US = 20_000
/** How long after its timeout a call is applied where nothing is said, µs. */
const LATER_US = 50_000

/** A fault that still has to be told when it strikes. */
export interface Striking<F> {
  /** At a named step. */
  at(point: CrashPoint, when?: When): F
  /** At a time, µs. */
  atTime(timeUs: number): F
}

/** A process dies and starts again: that of this name, or whichever takes the step. */
export function crash(process = '*', downUs = DOWN_US): Striking<CrashFault> {
  return striking((at) => ({ kind: 'crash', process, at, downUs }))
}

/** A process dies with its host: what it had sent and nobody has received yet is lost as well. It starts again on another one. */
export function loseHost(process = '*', downUs = DOWN_US): Striking<CrashFault> {
  return striking((at) => ({ kind: 'host-loss', process, at, downUs }))
}

/** A process stops for a while: that of this name, or whichever takes the step. */
export function pause(process: string, forUs: number): Striking<PauseFault> {
  return striking((at) => ({ kind: 'pause', process, at, forUs }))
}

/** The connection between two processes breaks. */
export function disconnect(process: string, other: string): Striking<DisconnectFault> {
  return striking((at) => ({ kind: 'disconnect', process, other, at }))
}

/** User code throws. */
export function exception(point: ExceptionPoint, when?: When): ExceptionFault {
  return { kind: 'exception', point, ...turn(when) }
}

/** User code hangs until its TaskManager is killed. */
export function hang(point: HangPoint, when?: When, downUs = DOWN_US): HangFault {
  return { kind: 'hang', point, ...turn(when), downUs }
}

/** A remote procedure call is lost. */
export function lose(rpc: LossyRpcWord, which?: WhichCall): RpcFault {
  return { kind: 'rpc', rpc: RPCS[rpc], ...turnOfCall(which) }
}

/** A remote procedure call is late, and those behind it with it. */
export function delay(rpc: LossyRpcWord, delayUs: number, which?: WhichCall): RpcFault {
  return { kind: 'rpc', rpc: RPCS[rpc], ...turnOfCall(which), delayUs }
}

/** A remote procedure call arrives a second time, so long after it was sent. */
export function repeat(rpc: Exclude<RpcWord, 'acknowledge'>, delayUs: number, which?: WhichCall): DetourFault {
  return { kind: 'detour', rpc: RPCS[rpc], ...turnOfCall(which), delayUs, repeated: true }
}

/** A remote procedure call is late, and those behind it overtake it. */
export function overtake(rpc: RpcWord, delayUs: number, which?: WhichCall): DetourFault {
  return { kind: 'detour', rpc: RPCS[rpc], ...turnOfCall(which), delayUs, repeated: false }
}

/** A call to a durable system fails: nothing was done. */
export function fail(point: CallPoint | SystemCallName, when?: When): CallFault {
  return { kind: 'call', point, ...turn(when), outcome: 'failed' }
}

/** Calls that may be applied although whoever made them has seen a timeout. */
export type LateCall = 'storage.put' | 'store.add' | 'store.commit' | 'kafka.end-txn' | 'file.rename'

/** The answer of a call is lost: after it was applied, or instead; or it is applied later, so long after the timeout (µs). */
export function unknown(point: CallPoint | SystemCallName, was: 'applied' | 'lost', when?: When): CallFault
export function unknown(point: LateCall, was: 'later', when?: When & { readonly delayUs?: number }): CallFault
export function unknown(
  point: CallPoint | SystemCallName,
  was: 'applied' | 'lost' | 'later',
  { delayUs, ...when }: When & { readonly delayUs?: number } = {},
): CallFault {
  return { kind: 'call', point, ...turn(when), outcome: `unknown-${was}`, ...(was === 'later' && { delayUs: delayUs ?? LATER_US }) }
}

/** From when until when, µs. */
export interface Span {
  readonly from: number
  readonly until: number
}

/** What a partition is like; both directions, held and not lost, unless this says otherwise. */
export interface PartitionOptions extends Span {
  readonly others?: readonly string[]
  readonly direction?: PartitionFault['direction']
  readonly lossy?: boolean
}

/** A process is cut off from others for a while: from the JobManager unless others are named. */
export function partition(process: string, options: PartitionOptions): PartitionFault {
  const { from, until, others = ['JobManager'], direction = 'both', lossy = false } = options
  return { kind: 'partition', process, others, direction, at: { timeUs: from }, forUs: until - from, lossy }
}

/** Everything to and from a process takes longer for a while. */
export function slow(process: string, { from, until, extraUs }: Span & { readonly extraUs: number }): SlowFault {
  return { kind: 'slow', process, fromUs: from, untilUs: until, extraUs }
}

/** The clock of a process is so far ahead from a time on, µs; behind where that is negative. */
export function skew(process: string, { from = 0, byUs }: { readonly from?: number; readonly byUs: number }): SkewFault {
  return { kind: 'skew', process, fromUs: from, byUs }
}

/** Everything is due at multiples of this only, µs, and what is due at once comes in any order. */
export function ties(gridUs: number): TiesFault {
  return { kind: 'ties', gridUs }
}

/** The first checkpoint behind each restart begins early. */
export function haste(): HasteFault {
  return { kind: 'haste' }
}

/** Nothing strikes for so long, µs: from a step or a time on. */
export function calm(forUs: number): Striking<CalmFault> {
  return striking((at) => ({ kind: 'calm', at, forUs }))
}

function striking<F>(made: (at: StrikeAt) => F): Striking<F> {
  return {
    at: (point, when) => made({ point, ...turn(when) }),
    atTime: (timeUs) => made({ timeUs }),
  }
}

function turn({ nth = 1, ...among }: When = {}): Turn {
  return { nth, ...among }
}

function turnOfCall({ to, ...when }: WhichCall = {}): Turn {
  return turn({ ...when, ...(to !== undefined && { who: to }) })
}
