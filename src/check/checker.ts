/** The builder: what may be spent, then how to search. */
import { Stream } from '../world/index.js'
import type { CheckResult } from './check-result.js'
import { deepen } from './deepening.js'
import type { Fingerprinter } from './fingerprint.js'
import { CheapestFirst, Queue, RandomStep, Stack, type Frontier } from './frontier.js'
import { ByContent, ByFingerprint } from './known-states.js'
import type { Model } from './model.js'
import type { Progress } from './progress.js'
import { otherSeed, runCheck, wantsSecondSeed, withSecondSeed } from './run-check.js'
import { NO_LIMITS, type Limits } from './limits.js'

/** Says what a check may spend; one of the last five methods runs it. */
export interface Checker<S> {
  /** Distinct states, at most. */
  maxStates(states: number): Checker<S>
  /** States on a way, at most. */
  maxDepth(depth: number): Checker<S>
  /** Bytes for known states, ways and waiting states, at most; the last are estimated. */
  maxMemory(bytes: number): Checker<S>
  /** Seconds of a clock, at most. */
  maxSeconds(seconds: number): Checker<S>
  /** Seconds that a single step may take before it is taken for endless; 10 by default. */
  maxStepSeconds(seconds: number): Checker<S>
  /** One state in so many is expanded twice and compared; 256 by default, and the first thousand always. */
  auditEvery(states: number): Checker<S>
  /** Compares whole states instead of fingerprints. */
  exact(): Checker<S>
  /** Seed of the fingerprints. */
  seed(seed: number): Checker<S>
  /** Repeats everything with another seed of the fingerprints: other counts mean a collision, and the verdict is incomplete. */
  secondSeed(): Checker<S>
  /** Told about once in so many seconds. */
  onProgress(told: (progress: Progress) => void, everySeconds?: number): Checker<S>

  /** Nearest first: shortest counterexamples. */
  breadthFirst(): CheckResult
  /** Newest first. */
  depthFirst(): CheckResult
  /** Depth-first to a depth that grows by `step`: counterexamples as short as breadth-first, memory for the known states alone. */
  iterativeDeepening(step?: number): CheckResult
  /** Cheapest first. */
  bestFirst(cost: (state: S, depth: number) => number): CheckResult
  /** So many walks of at most so many steps, every step drawn from a seed. Finds, never proves. */
  randomWalks(walks: number, steps: number, seed: string): CheckResult
}

/** A checker of this model. */
export function checker<S, A>(model: Model<S, A>): Checker<S> {
  return new CheckerOf(model, NO_LIMITS)
}

class CheckerOf<S, A> implements Checker<S> {
  constructor(
    private readonly model: Model<S, A>,
    private readonly limits: Limits,
  ) {}

  maxStates(maxStates: number): Checker<S> {
    return this.with({ maxStates })
  }

  maxDepth(maxDepth: number): Checker<S> {
    return this.with({ maxDepth })
  }

  maxMemory(maxBytes: number): Checker<S> {
    return this.with({ maxBytes })
  }

  maxSeconds(maxSeconds: number): Checker<S> {
    return this.with({ maxSeconds })
  }

  maxStepSeconds(maxStepSeconds: number): Checker<S> {
    return this.with({ maxStepSeconds })
  }

  auditEvery(auditEvery: number): Checker<S> {
    return this.with({ auditEvery })
  }

  exact(): Checker<S> {
    return this.with({ exact: true })
  }

  seed(seed: number): Checker<S> {
    return this.with({ seed })
  }

  secondSeed(): Checker<S> {
    return this.with({ secondSeed: true })
  }

  onProgress(told: (progress: Progress) => void, everySeconds = 1): Checker<S> {
    return this.with({ told, everySeconds })
  }

  breadthFirst(): CheckResult {
    return this.everywhere('breadth-first', () => new Queue())
  }

  depthFirst(): CheckResult {
    return this.everywhere('depth-first', () => new Stack())
  }

  bestFirst(cost: (state: S, depth: number) => number): CheckResult {
    return this.everywhere('best-first', () => new CheapestFirst(cost))
  }

  iterativeDeepening(step = 1): CheckResult {
    const result = deepen(this.model, this.limits, step)
    if (!wantsSecondSeed(result, this.limits)) return result
    return withSecondSeed(result, deepen(this.model, { ...this.limits, seed: otherSeed(this.limits) }, step))
  }

  randomWalks(walks: number, steps: number, seed: string): CheckResult {
    const limits = { ...this.limits, maxDepth: Math.min(this.limits.maxDepth, steps + 1) }
    return runCheck(this.model, 'random walks', limits, (fingerprinter: Fingerprinter) => ({
      frontier: new RandomStep(new Stream(seed, 'random walks')),
      known: new ByFingerprint(),
      fingerprinter,
      walks,
    }))
  }

  private everywhere(search: string, newFrontier: () => Frontier<S>): CheckResult {
    return runCheck(this.model, search, this.limits, (fingerprinter) => ({
      frontier: newFrontier(),
      known: this.limits.exact ? new ByContent() : new ByFingerprint(),
      fingerprinter,
    }))
  }

  private with(some: Partial<Limits>): Checker<S> {
    return new CheckerOf(this.model, { ...this.limits, ...some })
  }
}
