import { expect } from 'vitest'
import '../src/vitest/index.js'
import { type Property } from './property.js'

/** What every operator has in a completed checkpoint is the effect of what the sources had read in it. */
export const consistentCut: Property = {
  name: 'every completed checkpoint is a consistent cut',
  modes: ['aligned'],
  about: {},
  check(run) {
    if (run.verdict?.evidence.checkpointsCompleted !== 0) expect(run).toHaveConsistentCuts()
  },
  couldFail: ({ verdict }) => (verdict?.evidence.checkpointsCompleted ?? 0) > 2,
  brokenBy: 'alignment-at-first-barrier',
  brokenIn: 'aligned',
}
