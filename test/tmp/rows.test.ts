import { it } from 'vitest'
import { exploreBreadthFirst, exploreWorld } from '/work/wt/rows/src/check/index.js'
import { agreement, twoPhaseCommit } from '/work/wt/rows/test/world/two-phase-commit.js'
it('two-phase', () => {
  for (const crashes of [0, 1, 2]) {
    const e = { build: (options: any) => twoPhaseCommit(options, 2), budgets: { crashes }, fold: agreement(2) }
    let t = performance.now()
    console.log(exploreBreadthFirst(e), performance.now() - t)
    t = performance.now()
    console.log(exploreWorld(e), performance.now() - t)
  }
})
