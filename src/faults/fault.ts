/**
 * Faults as data. A plan is a list of these, drawn from the seed or written by hand; it can be stored, replayed and made smaller.
 */

import { OUTCOMES } from '../world/index.js'
import type { Depth } from './recovery-depth.js'

/** Which time of all that a named step, call or RPC comes to pass: the n-th of the run, or of those that the other members single out. */
export interface Turn {
  /** From 1. */
  readonly nth: number
  /**
   * Counted are only those that this one takes (of an RPC: receives): a role (`sink`), a subtask of it (`sink-1`), a vertex or a process,
   * by name.
   */
  readonly who?: string
  /** Counted are only those in normal running (0), in a recovery (1), or in the recovery from a failure in a recovery (2). */
  readonly depth?: Depth
}

/** When a fault strikes: at a time, or when a named step is reached. */
export type StrikeAt = { readonly timeUs: number } | ({ readonly point: string } & Turn)

/**
 * The process dies: none of its code runs, what was in flight to it is lost; it starts again after `downUs`. A `host-loss` takes its host
 * as well: what the process had sent and nobody has received yet is lost, too, and it starts again on another host.
 */
export interface CrashFault {
  readonly kind: 'crash' | 'host-loss'
  /** Name of the process; '*' with a point: whichever reaches it. */
  readonly process: string
  readonly at: StrikeAt
  readonly downUs: number
}

/** User code throws: the task closes its operators in order and fails. */
export interface ExceptionFault extends Turn {
  readonly kind: 'exception'
  readonly point: string
}

/**
 * User code hangs while its task is cancelled: the task does not end, until its TaskManager is killed; that starts again after `downUs`.
 */
export interface HangFault extends Turn {
  readonly kind: 'hang'
  readonly point: string
  readonly downUs: number
}

/** How a call to a durable system may end: not applied and said so, or its answer is lost after it was applied, before, or for ever. */
export const CALL_OUTCOMES = OUTCOMES.filter((outcome) => outcome !== 'done')
/** See `CALL_OUTCOMES`. */
export type CallOutcome = (typeof CALL_OUTCOMES)[number]

/** A call to a durable system fails, or its answer is lost after it was applied or before; or it is applied `delayUs` after a timeout. */
export interface CallFault extends Turn {
  readonly kind: 'call'
  readonly point: string
  readonly outcome: CallOutcome
  /** Only with `unknown-later`, µs. */
  readonly delayUs?: number
}

/** One remote procedure call is lost (`delayUs` absent) or late, and those behind it with it. */
export interface RpcFault extends Turn {
  readonly kind: 'rpc'
  readonly rpc: string
  readonly delayUs?: number
}

/**
 * One remote procedure call arrives a second time (a caller repeats what it has no answer to), or late and overtaken by those behind it
 * (calls of different threads, over different connections).
 */
export interface DetourFault extends Turn {
  readonly kind: 'detour'
  readonly rpc: string
  readonly delayUs: number
  readonly repeated: boolean
}

/** Everything to and from a process takes longer for a while: a slow link, slow storage. */
export interface SlowFault {
  readonly kind: 'slow'
  readonly process: string
  readonly fromUs: number
  readonly untilUs: number
  readonly extraUs: number
}

/** The connection between two processes breaks: what is on its way between them is lost, and both ends learn of it after a while. */
export interface DisconnectFault {
  readonly kind: 'disconnect'
  readonly process: string
  readonly other: string
  /** With a point: whoever reaches it. */
  readonly at: StrikeAt
}

/**
 * A process and others are cut off from each other for a while, in both directions or in one: what the process sends (`from`), or what
 * is sent to it (`to`). As over TCP, what is sent meanwhile arrives when it is over; heartbeats do not.
 */
export interface PartitionFault {
  readonly kind: 'partition'
  /** Name of the process; '*' with a point: whichever reaches it. */
  readonly process: string
  readonly others: readonly string[]
  readonly direction: 'both' | 'from' | 'to'
  /** With a point: whoever reaches it. */
  readonly at: StrikeAt
  readonly forUs: number
  /** Remote procedure calls that may be lost are lost, not held. */
  readonly lossy: boolean
}

/** A process stops for a while and goes on as if nothing had been (a long garbage collection, a suspended machine). */
export interface PauseFault {
  readonly kind: 'pause'
  /** Name of the process; '*' with a point: whichever reaches it. */
  readonly process: string
  /** With a point: whoever reaches it. */
  readonly at: StrikeAt
  readonly forUs: number
}

/** The clock of a process is wrong from a time on: it is so far ahead, µs; behind where that is negative. Its timers go on as they do. */
export interface SkewFault {
  readonly kind: 'skew'
  readonly process: string
  readonly fromUs: number
  readonly byUs: number
}

/**
 * No fault of the cluster, but a schedule that looks for races: messages arrive and timers fire at multiples of `gridUs` only, and what
 * is due at once comes in an order that is drawn. Messages of one lane keep theirs.
 */
export interface TiesFault {
  readonly kind: 'ties'
  readonly gridUs: number
}

/**
 * No fault either: behind each restart the first checkpoint begins in the first quarter of the time that Flink draws it from, and meets
 * tasks that are still restoring or have just begun.
 */
export interface HasteFault {
  readonly kind: 'haste'
}

/**
 * A stability window: nothing strikes in it. What has begun before it goes on (a process that is down starts again, a partition lasts as
 * long as it does); what would strike within it does not strike at all, now or later.
 */
export interface CalmFault {
  readonly kind: 'calm'
  readonly at: StrikeAt
  readonly forUs: number
}

export type Fault =
  | CrashFault
  | ExceptionFault
  | CallFault
  | RpcFault
  | SlowFault
  | DisconnectFault
  | PartitionFault
  | PauseFault
  | HangFault
  | DetourFault
  | SkewFault
  | TiesFault
  | HasteFault
  | CalmFault

/** A plan of faults. */
export type FaultPlan = readonly Fault[]

/** Whether a process dies of the fault where it strikes. */
export function isCrash(fault: Fault): fault is CrashFault {
  return fault.kind === 'crash' || fault.kind === 'host-loss'
}

/** How long a fault lasts from where it strikes, or what it holds back is held back, µs; 0 when it is over at once. */
export function lastingUs(fault: Fault): number {
  if ('forUs' in fault) return fault.forUs
  if ('untilUs' in fault) return fault.untilUs - fault.fromUs + fault.extraUs
  if ('delayUs' in fault) return fault.delayUs
  return 'downUs' in fault ? fault.downUs : 0
}
