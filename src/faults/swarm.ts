/**
 * Swarm testing (Groce, Zhang, Eide, Chen, Regehr: Swarm Testing, 2012): what a run may not do matters as much as what it does. A kind
 * of fault that strikes often keeps a run from getting where another one would tell something; so each seed leaves a random part of the
 * kinds out and weighs the others differently.
 */
import type { Stream } from '../world/index.js'
import { drawCall, drawDetour, drawRpc } from './draw-calls.js'
import { drawCrash, drawException, drawHang, drawHostLoss, drawLoss } from './draw-failures.js'
import { drawDisconnect, drawPartition, drawPause, drawSlow } from './draw-silences.js'
import { drawSkew, drawTies } from './draw-timing.js'
import type { Phase } from './draws.js'
import type { Fault } from './fault.js'
import type { FaultMenu } from './menu.js'

/** How one kind of fault is drawn. */
interface SwarmMember {
  readonly draw: (stream: Stream, menu: FaultMenu, phase: Phase) => Fault | undefined
  /** Whether the menu has a target for it. */
  readonly isPossible: (menu: FaultMenu) => boolean
  /** It can be aimed at a recovery. */
  readonly inRecoveries?: true
  /** It makes the job recover, wherever it strikes. */
  readonly fails?: true
  /** Once in a run is enough: it lasts. */
  readonly once?: true
}

const MEMBERS = {
  crash: { draw: drawCrash, isPossible: ({ processes }) => processes.length > 0, inRecoveries: true, fails: true },
  exception: { draw: drawException, isPossible: ({ exceptions }) => exceptions.length > 0, inRecoveries: true, fails: true },
  'host-loss': { draw: drawHostLoss, isPossible: ({ processes }) => processes.length > 0, inRecoveries: true, fails: true },
  hang: { draw: drawHang, isPossible: ({ hangs }) => hangs.length > 0, inRecoveries: true, once: true },
  call: { draw: drawCall, isPossible: ({ calls }) => calls.length > 0, inRecoveries: true },
  rpc: { draw: drawRpc, isPossible: ({ rpcs }) => rpcs.length > 0, inRecoveries: true },
  detour: { draw: drawDetour, isPossible: ({ overtaken, repeated }) => overtaken.length + repeated.length > 0, inRecoveries: true },
  slow: { draw: drawSlow, isPossible: ({ slow }) => slow.length > 0 },
  disconnect: { draw: drawDisconnect, isPossible: ({ connections }) => connections.length > 0, inRecoveries: true },
  partition: { draw: drawPartition, isPossible: ({ partitions }) => partitions.length > 0, inRecoveries: true },
  // One in a recovery lets attempts that were given up open their writers behind their successors, which breaks a precondition.
  pause: { draw: drawPause, isPossible: ({ pauses }) => pauses.length > 0 },
  loss: { draw: drawLoss, isPossible: ({ expendable = [] }) => expendable.length > 0, once: true },
  skew: { draw: drawSkew, isPossible: ({ clocks = [] }) => clocks.length > 0, once: true },
  ties: { draw: drawTies, isPossible: () => true, once: true },
} as const satisfies Record<string, SwarmMember>

/** A kind of fault that a swarm weighs or leaves out. */
export type SwarmKind = keyof typeof MEMBERS

const KINDS: readonly (readonly [SwarmKind, SwarmMember])[] = Object.entries(MEMBERS).flatMap(([name, member]) =>
  isKind(name) ? [[name, member] as const] : [],
)

function isKind(name: string): name is SwarmKind {
  return name in MEMBERS
}

/** The configuration of a seed: 0 leaves a kind out, the others have 1 to 100. */
export type Swarm = ReadonlyMap<SwarmKind, number>

/** One of so many kinds is left out. */
const LEFT_OUT = 3
const HEAVIEST = 100

/** Draws the configuration of a seed. What has no target in the menu is left out as well, and costs the same draws. */
export function drawSwarm(stream: Stream, menu: FaultMenu): Swarm {
  return new Map(
    KINDS.map(([kind, { isPossible }]) => {
      const weight = stream.below(LEFT_OUT) === 0 ? 0 : 1 + stream.below(HEAVIEST)
      return [kind, isPossible(menu) ? weight : 0]
    }),
  )
}

/** Which kinds may come next. */
export interface SwarmChoice {
  readonly phase: Phase
  /** Only what makes the job recover. */
  readonly failing?: true
  /** What the run has already. */
  readonly drawn: ReadonlySet<SwarmKind>
}

/** Draws a fault of a kind that the swarm has, each as often as it weighs; undefined when it has none that may come. */
export function drawOfSwarm(
  stream: Stream,
  menu: FaultMenu,
  swarm: Swarm,
  { phase, failing, drawn }: SwarmChoice,
): { readonly kind: SwarmKind; readonly fault: Fault } | undefined {
  const mayCome = KINDS.filter(
    ([kind, member]) =>
      !(member.once === true && drawn.has(kind)) &&
      (phase !== 'recovery' || member.inRecoveries === true) &&
      (failing === undefined || member.fails === true),
  )
  const total = mayCome.reduce((sum, [kind]) => sum + (swarm.get(kind) ?? 0), 0)
  if (total === 0) return undefined
  let left = stream.below(total)
  const [kind, member] = mayCome.find(([name]) => (left -= swarm.get(name) ?? 0) < 0) ?? []
  const fault = member?.draw(stream, menu, phase)
  return kind === undefined || fault === undefined ? undefined : { kind, fault }
}
