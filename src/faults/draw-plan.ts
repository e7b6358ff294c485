import type { Stream } from '../world/index.js'
import type { CallFault, CallOutcome, Fault, FaultPlan, Turn } from './fault.js'

/** Which faults a scenario must survive, and how often each step is reached in a run without faults. */
export interface FaultMenu {
  /** Processes that may crash at any time. */
  readonly processes: readonly string[]
  /** Those of them whose crash makes the job recover. */
  readonly ofTheJob: readonly string[]
  /** Steps at which whoever reaches them crashes, by moments of the protocol: each moment is struck as often as the others. */
  readonly moments: readonly (readonly string[])[]
  readonly exceptions: readonly string[]
  /** Steps, calls and exceptions that force no recovery which a checkpoint follows: the job survives them, or it is about to end. */
  readonly harmless: ReadonlySet<string>
  readonly calls: readonly string[]
  /** Those of them that may be applied after a while although their callers have seen a timeout. */
  readonly later?: readonly string[]
  readonly rpcs: readonly string[]
  /** Remote procedure calls that may be overtaken, and those that may be repeated. */
  readonly overtaken: readonly string[]
  readonly repeated: readonly string[]
  /** Processes whose links may be slow. */
  readonly slow: readonly string[]
  /** Pairs of processes whose connection may break. */
  readonly connections: readonly (readonly [string, string])[]
  /** Who may be cut off from whom. */
  readonly partitions: readonly { readonly process: string; readonly others: readonly string[] }[]
  /** Processes that may stop for a while. */
  readonly pauses: readonly string[]
  /** Steps at which user code may hang; they are reached in recoveries only, in each about so many times. */
  readonly hangs: readonly string[]
  readonly tasks: number
  /** TaskManagers of which one may be lost for good: the others have slots enough. */
  readonly expendable?: readonly string[]
  /** Processes whose clocks may be wrong. */
  readonly clocks?: readonly string[]
  /** `heartbeat.timeout`, µs: what lasts longer is noticed. */
  readonly heartbeatTimeoutUs: number
  /** Longest delay of a late message, µs. */
  readonly latestUs: number
  /** Steps that are taken at each deployment: a fault that aims at a recovery strikes them when they are reached anew. */
  readonly recovery: ReadonlySet<string>
  /** Reach counts of a run without faults: `nth` is drawn below them. */
  readonly reached: ReadonlyMap<string, number>
  /** When the first checkpoint completed and when the job ended without faults, µs. */
  readonly firstCheckpointUs: number
  readonly endUs: number
  /** Most faults in one plan. */
  readonly maxFaults: number
}

/** A kind of fault that a swarm may leave out; what happens to links is drawn apart (see `drawLinkFaults`). */
type Kind = Exclude<Fault['kind'], 'disconnect' | 'partition' | 'pause' | 'hang' | 'detour' | 'skew' | 'ties'>
const KINDS: readonly Kind[] = ['crash', 'exception', 'call', 'rpc', 'slow']

/** Kinds that strike at a named step, and so can be aimed at a recovery. */
const STRIKING = KINDS.map((kind) => kind === 'crash' || kind === 'exception' || kind === 'call')

/** When a fault may strike: anywhere, once a checkpoint has completed, or in a recovery. */
type Phase = 'any' | 'after-checkpoint' | 'recovery'

/**
 * Draws a plan. Swarm testing: each seed leaves a random part of the kinds out and weighs the others differently. The first fault
 * always forces a recovery once a checkpoint has completed, because a run without one shows nothing; later ones may fall
 * anywhere, and many into a recovery, where a second failure does the most harm.
 */
export function drawPlan(stream: Stream, menu: FaultMenu): FaultPlan {
  const weights = KINDS.map((kind) => (stream.below(3) === 0 ? 0 : 1 + stream.below(100)) * (isPossible(kind, menu) ? 1 : 0))
  const faults: Fault[] = [drawRecovery(stream, menu)]
  const more = stream.below(menu.maxFaults)
  for (let i = 0; i < more; i++) {
    const phase = stream.below(3) === 0 ? 'recovery' : 'any'
    const kind = weighted(stream, phase === 'recovery' ? weights.map((weight, index) => (STRIKING[index] === true ? weight : 0)) : weights)
    const fault = kind === undefined ? undefined : drawFault(stream, menu, kind, phase)
    if (fault !== undefined) faults.push(fault)
  }
  return faults
}

function isPossible(kind: Kind, menu: FaultMenu): boolean {
  switch (kind) {
    case 'crash':
      return menu.processes.length > 0
    case 'exception':
      return menu.exceptions.length > 0
    case 'call':
      return menu.calls.length > 0
    case 'rpc':
      return menu.rpcs.length > 0
    case 'slow':
      return menu.slow.length > 0
  }
}

function weighted(stream: Stream, weights: readonly number[]): Kind | undefined {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  if (total === 0) return undefined
  let left = stream.below(total)
  return KINDS.find((_, i) => (left -= weights[i] ?? 0) < 0)
}

/** A crash or an exception behind the first completed checkpoint. */
function drawRecovery(stream: Stream, menu: FaultMenu): Fault {
  const exception = stream.below(3) === 0 ? drawException(stream, menu, 'after-checkpoint') : undefined
  return exception ?? drawCrash(stream, menu, 'after-checkpoint')
}

