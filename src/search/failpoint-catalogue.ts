/** Every named step, call and remote procedure call at which a fault may strike: one list over engine and outside systems. */
import {
  callSteps,
  crashSteps,
  exceptionSteps,
  hangSteps,
  rpcSteps,
  type CallPoint,
  type CrashPoint,
  type EngineRole,
  type ExceptionPoint,
  type HangPoint,
  type RpcName,
} from '../engine/index.js'
import { systemCalls, type SystemCallName, type SystemRole } from '../systems/index.js'

/** Name of a step, call or remote procedure call. */
export type FailpointName = CrashPoint | ExceptionPoint | HangPoint | CallPoint | RpcName | SystemCallName

/** What kind of thing may happen at a failpoint: a process dies, code throws or hangs, a call goes wrong, an RPC is disturbed. */
export type FailpointKind = 'crash' | 'exception' | 'hang' | 'call' | 'rpc'

/** One of the catalogue. */
export interface Failpoint {
  /** Stable: plans, tokens and reports refer to it. */
  readonly name: FailpointName
  readonly kind: FailpointKind
  /** Who takes the step, answers the call, or receives the RPC; `task`: a task of any role. */
  readonly role: EngineRole | SystemRole
  readonly about: string
}

/** The catalogue, in the order of the protocol. */
export const failpointCatalogue: readonly Failpoint[] = [
  ...crashSteps.map((step) => ({ kind: 'crash' as const, ...step })),
  ...exceptionSteps.map((step) => ({ kind: 'exception' as const, ...step })),
  ...hangSteps.map((step) => ({ kind: 'hang' as const, ...step })),
  ...callSteps.map((step) => ({ kind: 'call' as const, ...step })),
  ...systemCalls.map((step) => ({ kind: 'call' as const, ...step })),
  ...rpcSteps.map(({ lossy: _, ...step }) => ({ kind: 'rpc' as const, ...step })),
]

/** Remote procedure calls that may be lost or late: the trigger, the acknowledgement, the notification. */
export const LOSSY_RPCS: readonly RpcName[] = rpcSteps.filter(({ lossy }) => lossy).map(({ name }) => name)

/** Calls that may be repeated, or overtake each other: in Flink they are made by different threads of the coordinator and of the task. */
export const UNORDERED_RPCS: readonly RpcName[] = rpcSteps.map(({ name }) => name)

/** Calls that may be applied after a while although their callers have seen a timeout: files, the checkpoint store, commits. */
export const LATE_CALLS: readonly FailpointName[] = ['storage.put', 'store.add', 'store.commit', 'kafka.end-txn', 'file.rename']

const byName: ReadonlyMap<string, Failpoint> = new Map(failpointCatalogue.map((failpoint) => [failpoint.name, failpoint]))

/** The failpoint of a name, if there is one. */
export function failpointNamed(name: string): Failpoint | undefined {
  return byName.get(name)
}

/** Names of one kind, in the order of the catalogue. */
export function failpointsOf(kind: FailpointKind): readonly FailpointName[] {
  return failpointCatalogue.filter((failpoint) => failpoint.kind === kind).map(({ name }) => name)
}
