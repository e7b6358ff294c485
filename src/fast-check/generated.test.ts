import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { countToAppend } from '../../scenarios/count-to-append.js'
import { formatToken, parseToken, runExperiment } from '../search/index.js'
import { experiments, experimentFrom, faultPlans, generatedFaults, GENERATED_KINDS, jobs, runGenerated } from './index.js'

describe('generated faults', () => {
  it('are of every kind, and plans of them can be stored', () => {
    const plans = fc.sample(faultPlans(countToAppend, 'aligned', { maxFaults: 8 }), { numRuns: 200, seed: 1 })
    const kinds = new Set(plans.flat().map(({ kind }) => kind))
    const all = ['call', 'crash', 'detour', 'disconnect', 'exception', 'hang', 'host-loss', 'partition', 'pause', 'rpc', 'slow']
    expect([...kinds].sort()).toEqual(all)
    for (const plan of plans) {
      expect(parseToken(formatToken({ scenario: 'count-to-append', mode: 'aligned', seed: '1', plan })).plan).toEqual(plan)
    }
  })

  it('hit something more often than not', () => {
    const plans = fc.sample(faultPlans(countToAppend, 'aligned', { kinds: GENERATED_KINDS, maxFaults: 1 }), { numRuns: 30, seed: 2 })
    const runs = plans
      .filter(({ length }) => length > 0)
      .map((plan) => runExperiment({ scenario: countToAppend, mode: 'aligned', seed: '1', plan }))
    const landed = runs.filter(({ verdict }) => Object.keys(verdict?.evidence.faults ?? {}).length > 0)
    expect(landed.length).toBeGreaterThan(runs.length / 2)
  })

  it('shrink to none, and one that is needed to a crash at the first step', () => {
    const smallest = (needed: number) =>
      fc.check(
        fc.property(generatedFaults(), ({ length }) => length < needed),
        { seed: 1 },
      ).counterexample?.[0]
    expect(smallest(0)).toEqual([])
    expect(smallest(1)).toMatchObject([{ kind: 'crash', at: 'step', target: 0, when: 0, ms: 1, noticed: false }])
  })
})

describe('generated jobs', () => {
  it('shrink to one source of one record, without a stage', () => {
    const { counterexample } = fc.check(
      fc.property(jobs(), () => false),
      { seed: 1 },
    )
    expect(counterexample?.[0]).toMatchObject({
      sources: [{ splits: 1, perSplit: 1, burst: 1 }],
      keys: 1,
      stages: [],
      sinkParallelism: 1,
    })
  })

  it('are as they are asked for', () => {
    const drawn = fc.sample(jobs({ sinks: ['file'], restart: 'never', first: 'count', maxStages: 2, maxPerSplit: 3 }), 50)
    for (const { sink, settings, stages, sources } of drawn) {
      expect([sink, settings.restart, stages[0]?.kind]).toEqual(['file', 'never', 'count'])
      expect(stages.length).toBeLessThanOrEqual(2)
      expect(Math.max(...sources.map(({ perSplit }) => perSplit))).toBeLessThanOrEqual(3)
    }
  })
})

describe('a generated experiment', () => {
  it('is plain data, and the same run each time', () => {
    const drawn = fc.sample(experiments({ modes: ['aligned', 'off'] }), { numRuns: 5, seed: 3 })
    for (const generated of drawn) {
      const copy: typeof generated = JSON.parse(JSON.stringify(generated))
      expect(experimentFrom(copy).plan).toEqual(experimentFrom(generated).plan)
      expect(runGenerated(copy).traceHash).toBe(runGenerated(generated).traceHash)
    }
  })
})
