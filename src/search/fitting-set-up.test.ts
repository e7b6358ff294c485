import { describe, expect, it } from 'vitest'
import { sliceScenario } from '../../test/engine/slice-scenario.js'
import { runCampaign } from './campaign.js'
import { cellsOf } from './cell.js'
import { inThisThread } from './chunk-runners.js'
import { runExperiment } from './experiment.js'
import { refuseUnknownPlaces } from './fitting-set-up.js'
import type { JobSetUp, Scenario } from './scenario.js'
import { checkScope, parseScope } from './scopes/index.js'

type Places = Pick<JobSetUp, 'observed' | 'splits'>

const SINK: ReadonlyMap<string, readonly string[]> = new Map([['Sink', ['external-store']]])
const SPLIT = { vertex: 'Src', split: 's0', records: 60 }

function speakingOf(places: Partial<Places>): Scenario {
  return { ...sliceScenario, setUp: (world, mode) => ({ ...sliceScenario.setUp(world, mode), ...places }) }
}

const slips: [what: string, places: Partial<Places>, said: string][] = [
  [
    'a sink that the job does not have',
    { observed: new Map([...SINK, ['Snik', ['external-store']]]) },
    "set-up observed: the job has no sink 'Snik' (did you mean Sink?); allowed: Sink",
  ],
  [
    'an operator that is no sink',
    { observed: new Map([['Count', ['external-store']]]) },
    "set-up observed: the job has no sink 'Count'; allowed: Sink",
  ],
  [
    'a source that the job does not have',
    { splits: [SPLIT, { ...SPLIT, vertex: 'Scr' }] },
    "set-up splits $.1.vertex: the job has no source 'Scr' (did you mean Src?); allowed: Src",
  ],
  [
    'a split that the source does not have',
    { splits: [{ ...SPLIT, split: 'orders-0' }] },
    "set-up splits $.0.split: the job has no split of Src 'orders-0'; allowed: s0, s1, s2",
  ],
]

it.each([
  ['none', []],
  ['one of several', [SPLIT, { ...SPLIT, split: 's2' }]],
])('a set-up is refused that leaves a split out: %s', (_, splits) => {
  expect(() => runExperiment({ scenario: speakingOf({ splits }), mode: 'aligned', seed: 'slip', plan: [] })).toThrow(
    /^set-up splits: nothing is said of split 's[01]' of Src; allowed: every split of every source, with its records$/,
  )
})

describe('a set-up is refused that speaks of', () => {
  it.each(slips)('%s', (_, places, said) => {
    expect(() => runExperiment({ scenario: speakingOf(places), mode: 'aligned', seed: 'slip', plan: [] })).toThrow(said)
  })
})

it.each([
  ['setUp', { ...sliceScenario, setUp: (() => Promise.resolve({})) as never }],
  ['claims', { ...sliceScenario, claims: (() => Promise.resolve([])) as never }],
])('%s of a scenario gives no promise', (what, scenario) => {
  expect(() => runExperiment({ scenario, mode: 'aligned', seed: 'slip', plan: [] })).toThrow(
    `${what} of slice: a function returned a promise`,
  )
})

it('says so where the job has none at all', () => {
  const setUp = { graph: { vertices: [] }, observed: SINK, splits: [] }
  expect(() => {
    refuseUnknownPlaces(setUp as never)
  }).toThrow("the job has no sink 'Sink'; allowed: none: the job has no sink")
})

it('a campaign refuses it before the first run, and names the cell', async () => {
  const cells = cellsOf([sliceScenario, speakingOf({ observed: new Map([['Snik', ['external-store']]]) })], ['aligned'])
  await expect(runCampaign(cells, { seed: 'slip', runs: 1 }, inThisThread(cells))).rejects.toThrow(
    "set-up observed in slice (aligned): the job has no sink 'Snik'",
  )
})

it('a check refuses it', () => {
  const scenario = speakingOf({ splits: [SPLIT, { ...SPLIT, vertex: 'Scr' }] })
  const check = { scenario, mode: 'aligned', scope: parseScope('sources=1,records=1'), reductions: [] } as const
  expect(() => checkScope(check, { states: 1 })).toThrow("set-up splits $.1.vertex: the job has no source 'Scr'")
})
