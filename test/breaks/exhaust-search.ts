/**
 * Searches scopes in turn, in a copy of the project: a broken one until one of them shows the break, the unbroken one to the last. Prints
 * what each of them showed, as JSON, one line each. Argument: a `SearchOrder` as JSON.
 */
import { pathToFileURL } from 'node:url'
import { scenarios } from '../../scenarios/index.js'
import { exploreWorld } from '../../src/check/index.js'
import { InputError } from '../../src/flink/input-error.js'
import { parseReductions, type ReductionName } from '../../src/search/scopes/reductions.js'
import { scopeExploration } from '../../src/search/scopes/scope-exploration.js'
import { formatScope, parseScope, scopeOf, withoutFaults, type Scope } from '../../src/search/scopes/scope.js'
import { SometimesFacts } from '../../src/search/scopes/sometimes-facts.js'
import { exhaustScopes, type ExhaustScope } from './exhaust-scopes.js'

/** What is to be searched. */
export interface SearchOrder {
  readonly reductions: string
  /** Places in the list of scopes. */
  readonly scopes: readonly number[]
  /** Distinct states of one scope, and seconds for it, at most. */
  readonly maxStates: number
  readonly maxSeconds: number
  /** Whether what is wrong in one scope ends the search. */
  readonly untilFound: boolean
}

/** What a search of one scope came to. */
export interface ScopeSight {
  /** Its place in the list of scopes. */
  readonly scope: number
  readonly distinct: number
  readonly generated: number
  /** States in which nothing but faults can happen. */
  readonly terminals: number
  /** Steps to the violation, or of the longest way. */
  readonly depth: number
  readonly seconds: number
  readonly exhausted: boolean
  /** What is wrong; '' for nothing. */
  readonly reason: string
  /** Why there is no symmetry, where one was asked for. */
  readonly bound?: string
  /** What was visible at the ends. */
  readonly outputs: readonly string[]
}

/** Explores one scope; undefined where it does not go with the reductions. */
export function searchScope(scope: number, reductions: string, maxStates: number, maxSeconds = Infinity): ScopeSight | undefined {
  const wanted = exhaustScopes[scope]
  if (wanted === undefined) return undefined
  const outputs = new Set<string>()
  const began = performance.now()
  const seconds = (): number => Math.round((performance.now() - began) / 10) / 100
  try {
    const exploration = explorationOf(
      wanted,
      reductions,
      (output) => outputs.add(output),
      outputsWithoutFaults(wanted, reductions, maxStates),
    )
    const names = reductions.split(',')
    const [ample, lateWords, symmetry] = [names.includes('ample'), names.includes('late-words'), names.includes('symmetry')]
    const goOn = (): boolean => performance.now() - began < maxSeconds * 1000
    const explored = exploreWorld(exploration, { maxStates, goOn, ample, lateWords, symmetry })
    const { distinct, generated, terminals, depth, exhausted, violation, bound = '' } = explored
    const steps = violation === undefined ? depth : violation.path.length - 1
    const counts = { distinct, generated, terminals, depth: steps, seconds: seconds() }
    const asymmetric = bound.startsWith('no symmetry')
    return { scope, ...counts, exhausted, reason: violation?.reason ?? '', outputs: [...outputs].sort(), ...(asymmetric && { bound }) }
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    // The job does not even finish without a fault, by the clock.
    if (error.message.includes('without any fault')) return { ...NOTHING, scope, seconds: seconds(), reason: error.message }
    return undefined
  }
}

const NOTHING = { distinct: 0, generated: 0, terminals: 0, depth: 0, exhausted: false, outputs: [] }

/** What jobs end with that FINISHED, in the scope without its faults; undefined where there are none, or not all was seen. */
function outputsWithoutFaults({ scope, ...others }: ExhaustScope, reductions: string, maxStates: number): readonly string[] | undefined {
  const faultless = withoutFaults(parseScope(scope))
  if (formatScope(faultless) === formatScope(parseScope(scope))) return undefined
  const outputs: string[] = []
  const told = (output: string): void => {
    if (output.startsWith(FINISHED)) outputs.push(output.slice(FINISHED.length))
  }
  const { exhausted } = exploreWorld(explorationOf({ ...others, scope: formatScope(faultless) }, reductions, told), { maxStates })
  return exhausted ? outputs : undefined
}

const FINISHED = 'FINISHED '

function explorationOf(
  { scenario, mode, scope }: ExhaustScope,
  reductions: string,
  told: (output: string) => void,
  transparentTo?: readonly string[],
) {
  const found = scenarios.find(({ name }) => name === scenario)
  if (found === undefined) throw new Error(`there is no scenario ${scenario}`)
  const within = parseScope(scope)
  const reduced = allowed(parseReductions(reductions, scopeOf()), within)
  const check = { scenario: found, mode, scope: within, reductions: reduced, ...(transparentTo && { transparentTo }) }
  const listener = {
    sometimes: new SometimesFacts(),
    ended: (status: string, output: string) => {
      told(`${status} ${output}`)
    },
  }
  return scopeExploration(check, listener).exploration
}

/** A system whose calls may fail has more than one answer: what makes it answer at once is left out. */
function allowed(reductions: readonly ReductionName[], { outcomes }: Scope): readonly ReductionName[] {
  return reductions.filter((name) => outcomes === 0 || (name !== 'systems' && name !== 'answers'))
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  // Written by `exhaust.ts`.
  const { reductions, scopes, maxStates, maxSeconds, untilFound } = JSON.parse(process.argv[2] ?? '') as SearchOrder
  for (const scope of scopes) {
    const sight = searchScope(scope, reductions, maxStates, maxSeconds)
    if (sight === undefined) continue
    console.log(JSON.stringify(sight))
    if (untilFound && sight.reason !== '') break
  }
}
