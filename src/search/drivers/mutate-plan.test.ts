import { expect, it } from 'vitest'
import { scenarios } from '../../../scenarios/index.js'
import type { FaultPlan } from '../../faults/index.js'
import { Stream } from '../../world/index.js'
import { faultMenu } from '../fault-menu.js'
import { misnamedIn, neverLateIn } from '../plan-names.js'
import { mutatePlan } from './mutate-plan.js'

const scenario = scenarios.find(({ name }) => name === 'kafka-to-kafka-exactly-once')
if (scenario === undefined) throw new RangeError('the scenario is there')
const menu = faultMenu(scenario, 'aligned')

it.each<[FaultPlan]>([
  [[{ kind: 'skew', process: 'TaskManager-0', fromUs: 5, byUs: 7 }]],
  [[{ kind: 'slow', process: 'storage', fromUs: 5, untilUs: 9, extraUs: 7 }]],
  [[{ kind: 'ties', gridUs: 1000 }]],
  [[{ kind: 'haste' }]],
  [[{ kind: 'exception', point: 'task.record', nth: 3 }]],
  [[{ kind: 'pause', process: '*', at: { point: 'task.restored', nth: 2, depth: 1 }, forUs: 9 }]],
])('a change of %j keeps its kind, its steps are those of the catalogue, and it still has its turn', (plan) => {
  for (let i = 0; i < 200; i++) {
    const other = mutatePlan(new Stream(`seed-${String(i)}`, 'mutate'), plan, menu, () => undefined)
    expect(misnamedIn(other)).toEqual([])
    for (const fault of other) {
      expect(fault.kind).toBe(plan[0]?.kind)
      if ('at' in fault) expect(fault.at).toMatchObject({ nth: expect.any(Number), depth: 1 })
    }
  }
})

it('a call that is applied later is moved only to calls that may be', () => {
  const plan = [{ kind: 'call', point: 'store.add', nth: 1, outcome: 'unknown-later', delayUs: 5 } as const]
  for (let i = 0; i < 200; i++) {
    expect(neverLateIn(mutatePlan(new Stream(`seed-${String(i)}`, 'mutate'), plan, menu, () => undefined))).toEqual([])
  }
})
