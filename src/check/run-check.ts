/** A whole check: the search, what only the graph of all states can tell, a second seed, and the verdict. */
import type { CheckResult, Counterexample, CounterexampleStep, Defect, HitBound } from './check-result.js'
import { describe, inWords, walk } from './counterexample.js'
import { defectShownBy, DefectOfModel } from './defect.js'
import { Fingerprinter } from './fingerprint.js'
import type { Limits } from './limits.js'
import { judgeGraph } from './liveness.js'
import type { Model, Property } from './model.js'
import { runSearch, type SearchRun } from './run-search.js'
import { Search, type Broken, type SearchPlan } from './search.js'

/** What an order of search decides; the limits decide the rest. */
export type Order<S> = Pick<SearchPlan<S>, 'frontier' | 'known' | 'fingerprinter' | 'walks'>

/** Checks the model in the order that is made for each seed. */
export function runCheck<S, A>(
  model: Model<S, A>,
  name: string,
  limits: Limits,
  orderWith: (fingerprinter: Fingerprinter) => Order<S>,
): CheckResult {
  const searched = (seed: number): Searched<S> => {
    const { maxStates, maxDepth, auditEvery } = limits
    const search = new Search(model, { ...orderWith(new Fingerprinter(seed)), maxStates, maxDepth, auditEvery })
    return searchedOf(model, search, runSearch(search, limits))
  }
  const result = resultOf(model, name, limits, searched(limits.seed))
  return wantsSecondSeed(result, limits) ? withSecondSeed(result, searched(otherSeed(limits)).search) : result
}

/** What a search has to say of itself, whoever has done it. */
export interface SearchSummary<S> {
  readonly distinct: number
  readonly generated: number
  readonly depth: number
  readonly terminals: number
  /** There was nothing left to do, or no use in it. */
  readonly ended: boolean
  readonly broken: Broken<S> | undefined
  readonly unseen: ReadonlySet<Property<S>>
  /** States that were not left because of a bound, by its name. */
  readonly cut: ReadonlyMap<string, number>
  readonly predecessors: { readonly bytes: number; ordinalsTo(index: number): readonly number[] }
  readonly plan: { readonly known: { readonly bytes: number }; readonly walks?: number }
}

/** A search that was run. */
export interface Searched<S> {
  readonly search: SearchSummary<S>
  readonly run: Pick<SearchRun, 'seconds' | 'longestQueue'>
  readonly defect: Defect | undefined
}

/** A search of this thread that was run. */
export function searchedOf<S, A>(model: Model<S, A>, search: Search<S, A>, run: SearchRun): Searched<S> {
  return { search, run, defect: run.defect && defectOf(model, search, run.defect) }
}

/** Whether a second seed was asked for and can tell anything. */
export function wantsSecondSeed({ verdict, defect }: CheckResult, { secondSeed }: Limits): boolean {
  return secondSeed && verdict !== 'violated' && defect === undefined
}

/** The seed of the second search. */
export function otherSeed({ seed }: Limits): number {
  return seed ^ 0x5bd1e995
}

/** The result together with the counts of the same search under the other seed. */
export function withSecondSeed(result: CheckResult, { distinct, generated }: Pick<CheckResult, 'distinct' | 'generated'>): CheckResult {
  const equal = distinct === result.distinct && generated === result.generated
  return { ...result, ...(!equal && { verdict: 'incomplete', exhausted: false }), secondSeed: { distinct, generated, equal } }
}

