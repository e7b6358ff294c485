/** Explores a scenario within a scope to its end, and says what that shows. */
import {
  exploringWorld,
  SpillFile,
  STOOD_STILL,
  type SavedSearch,
  type WorldLimits,
  type WorldProgress,
  type WorldResult,
} from '../../check/index.js'
import type { Mode } from '../scenario.js'
import { byCrew, type ScopeCrew } from './scope-crew.js'
import { foundWay, type CheckedViolation } from './found-way.js'
import { huntsAmong, type ReductionName } from './reductions.js'
import { readSavedCheck, removeSavedCheck, writeSavedCheck, type Saving } from './saved-check.js'
import { scopeExploration, type ScopedCheck } from './scope-exploration.js'
import type { Scope } from './scope.js'
import { atOnce, type Slices } from './slices.js'
import { SometimesFacts, type SometimesSeen } from './sometimes-facts.js'

/** How far a check may go; what is not mentioned is not limited. */
export interface CheckLimits {
  readonly states?: number
  readonly seconds?: number
  /** Of the whole process. */
  readonly memoryBytes?: number
  /** Ends the check as soon as it is aborted. */
  readonly signal?: AbortSignal
  /** Compares whole states; for small scopes. Not with `saving`. */
  readonly exact?: boolean
  /**
   * Keeps all steps and says whether every way ends. Neither with `saving` and a crew nor with what is learned: ample sets, late words,
   * symmetry.
   */
  readonly liveness?: boolean
  /** Everything twice, with other fingerprints. Neither with `saving` nor with ample sets. */
  readonly secondSeed?: boolean
  /** Several threads do it together. Neither with `saving`, `exact` and `secondSeed` nor with what is learned: see `liveness`. */
  readonly crew?: ScopeCrew
  /** Goes on where it was saved, and is saved again now and then. */
  readonly saving?: Saving
}

/** Told now and then how far a check has come. */
export type CheckListener = (progress: WorldProgress & { readonly seconds: number }) => void

/** The counts of the same search with other fingerprints, and whether it has come to its end with the same ones. */
export interface SecondSeed {
  readonly distinct: number
  readonly generated: number
  readonly exhausted: boolean
  readonly equal: boolean
}

/** What is taken over from the exploration as it is. */
type Counts = Omit<WorldResult, 'violation' | 'sometimes' | 'outcomes' | 'bound'>

/** What a check has shown: what the exploration counted, and what that means. */
export interface CheckedScope extends Counts {
  readonly verdict: 'holds' | 'violated' | 'incomplete'
  /** Why it does not hold, or not yet: one sentence each. */
  readonly because: readonly string[]
  readonly scenario: string
  readonly mode: Mode
  readonly scope: Scope
  readonly reductions: readonly ReductionName[]
  /** Whole states were compared. */
  readonly exact: boolean
  /** What the search with other fingerprints has counted. */
  readonly secondSeed?: SecondSeed
  /** Of the whole process. */
  readonly peakMemoryBytes: number
  readonly sometimes: readonly SometimesSeen[]
  /** Features that the scenario uses and the scope switches off. */
  readonly switchedOff: readonly string[]
  /** Outputs at the ends of all ways, of what is claimed exactly once; sorted. */
  readonly outputs: readonly string[]
  /** Replayed on a world before it is told. */
  readonly violation?: CheckedViolation
}

/**
 * Explores all states of a scenario within a scope.
 * @throws InputError when the scenario does not have what the scope asks for
 */
export function checkScope(check: ScopedCheck, limits: CheckLimits = {}, told?: CheckListener): CheckedScope {
  return atOnce(checkingScope(check, limits, told))
}

/** Does what `checkScope` does, in slices. */
export function* checkingScope(check: ScopedCheck, limits: CheckLimits = {}, told?: CheckListener): Slices<CheckedScope> {
  const sometimes = new SometimesFacts()
  const outputs = new Set<string>()
  const { exploration, switchedOff, graph } = scopeExploration(check, {
    sometimes,
    ended: (status, output) => {
      if (status === 'FINISHED') outputs.add(output)
    },
  })
  const { states, saving } = limits
  const before = saving && readSavedCheck(saving, check)
  for (const name of before?.sometimes ?? []) sometimes.note(name)
  for (const output of before?.outputs ?? []) outputs.add(output)
  const save = (search: SavedSearch, to: Saving): void => {
    writeSavedCheck(to, check, { sometimes: sometimes.names(), outputs: [...outputs], search })
  }
  const watch = new Watch(limits, told, save)
  const exploring = (more: WorldLimits): Slices<WorldResult> =>
    limits.crew !== undefined
      ? byCrew({ check, exploration, crew: limits.crew, states }, { sometimes, outputs }, (progress) => watch.goOn(progress))
      : spilling((spill) =>
          exploringWorld(exploration, {
            goOn: (progress, saved) => watch.goOn(progress, saved),
            ample: check.reductions.includes('ample'),
            lateWords: check.reductions.includes('late-words'),
            symmetry: check.reductions.includes('symmetry'),
            exact: limits.exact === true,
            liveness: limits.liveness === true,
            spill,
            ...(states !== undefined && { maxStates: states }),
            ...more,
          }),
        )
  const explored = yield* exploring(before ? { resume: before.search } : {})
  const again = limits.secondSeed === true && explored.exhausted ? yield* exploring({ seed: OTHER_SEED }) : undefined
  const { violation: found, bound, sometimes: _, outcomes: _ends, ...counts } = explored
  if (saving !== undefined && bound === undefined) removeSavedCheck(saving)
  const violation = found && foundWay(check, { exploration, graph }, found)
  const { scenario, transparentTo: _without, ...rest } = check
  const counted = {
    scenario: scenario.name,
    ...rest,
    ...counts,
    exact: limits.exact === true,
    ...(again && { secondSeed: comparedSeeds(explored, again) }),
    peakMemoryBytes: watch.peakMemoryBytes(),
    sometimes: sometimes.report(check),
    switchedOff,
    outputs: [...outputs].sort(),
  }
  return {
    ...counted,
    ...verdictOn(counted, watch.bound ?? boundInWords(bound ?? again?.bound, states), violation),
    ...(violation && { violation }),
  }
}

