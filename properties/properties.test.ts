/**
 * Every property, in every mode that promises it, over generated jobs, configurations, workloads and faults. By default a few runs each;
 * `MILLRACE_PROPERTY_RUNS` sets how many, `MILLRACE_PROPERTY_SEED` other ones.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { experiments, runGenerated } from '../src/fast-check/index.js'
import { properties } from './all.js'

const numRuns = Number(process.env['MILLRACE_PROPERTY_RUNS'] ?? 30)
const seed = Number(process.env['MILLRACE_PROPERTY_SEED'] ?? 1)

const named = properties.map((property, index) => [property.name, property, index] as const)

describe.each(named)('%s', (_name, { modes, about, check, couldFail }, index) => {
  it.each(modes)('%s', (mode) => {
    let could = 0
    const property = fc.property(experiments({ ...about, modes: [mode] }), (generated) => {
      const run = runGenerated(generated)
      check(run)
      if (couldFail(run)) could++
    })
    fc.assert(property, { numRuns, seed: 1000 * seed + index })
    expect(could, 'runs that could have broken it').toBeGreaterThan(numRuns / 10)
  })
})