/** Judges a search that was run. */
export function resultOf<S, A>(model: Model<S, A>, name: string, limits: Limits, { search, run, ...shown }: Searched<S>): CheckResult {
  const found = shown.defect === undefined ? findingsOf(model, search, limits) : { defect: shown.defect }
  const { counterexample, defect, bounds = boundsOf(search) } = found
  const exhausted = search.ended && search.broken === undefined && shown.defect === undefined && bounds.length === 0
  const complete = exhausted && defect === undefined
  return {
    model: model.name,
    search: name,
    verdict: counterexample !== undefined && defect === undefined ? 'violated' : complete ? 'holds' : 'incomplete',
    exhausted,
    distinct: search.distinct,
    generated: search.generated,
    depth: search.depth,
    terminals: search.terminals,
    seconds: run.seconds,
    collisionProbability: limits.exact ? 0 : search.distinct ** 2 / 2 ** 65,
    visitedBytes: search.plan.known.bytes + search.predecessors.bytes,
    longestQueue: run.longestQueue,
    bounds,
    sometimes: model.properties
      .filter(({ kind }) => kind === 'sometimes')
      .map((property) => ({ name: property.name, seen: !search.unseen.has(property) })),
    ...(counterexample && { counterexample }),
    ...(defect && { defect }),
  }
}

/** What a search without a defect has found. */
interface Findings {
  readonly counterexample?: Counterexample | undefined
  readonly defect?: Defect | undefined
  readonly bounds?: readonly HitBound[]
}

function findingsOf<S, A>(model: Model<S, A>, search: SearchSummary<S>, limits: Limits): Findings {
  if (search.broken !== undefined) return confirmed(model, search, search.broken)
  const bounds = boundsOf(search)
  if (bounds.length > 0) return { bounds }
  const [unseen] = search.unseen
  if (unseen !== undefined) return { counterexample: { property: unseen.name, kind: 'sometimes', steps: [] } }
  return judgeGraph(model, limits)
}

/** The way to what is broken, walked again: if it is not broken then, the model is not deterministic. */
function confirmed<S, A>(model: Model<S, A>, search: SearchSummary<S>, { property, index }: Broken<S>): Findings {
  try {
    const way = walk(model, search.predecessors.ordinalsTo(index))
    const steps = inWords(model, way)
    const last = way.at(-1)
    if (last !== undefined && !property.holds(last.state))
      return { counterexample: { property: property.name, kind: property.kind, steps } }
    const message = `"${property.name}" did not hold in a state, and holds there when the way to it is walked again`
    return { defect: { kind: 'not-deterministic', during: `property "${property.name}"`, message, steps } }
  } catch (error) {
    return { defect: { ...messageOf(error), during: 'walking the way to a violation again', steps: [] } }
  }
}

function messageOf(error: unknown): Pick<Defect, 'kind' | 'message'> {
  const { kind, message } = error instanceof RangeError ? new DefectOfModel('not-deterministic', error.message) : defectShownBy(error)
  return { kind, message }
}

function defectOf<S, A>(model: Model<S, A>, search: Search<S, A>, { kind, message }: DefectOfModel): Defect {
  const { expanding, predecessors } = search
  const steps = expanding === undefined ? [] : walkedAgain(model, predecessors.ordinalsTo(expanding.index))
  return { kind, during: duringWhat(model, search), message, steps }
}

/** A way in words; nothing where it cannot be walked again. */
export function walkedAgain<S, A>(model: Model<S, A>, ordinals: readonly number[]): CounterexampleStep[] {
  try {
    return inWords(model, walk(model, ordinals))
  } catch {
    return []
  }
}

/** Which function of the model was being called. */
export function duringWhat<S, A>(model: Model<S, A>, { doing, taking, judging }: Search<S, A>): string {
  if (doing === 'property') return `property "${judging?.name ?? ''}"`
  return doing === 'next' && taking !== undefined ? `next ${safelyDescribed(model, taking)}` : doing
}

function safelyDescribed<S, A>(model: Model<S, A>, action: A): string {
  try {
    return describe(model, action)
  } catch {
    return 'an action that cannot be described'
  }
}

function boundsOf<S>(search: SearchSummary<S>): HitBound[] {
  const bounds = [...search.cut].map(([bound, states]) => ({ bound, states }))
  return search.plan.walks === undefined ? bounds : [...bounds, { bound: 'walks', states: 0 }]
}