/** Which bound of a search was hit, or why there is no symmetry. */
function boundInWords(bound = '', states = Infinity): string {
  if (bound === STOOD_STILL) return 'the process stood still: it was stopped, or its machine slept'
  return bound === 'states' ? `${String(states)} states` : bound
}

/** Any but 0. */
const OTHER_SEED = 0x5bd1e995

/** How two searches compare whose fingerprints differ. */
export function comparedSeeds(
  one: Pick<WorldResult, 'distinct' | 'generated'>,
  { distinct, generated, exhausted }: Pick<WorldResult, 'distinct' | 'generated' | 'exhausted'>,
): SecondSeed {
  return { distinct, generated, exhausted, equal: exhausted && distinct === one.distinct && generated === one.generated }
}

/** What waits long waits on disk. */
function* spilling(work: (spill: SpillFile) => Slices<WorldResult>): Slices<WorldResult> {
  const spill = new SpillFile()
  try {
    return yield* work(spill)
  } finally {
    spill.close()
  }
}

/** What cannot be saved is to be known early. */
const FIRST_SAVE_SECONDS = 2

/** Ends a check that takes too much, and tells how far it has come. */
class Watch {
  private readonly began = performance.now()
  private peak = 0
  private nextSave: number
  /** What was too much. */
  bound: string | undefined

  constructor(
    private readonly limits: CheckLimits,
    private readonly told: CheckListener | undefined,
    private readonly save: (search: SavedSearch, to: Saving) => void,
  ) {
    this.nextSave = Math.min(limits.saving?.everySeconds ?? 0, FIRST_SAVE_SECONDS)
  }

  goOn(progress: WorldProgress, saved?: () => SavedSearch): boolean {
    const seconds = (performance.now() - this.began) / 1000
    this.told?.({ ...progress, seconds })
    const { seconds: most = Infinity, memoryBytes = Infinity, signal } = this.limits
    if (signal?.aborted === true) this.bound = 'interrupted'
    else if (seconds >= most) this.bound = `${String(Math.round(most))} seconds`
    else if (this.peakMemoryBytes() >= memoryBytes) this.bound = `${String(Math.round(memoryBytes / 1e6))} MB`
    if (saved !== undefined) this.saveNowAndThen(seconds, saved)
    return this.bound === undefined
  }

  private saveNowAndThen(seconds: number, saved: () => SavedSearch): void {
    const { saving } = this.limits
    if (saving === undefined || (this.bound === undefined && seconds < this.nextSave)) return
    this.save(saved(), saving)
    this.nextSave = seconds + saving.everySeconds
  }

  /** Of the whole process, as far as it was seen. */
  peakMemoryBytes(): number {
    this.peak = Math.max(this.peak, process.memoryUsage.rss())
    return this.peak
  }
}

type Counted = Pick<CheckedScope, 'reductions' | 'exhausted' | 'sometimes' | 'secondSeed' | 'endless'>

function verdictOn(
  { reductions, exhausted, sometimes, secondSeed, endless = 0 }: Counted,
  bound: string,
  violation: CheckedViolation | undefined,
): Pick<CheckedScope, 'verdict' | 'because'> {
  if (violation !== undefined) return { verdict: 'violated', because: [violation.reason] }
  const because = [
    ...(exhausted ? [] : [`not all states were seen: ${bound}`]),
    ...(secondSeed === undefined || secondSeed.equal ? [] : [seedsDiffer(secondSeed, bound)]),
    ...(endless === 0
      ? []
      : [`from ${String(endless)} states it may go on for ever; whether somebody is treated unfairly then was not judged`]),
    ...huntsAmong(reductions),
    ...sometimes.filter(({ required, seen }) => required && !seen).map(({ name }) => `never seen: ${name}`),
  ]
  return { verdict: because.length === 0 ? 'holds' : 'incomplete', because }
}

function seedsDiffer({ distinct, generated, exhausted }: SecondSeed, bound: string): string {
  if (!exhausted) return `the search with other fingerprints did not come to its end: ${bound}`
  return `states were taken for one: other fingerprints give ${String(distinct)} states and ${String(generated)} steps`
}
