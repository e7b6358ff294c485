/**
 * Iterative deepening: depth-first to a depth, again and again, until a greater depth shows no further state. A state that is found
 * nearer to the start than before is expanded again, so each round sees exactly the states within its depth.
 */
import type { CheckResult } from './check-result.js'
import { Fingerprinter } from './fingerprint.js'
import { Stack } from './frontier.js'
import { ByContent, ByDepth } from './known-states.js'
import type { Limits } from './limits.js'
import type { Model } from './model.js'
import { resultOf, searchedOf } from './run-check.js'
import { runSearch, type SearchRun } from './run-search.js'
import { Search } from './search.js'

/** Checks the model; `generated` are the steps of the last round. */
export function deepen<S, A>(model: Model<S, A>, limits: Limits, step: number): CheckResult {
  if (!Number.isInteger(step) || step < 1) throw new RangeError(`iterative deepening by ${step}: a whole number above 0 is needed`)
  let secondsLeft = limits.maxSeconds
  let seconds = 0
  let before = 0
  for (let depth = step; ; depth += step) {
    const { search, run } = round(model, { ...limits, maxSeconds: secondsLeft }, Math.min(depth, limits.maxDepth))
    seconds += run.seconds
    secondsLeft -= run.seconds
    const same = search.distinct === before
    if (same) search.cut.delete('depth')
    search.depth = Math.min(search.depth, same ? depth - step : depth)
    before = search.distinct
    const onlyDepth = search.cut.size === 1 && search.cut.has('depth') && depth < limits.maxDepth
    if (!onlyDepth || search.broken !== undefined || run.defect !== undefined) {
      return resultOf(model, 'iterative deepening', limits, searchedOf(model, search, { ...run, seconds }))
    }
  }
}

interface Round<S, A> {
  readonly search: Search<S, A>
  readonly run: SearchRun
}

function round<S, A>(model: Model<S, A>, limits: Limits, maxDepth: number): Round<S, A> {
  const search = new Search<S, A>(model, {
    frontier: new Stack(),
    known: limits.exact ? new ByContent() : new ByDepth(),
    fingerprinter: new Fingerprinter(limits.seed),
    maxStates: limits.maxStates,
    maxDepth,
    auditEvery: limits.auditEvery,
  })
  return { search, run: runSearch(search, limits) }
}