function drawFault(stream: Stream, menu: FaultMenu, kind: Kind, phase: Phase): Fault | undefined {
  switch (kind) {
    case 'crash':
      return drawCrash(stream, menu, phase)
    case 'exception':
      return drawException(stream, menu, phase)
    case 'call':
      return drawCall(stream, menu, phase)
    case 'rpc': {
      const rpc = pick(stream, menu.rpcs)
      const late = stream.below(2) === 0
      return rpc === undefined
        ? undefined
        : { kind, rpc, nth: nth(stream, menu, rpc, 'any'), ...(late && { delayUs: drawDelay(stream, menu) }) }
    }
    case 'slow': {
      const process = pick(stream, menu.slow)
      const fromUs = stream.below(menu.endUs)
      return process === undefined
        ? undefined
        : { kind, process, fromUs, untilUs: fromUs + 10_000 * (1 + stream.below(20)), extraUs: drawSlowness(stream, menu) }
    }
  }
}

function drawCrash(stream: Stream, menu: FaultMenu, phase: Phase): Fault {
  const moments = menu.moments.map((points) => points.filter((point) => comesToPass(menu, point, phase))).filter(({ length }) => length > 0)
  const point = phase !== 'recovery' && stream.below(3) === 0 ? undefined : pick(stream, pick(stream, moments) ?? [])
  if (point !== undefined)
    return { kind: 'crash', process: '*', at: { point, nth: nth(stream, menu, point, phase) }, downUs: drawDown(stream) }
  const process = pick(stream, phase === 'after-checkpoint' ? menu.ofTheJob : menu.processes) ?? ''
  return { kind: 'crash', process, at: { timeUs: drawTime(stream, menu, phase) }, downUs: drawDown(stream) }
}

function drawException(stream: Stream, menu: FaultMenu, phase: Phase): Fault | undefined {
  const point = pick(
    stream,
    menu.exceptions.filter((candidate) => comesToPass(menu, candidate, phase)),
  )
  return point === undefined ? undefined : { kind: 'exception', point, nth: nth(stream, menu, point, phase) }
}

function drawCall(stream: Stream, menu: FaultMenu, phase: Phase): CallFault | undefined {
  const aimed = menu.calls.filter((point) => comesToPass(menu, point, phase))
  const point = pick(stream, aimed.length > 0 ? aimed : menu.calls)
  const outcome = pick(stream, ['failed', 'unknown-applied', 'unknown-lost'] as const)
  if (point === undefined || outcome === undefined) return undefined
  return callFault(stream, menu, point, outcome, { nth: nth(stream, menu, point, phase) })
}

/** A call that ends like this; one of two that are never applied is applied later, where the menu has it. */
export function callFault(
  stream: Stream,
  menu: Pick<FaultMenu, 'later' | 'latestUs'>,
  point: string,
  outcome: Exclude<CallOutcome, 'unknown-later'>,
  turn: Turn,
): CallFault {
  const later = outcome === 'unknown-lost' && menu.later?.includes(point) === true && stream.below(2) === 0
  return later ? appliedLater(stream, menu, point, turn) : { kind: 'call', point, ...turn, outcome }
}

/** A call whose caller sees a timeout, and that is applied after a while. */
export function appliedLater(stream: Stream, menu: Pick<FaultMenu, 'latestUs'>, point: string, turn: Turn): CallFault {
  return { kind: 'call', point, ...turn, outcome: 'unknown-later', delayUs: drawDelay(stream, menu) }
}

/** Whether a step is reached in this phase; behind a checkpoint, whether a fault there forces a recovery. */
function comesToPass(menu: FaultMenu, point: string, phase: Phase): boolean {
  if (phase === 'recovery') return menu.recovery.has(point)
  const reached = menu.reached.get(point) ?? 0
  return phase === 'any' ? reached > 0 : reached > 1 && !menu.recovery.has(point) && !menu.harmless.has(point)
}

/** Steps are reached about evenly over the run: behind the first checkpoint means in the later part of the counts, in a recovery beyond them. */
function nth(stream: Stream, menu: FaultMenu, point: string, phase: Phase): number {
  const reached = menu.reached.get(point) ?? 0
  const count = Math.max(1, reached)
  if (phase === 'recovery' && menu.recovery.has(point)) return reached + 1 + stream.below(count)
  const skipped = phase === 'after-checkpoint' ? Math.floor((count * menu.firstCheckpointUs) / Math.max(1, menu.endUs)) : 0
  return 1 + skipped + stream.below(early(count - skipped, phase))
}

function drawTime(stream: Stream, menu: FaultMenu, phase: Phase): number {
  const from = phase === 'after-checkpoint' ? menu.firstCheckpointUs : 0
  return from + stream.below(early(menu.endUs - from, phase))
}

/** Behind the first checkpoint and early enough that another one follows: the last sixth of what is left is left out. */
function early(span: number, phase: Phase): number {
  return Math.max(1, phase === 'after-checkpoint' ? Math.floor((span * 5) / 6) : span)
}

/**
 * Every second delay is of any order of magnitude from a millisecond on; the others lie anywhere up to the longest, because around the
 * checkpoint timeout it is open whether a task learns first of a checkpoint or of its end.
 */
export function drawDelay(stream: Stream, menu: Pick<FaultMenu, 'latestUs'>): number {
  const orders: number[] = []
  for (let us = 1000; us < 2 * menu.latestUs; us *= 2) orders.push(us)
  const longest = stream.below(2) === 0 ? pick(stream, orders) : menu.latestUs
  return 1000 + stream.below(longest ?? 1000)
}

/** A few milliseconds, or so much that a checkpoint expires within a few hops. */
function drawSlowness(stream: Stream, menu: FaultMenu): number {
  return 1000 + stream.below(stream.below(2) === 0 ? 20_000 : Math.ceil(menu.latestUs / 8))
}

/** How long a process stays down, µs. */
export function drawDown(stream: Stream): number {
  return 1000 * (1 + stream.below(stream.below(2) === 0 ? 20 : 300))
}

/** One of these, if there are any. */
export function pick<T>(stream: Stream, choices: readonly T[]): T | undefined {
  return choices.length === 0 ? undefined : choices[stream.below(choices.length)]
}
