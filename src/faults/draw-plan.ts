import type { Stream } from '../world/index.js'
import { drawCalm } from './draw-calm.js'
import { drawCrash, drawException, drawHostLoss } from './draw-failures.js'
import { drawCrashKind } from './draws.js'
import type { Fault, FaultPlan } from './fault.js'
import type { FaultMenu } from './menu.js'
import { drawOfSwarm, drawSwarm, type Swarm, type SwarmKind } from './swarm.js'

/** In all but one of so many runs a second failure strikes before the job has recovered from the first. */
const NO_SECOND_FAILURE = 4
/** In one of so many runs checkpoints begin as soon as the job runs again. */
const HASTE = 3
/** One of so many other faults is aimed at a recovery. */
const AIMED = 3

/**
 * Draws a plan. The first fault always forces a recovery once a checkpoint has completed, because a run without one shows nothing. Behind
 * it the chance rises of what does the most harm in a recovery: a second failure, and a checkpoint that begins while tasks are still
 * restoring. Other faults follow as the seed's swarm weighs them; in some runs there is a time in which nothing strikes.
 */
export function drawPlan(stream: Stream, menu: FaultMenu): FaultPlan {
  const swarm = drawSwarm(stream, menu)
  const window = drawCalm(stream, menu)
  const faults: Fault[] = [drawRecovery(stream, { ...menu, quietUntilUs: window?.quietUntilUs ?? 0 }, swarm)]
  const drawn = new Set<SwarmKind>()
  const add = (found: ReturnType<typeof drawOfSwarm>): void => {
    if (found === undefined) return
    drawn.add(found.kind)
    faults.push(found.fault)
  }
  const inPeace = window?.recoversInPeace === true
  if (!inPeace && stream.below(NO_SECOND_FAILURE) > 0) add(drawOfSwarm(stream, menu, swarm, { phase: 'recovery', failing: true, drawn }))
  for (let more = stream.below(menu.maxFaults + 1); more > 0; more--) {
    const phase = !inPeace && stream.below(AIMED) === 0 ? 'recovery' : 'any'
    add(drawOfSwarm(stream, menu, swarm, { phase, drawn }))
  }
  const hastens = stream.below(HASTE) === 0 && menu.firstCheckpointUs > 0
  return [...faults, ...(hastens ? [{ kind: 'haste' } as const] : []), ...(window === undefined ? [] : [window.calm])]
}

/** A crash or an exception behind the first completed checkpoint; where the swarm has it, some of the crashes take the host as well. */
function drawRecovery(stream: Stream, menu: FaultMenu, swarm: Swarm): Fault {
  const exception = stream.below(3) === 0 ? drawException(stream, menu, 'after-checkpoint') : undefined
  if (exception !== undefined) return exception
  const isHostLost = (swarm.get('host-loss') ?? 0) > 0 && drawCrashKind(stream) === 'host-loss'
  return (isHostLost ? drawHostLoss : drawCrash)(stream, menu, 'after-checkpoint')
}
