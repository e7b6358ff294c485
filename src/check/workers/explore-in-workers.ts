/** Explorations of worlds by several threads. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stopwatch } from '../stopwatch.js'
import type { Exploration, ExploredViolation } from '../worlds/exploration.js'
import { InternedWorld } from '../worlds/interned-world.js'
import { RowActions, rulesOf } from '../worlds/row-actions.js'
import { RowSteps } from '../worlds/row-steps.js'
import { describeStep } from '../worlds/successors.js'
import type { WorldProgress, WorldResult } from '../worlds/world-result.js'
import { WorldWays } from '../worlds/world-ways.js'
import type { Outcome, Together } from './coordination.js'
import { crewSearch } from './crew.js'
import type { WorldTask } from './work-on-world.js'

/** How a world is explored by several workers. */
export interface WorldCrew<T> {
  readonly workers: number
  /** A module that calls `workOnWorld`; every thread runs it. */
  readonly module: URL
  /** By what it makes the same world as here: plain data. */
  readonly told: T
  readonly maxStates?: number
  readonly maxStepSeconds?: number
  /** Asked now and then whether to go on. */
  readonly goOn?: (progress: WorldProgress) => boolean
}

/** What came of it, and what the listeners of all workers have heard. */
export interface CrewResult extends WorldResult {
  readonly heard: readonly string[]
}

const MAX_STEP_SECONDS = 10

/**
 * Explores all states within the budgets and limits with several threads. Counts, verdict and way are those of `exploreWorld`, for any
 * number of workers.
 * @throws RangeError for a number of workers that there cannot be, or when a worker cannot make the world
 */
export async function exploreInWorkers<T, F>(exploration: Exploration<F>, crew: WorldCrew<T>): Promise<CrewResult> {
  const elapsed = stopwatch()
  const { workers, module: worker, told, goOn, maxStepSeconds = MAX_STEP_SECONDS } = crew
  const directory = mkdtempSync(join(tmpdir(), 'millrace-'))
  try {
    const data: WorldTask<T> = { directory, told }
    const maxStates = crew.maxStates ?? exploration.maxStates ?? Infinity
    const asked = (together: Together): string | undefined => (goOn?.(progressOf(together)) === false ? 'stopped' : undefined)
    const outcome = await crewSearch({ worker, data, workers, maxStepSeconds, maxStates, goOn: asked })
    return crewResultOf(exploration, outcome, elapsed() / 1000)
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

function progressOf({ distinct, generated, levels, queue }: Together): WorldProgress {
  return { distinct, generated, depth: Math.max(levels - 1, 0), queue }
}

/** The result of an exploration whose outcome this is. */
export function crewResultOf<F>(exploration: Exploration<F>, outcome: Outcome, seconds: number): CrewResult {
  const { distinct, generated, terminals, levels, longestQueue, bound, found, use, notes } = outcome
  const about = (kind: Outcome['notes'][number]['about']): Set<string> =>
    new Set(notes.flatMap((note) => (note.about === kind ? [note.text] : [])))
  const seen = about('sometimes')
  return {
    ...{ distinct, generated, terminals, longestQueue, seconds, depth: Math.max(levels - 1, 0) },
    ...{ bound: bound?.bound, exhausted: found === undefined && bound === undefined },
    ...(found && { violation: violationOf(exploration, outcome, found) }),
    hitRate: use.asked === 0 ? 0 : 1 - use.fresh / use.asked,
    collisionProbability: distinct ** 2 / 2 ** 65,
    visitedBytes: use.visitedBytes,
    sometimes: (exploration.fold?.sometimes ?? []).map(({ name }) => ({ name, seen: seen.has(name) })),
    outcomes: [...about('outcome')].sort(),
    timersBranched: [...about('timer')].sort(),
    heard: [...about('heard')].sort(),
  }
}

/** What was found, with the way there as a world goes it. */
function violationOf<F>(
  exploration: Exploration<F>,
  { ways: shared }: Outcome,
  { number, finding }: NonNullable<Outcome['found']>,
): ExploredViolation {
  if (finding.kind !== 'wrong' && finding.kind !== 'failed') throw new Error('a world has no properties')
  const interned = new InternedWorld(exploration, true)
  const steps = new RowSteps(interned, new RowActions(interned.world, interned.parts, rulesOf(exploration, interned)))
  const ways = new WorldWays(exploration, interned, steps, shared)
  const { reason } = finding
  if (number < 0) {
    for (const taken of ways.successors.roots()) if (taken.state === undefined) return { reason, path: [describeStep(undefined, taken)] }
    return { reason, path: [] }
  }
  if (finding.kind === 'wrong') return { reason, path: ways.pathTo(number) }
  return finding.endless === true ? { reason, path: ways.pathTo(number), endless: true } : { reason, path: ways.pathTo(number, true) }
}
