/** Why campaigns repeat every RPC but acknowledgements: Flink relies on nobody doing that, and says so nowhere. */
import { describe, expect, it } from 'vitest'
import { scenarios } from '../../scenarios/index.js'
import type { FaultPlan } from '../faults/index.js'
import { runExperiment } from './experiment.js'
import { faultMenu, planOf } from './fault-menu.js'

// All of its state is in files of its own.
const [scenario] = scenarios.filter(({ name }) => name === 'word-count')
if (scenario === undefined) throw new RangeError('the scenario is there')
const mode = 'aligned'

/** The rules of the protocol that a run breaks when its first acknowledgement arrives again, so long after it was sent. */
function brokenBy(delayUs: number): readonly string[] {
  if (scenario === undefined) throw new RangeError('the scenario is there')
  const plan: FaultPlan = [{ kind: 'detour', rpc: 'acknowledge', nth: 1, delayUs, repeated: true }]
  const { verdict, landings } = runExperiment({ scenario, mode, seed: 'again', plan, restores: false })
  expect(landings).toHaveLength(1)
  return [...new Set(verdict?.protocol.map(({ rule }) => rule))]
}

describe('an acknowledgement that arrives again', () => {
  it('is a duplicate while its checkpoint is pending: nothing comes of it', () => {
    expect(brokenBy(1_000)).toEqual([])
  })

  it('behind the end of its checkpoint makes the coordinator delete what the completed checkpoint refers to', () => {
    expect(brokenBy(50_000)).toEqual(['retained-files-stay'])
  })

  it('is in no plan of a campaign, aimed or not', () => {
    const menu = faultMenu(scenario, mode)
    const repeated = Array.from({ length: 600 }, (_, i) => planOf(`again-${String(i)}`, menu))
      .flat()
      .flatMap((fault) => (fault.kind === 'detour' && fault.repeated ? [fault.rpc] : []))
    expect(repeated.length).toBeGreaterThan(50)
    expect(repeated).not.toContain('acknowledge')
  })
})
