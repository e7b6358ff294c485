/** Checks of models by several threads. */
import type { CheckResult, Defect } from '../check-result.js'
import { NO_LIMITS, type Limits } from '../limits.js'
import type { Model } from '../model.js'
import { otherSeed, resultOf, walkedAgain, wantsSecondSeed, withSecondSeed, type Searched } from '../run-check.js'
import { stopwatch } from '../stopwatch.js'
import type { Outcome, Together } from './coordination.js'
import { crewSearch } from './crew.js'
import type { ModelTask } from './model-worker.js'
import { importModel, type ModelSource } from './model-source.js'

/** What a check by several workers may spend; see `Checker`. */
export interface WorkersOptions extends Partial<Omit<Limits, 'exact'>> {
  /** How many threads: 1 to 256. */
  readonly workers: number
  /** Ends the check early. */
  readonly signal?: AbortSignal
}

/**
 * Checks a model breadth-first with several threads. Counts, verdict and counterexample are those of `checker(model).breadthFirst()`, for
 * any number of workers.
 * @throws RangeError when the model cannot be imported, or for a number of workers that there cannot be
 */
export async function checkInWorkers(source: ModelSource, options: WorkersOptions): Promise<CheckResult> {
  const model = await importModel(source)
  const limits: Limits = { ...NO_LIMITS, ...options, exact: false }
  const once = (seed: number): Promise<Searched<unknown>> => searched(model, source, { ...limits, seed }, options)
  const result = resultOf(model, 'breadth-first', limits, await once(limits.seed))
  return wantsSecondSeed(result, limits) ? withSecondSeed(result, (await once(otherSeed(limits))).search) : result
}

async function searched(
  model: Model<unknown, unknown>,
  source: ModelSource,
  limits: Limits,
  { workers, signal }: WorkersOptions,
): Promise<Searched<unknown>> {
  const elapsed = stopwatch()
  const { seed, maxDepth, auditEvery, maxStates, maxStepSeconds } = limits
  const data: ModelTask = { source: { ...source, module: String(source.module) }, limits: { seed, maxDepth, auditEvery } }
  const watch = watching(limits, elapsed, signal)
  const worker = new URL('./model-worker.js', import.meta.url)
  const outcome = await crewSearch({ worker, data, workers, maxStepSeconds, maxStates, goOn: watch })
  return summary(model, outcome, elapsed() / 1000)
}

/** Which bound is hit, if one is. */
function watching(limits: Limits, elapsed: () => number, signal: AbortSignal | undefined): (together: Together) => string | undefined {
  let toldAt = 0
  return ({ distinct, generated, levels, queue, bytes }) => {
    const seconds = elapsed() / 1000
    if (seconds - toldAt >= limits.everySeconds) {
      toldAt = seconds
      limits.told?.({ distinct, generated, depth: levels, queue, statesPerSecond: distinct / seconds, estimatedLeft: undefined })
    }
    if (signal?.aborted === true) return 'interrupted'
    if (seconds >= limits.maxSeconds) return 'seconds'
    return bytes >= limits.maxBytes ? 'memory' : undefined
  }
}

function summary(model: Model<unknown, unknown>, outcome: Outcome, seconds: number): Searched<unknown> {
  const { distinct, generated, terminals, levels, longestQueue, notes, bound, found, ways, use, depthBound, boundary } = outcome
  const wayTo = (): number[] =>
    found === undefined ? [] : [...ways.ordinalsTo(found.number), ...(found.ordinal < 0 ? [] : [found.ordinal])]
  const seen = new Set(notes.map(({ text }) => text))
  const cuts = [['depth', depthBound] as const, ['boundary', boundary] as const, [bound?.bound ?? '', bound?.states ?? 0] as const]
  const broken = found?.finding.kind === 'broken' ? model.properties[found.finding.property] : undefined
  return {
    search: {
      ...{ distinct, generated, terminals, depth: levels, ended: bound === undefined || bound.bound === 'states' },
      broken: broken && { property: broken, index: 0 },
      unseen: new Set(model.properties.filter(({ kind, name }) => kind === 'sometimes' && !seen.has(name))),
      cut: new Map(cuts.filter(([, states]) => states > 0)),
      predecessors: { bytes: ways.bytes, ordinalsTo: wayTo },
      plan: { known: { bytes: use.visitedBytes - ways.bytes } },
    },
    run: { seconds, longestQueue },
    defect: found && defectOf(model, found.finding, ways.ordinalsTo(found.number)),
  }
}

function defectOf(
  model: Model<unknown, unknown>,
  finding: NonNullable<Outcome['found']>['finding'],
  way: readonly number[],
): Defect | undefined {
  if (finding.kind !== 'defect') return undefined
  return { ...finding.defect, steps: way.length === 0 ? [] : walkedAgain(model, way) }
}
