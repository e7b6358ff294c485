/** Explores a scenario within a scope to its end, and says what that shows. */
import { exploreBreadthFirst, replayPath, type ExploredViolation } from '../../check/index.js'
import type { Mode } from '../scenario.js'
import { REDUCTIONS, type ReductionName } from './reductions.js'
import { scopeExploration, type ScopedCheck } from './scope-exploration.js'
import type { Scope } from './scope.js'
import { SometimesFacts, type SometimesSeen } from './sometimes-facts.js'

/** How far a check may go; what is not mentioned is not limited. */
export interface CheckLimits {
  readonly states?: number
  readonly seconds?: number
}

/** Told now and then how far a check has come. */
export type CheckListener = (progress: { readonly distinct: number; readonly seconds: number }) => void

/** What a check has shown. */
export interface CheckedScope {
  readonly verdict: 'holds' | 'violated' | 'incomplete'
  /** Why it does not hold, or not yet: one sentence each. */
  readonly because: readonly string[]
  readonly scenario: string
  readonly mode: Mode
  readonly scope: Scope
  readonly reductions: readonly ReductionName[]
  readonly exhausted: boolean
  readonly distinct: number
  readonly generated: number
  readonly depth: number
  readonly terminals: number
  readonly seconds: number
  readonly hitRate: number
  readonly collisionProbability: number
  readonly peakMemoryBytes: number
  readonly sometimes: readonly SometimesSeen[]
  /** Features that the scenario uses and the scope switches off. */
  readonly switchedOff: readonly string[]
  /** Outputs at the ends of all ways, of what is claimed exactly once; sorted. */
  readonly outputs: readonly string[]
  /** Replayed on a world before it is told. */
  readonly violation?: ExploredViolation
}

/** Why a search was ended from outside. */
const TIME_IS_UP = 'time is up'

/** States between two looks at the clock. */
const LOOK_EVERY = 256

/**
 * Explores all states of a scenario within a scope.
 * @throws InputError when the scenario does not have what the scope asks for
 */
export function checkScope(check: ScopedCheck, { states, seconds = Infinity }: CheckLimits = {}, told?: CheckListener): CheckedScope {
  const sometimes = new SometimesFacts()
  const outputs = new Set<string>()
  const { exploration, switchedOff } = scopeExploration(check, {
    sometimes,
    ended: (status, output) => {
      if (status === 'FINISHED') outputs.add(output)
    },
  })
  const began = performance.now()
  const elapsed = (): number => (performance.now() - began) / 1000
  let seen = 0
  const inspect = (): string | undefined => {
    if (++seen % LOOK_EVERY !== 0) return undefined
    told?.({ distinct: seen, seconds: elapsed() })
    return elapsed() >= seconds ? TIME_IS_UP : undefined
  }
  const explored = exploreBreadthFirst({ ...exploration, inspect, ...(states !== undefined && { maxStates: states }) })
  const { distinct, generated, depth, terminals } = explored
  const found = explored.violation?.reason === TIME_IS_UP ? undefined : explored.violation
  const violation = found && replayed(found, replayPath(exploration, found.path))
  const counted = {
    scenario: check.scenario.name,
    mode: check.mode,
    scope: check.scope,
    reductions: check.reductions,
    exhausted: explored.exhausted,
    distinct,
    generated,
    depth,
    terminals,
    seconds: elapsed(),
    hitRate: 0,
    collisionProbability: (distinct / 2 ** 32) * (distinct / 2 ** 33),
    peakMemoryBytes: process.memoryUsage().rss,
    sometimes: sometimes.report(check),
    switchedOff,
    outputs: [...outputs].sort(),
  }
  return { ...counted, ...verdictOn(counted, violation), ...(violation && { violation }) }
}

/** What was found, when the world does it again; a difference is a defect of the explorer and is told as one. */
function replayed(found: ExploredViolation, again: { readonly reason: string | undefined; readonly steps: number }): ExploredViolation {
  if (again.reason === found.reason) return found
  throw new Error(
    `the explorer found '${found.reason}', and the world shows '${String(again.reason)}' behind ${String(again.steps)} of its steps`,
  )
}

type Counted = Pick<CheckedScope, 'reductions' | 'exhausted' | 'sometimes'>

function verdictOn(
  { reductions, exhausted, sometimes }: Counted,
  violation?: ExploredViolation,
): Pick<CheckedScope, 'verdict' | 'because'> {
  if (violation !== undefined) return { verdict: 'violated', because: [violation.reason] }
  const because = [
    ...(exhausted ? [] : ['a bound was hit: not all states were seen']),
    ...REDUCTIONS.filter(({ name, hunt }) => hunt && reductions.includes(name)).map(
      ({ name }) => `${name} is a bug hunt: it leaves out what may matter`,
    ),
    ...sometimes.filter(({ required, seen }) => required && !seen).map(({ name }) => `never seen: ${name}`),
  ]
  return { verdict: because.length === 0 ? 'holds' : 'incomplete', because }
}
