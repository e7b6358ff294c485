import { describe, expect, it } from 'vitest'
import { scenarios } from '../../scenarios/index.js'
import { JobGraphError } from '../engine/index.js'
import type { FaultPlan } from '../faults/index.js'
import { InputError } from '../flink/input-error.js'
import { runExperiment, type ExperimentResult } from './experiment.js'
import { faultMenu, planOf } from './fault-menu.js'
import type { Reduction } from './reduction.js'
import type { Mode, Scenario } from './scenario.js'

/** A few records of each split, one subtask of everything, one TaskManager, half of the checkpoints, no latency to speak of. */
function small(scenario: Scenario, mode: Mode): Reduction {
  const { header } = runExperiment({ scenario, mode, seed: 'small', plan: [] }, { unjudged: true, maxSteps: 0 })
  const vertices = new Set(header.operators.map(({ task, name }) => task ?? name))
  return {
    records: (header.splits ?? []).map(({ vertex, split, records }, i) => {
      const last = Math.min(20 + i, records - 1)
      return { vertex, split, offsets: [i, 6, last], end: last + 1 }
    }),
    parallelism: Object.fromEntries([...vertices].map((vertex) => [vertex, 1])),
    taskManagers: 1,
    checkpointIntervalUs: 160_000,
    leastBut: [],
  }
}

const cells = scenarios.flatMap((scenario) => scenario.modes.map((mode) => ({ name: scenario.name, scenario, mode })))

describe.each(cells)('a smaller $name ($mode)', ({ scenario, mode }) => {
  const reduction = small(scenario, mode)
  const splits = reduction.records?.length ?? 0

  it('emits the records that are left, and no others, and keeps every claim', () => {
    const { status, verdict, history, header } = runExperiment(
      { scenario, mode, seed: 'small', plan: [], reduction },
      { keepHistory: true, freeze: true },
    )
    expect(status).toBe('FINISHED')
    expect(verdict?.verdict).toBe('holds')
    const emitted = history.flatMap((event) => (event.kind === 'source-emit' ? [`${event.split}:${String(event.offset)}`] : []))
    const left = (reduction.records ?? []).flatMap(({ split, offsets }) => offsets.map((offset) => `${split}:${String(offset)}`))
    expect(emitted.sort()).toEqual(left.sort())
    expect(header.splits?.map(({ records }) => records)).toEqual(Array.from({ length: splits }, () => 3))
    expect(new Set(header.operators.map(({ parallelism }) => parallelism))).toEqual(new Set([1]))
  })

  it('keeps them under faults', () => {
    const { records, leastBut } = reduction
    const menu = faultMenu(scenario, mode)
    for (let run = 0; run < 4; run++) {
      const seed = `small ${String(run)}`
      const experiment = { scenario, mode, seed, plan: planOf(seed, menu), reduction: { records: records!, leastBut: leastBut! } }
      const { verdict } = runExperiment(experiment)
      expect(verdict?.verdict, seed).toBe('holds')
    }
  })
})

describe.each(cells)('$name ($mode) without one of its operators', ({ scenario, mode }) => {
  const { setUp } = runExperiment({ scenario, mode, seed: 'whole', plan: [] }, { unjudged: true, maxSteps: 0 })
  const operators = setUp.graph.vertices.flatMap((vertex) => vertex.operators.map(({ name }) => name))
  const run = (name: string, plan: FaultPlan): ExperimentResult | string => {
    try {
      return runExperiment({ scenario, mode, seed: 'without', plan, reduction: { without: [name] } }, { freeze: true })
    } catch (error) {
      if (error instanceof InputError || error instanceof JobGraphError) return error.message
      throw error
    }
  }

  it('keeps every claim, unless it needs the operator', () => {
    const menu = faultMenu(scenario, mode)
    const spared = operators.filter((name) => {
      const [calm, stormy] = [[], planOf('without', menu)].map((plan) => run(name, plan))
      if (typeof calm !== 'object' || typeof stormy !== 'object') {
        expect([calm, stormy]).toEqual([expect.stringMatching(/needs a sink|with its writer|have no key/), calm])
        return false
      }
      expect([name, calm.status, calm.verdict?.verdict, stormy.verdict?.verdict]).toEqual([name, 'FINISHED', 'holds', 'holds'])
      expect(calm.header.operators.map((operator) => operator.name)).not.toContain(name)
      return true
    })
    expect(spared.length).toBeGreaterThan(0)
  })
})

describe('a smaller job that does not fit', () => {
  const [cell] = cells
  it.each([
    [{ parallelism: { Gone: 1 } }, "the job has no vertex 'Gone'"],
    [{ without: ['Gone'] }, "the job has no operator 'Gone'; allowed: Source: Words, Count"],
    [{ without: ['Sink: Writer'] }, 'cannot leave out Sink: Writer: the job needs a sink'],
    [{ records: [{ vertex: 'Gone', split: 'part-0', offsets: [0], end: 1 }] }, "the job has no split 'part-0' of 'Gone'"],
    [{ records: [{ vertex: 'Source: Words', split: 'part-0', offsets: [100_000], end: 1 }] }, "split 'part-0' has no record 100000"],
  ])('is refused: %j', (reduction, why) => {
    const scenario = scenarios.find(({ name }) => name === 'word-count') ?? cell!.scenario
    expect(() => runExperiment({ scenario, mode: 'aligned', seed: 'unfit', plan: [], reduction })).toThrow(why)
  })
})
