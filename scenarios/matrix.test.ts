import { describe, expect, it } from 'vitest'
import { pointOf, turnOf } from '../src/faults/index.js'
import { kindOfFault, runExperiment, faultMenu, planOf, UNREACHABLE, cellKey, type ListedCell } from '../src/search/index.js'
import { scenarios } from './index.js'

const menus = scenarios.flatMap((scenario) => scenario.modes.map((mode) => ({ scenario, mode, menu: faultMenu(scenario, mode) })))
const named = menus.map((one) => [`${one.scenario.name} ${one.mode}`, one] as const)

function partOf(cells: readonly ListedCell[]): number {
  return cells.filter(({ reason }) => reason !== undefined).length / cells.length
}

describe('the fault matrix', () => {
  it('has at most a tenth of unreachable cells', () => {
    expect(partOf(menus.flatMap(({ menu }) => menu.aims.cells))).toBeLessThanOrEqual(0.1)
  })

  it.each(named)('of %s has few unreachable cells, and each cell once', (_, { menu }) => {
    const { cells } = menu.aims
    expect(cells.length).toBeGreaterThan(100)
    expect(new Set(cells.map(cellKey)).size).toBe(cells.length)
    expect(partOf(cells)).toBeLessThanOrEqual(0.1)
  })

  it('every reason is that of some cell, and no run lands in one', () => {
    const reasons = new Set(menus.flatMap(({ menu }) => menu.aims.cells.map(({ reason }) => reason)))
    for (const reason of Object.values(UNREACHABLE)) expect(reasons).toContain(reason)
    for (const { scenario, mode, menu } of menus) {
      const unreachable = new Set(menu.aims.cells.filter(({ reason }) => reason !== undefined).map(cellKey))
      for (let i = 0; i < 6; i++) {
        const seed = `matrix-${String(i)}`
        const { landings } = runExperiment({ scenario, mode, seed, plan: planOf(seed, menu) }, { unjudged: true })
        expect(landings.filter((key) => unreachable.has(key))).toEqual([])
      }
    }
  })

  it.each(named)('of %s: every reachable cell has its turn in the plans of a campaign', (_, { menu }) => {
    const aimed = new Set<string>()
    for (let run = 1; run < 2400; run += 2) {
      for (const fault of planOf(`turn-${String(run)}`, menu)) {
        const [point, turn] = [pointOf(fault), turnOf(fault)]
        const role = turn?.who
        aimed.add(`${kindOfFault(fault) ?? ''} ${point ?? ''} ${role ?? ''} ${String(turn?.depth ?? 0)}`)
      }
    }
    const missed = menu.aims.cells.filter(({ fault, failpoint, role, depth, reason }) => {
      const who = ['source', 'operator', 'sink', 'committer'].includes(role) && !failpoint.startsWith('sink.') ? role : ''
      return reason === undefined && !aimed.has(`${fault} ${failpoint} ${who} ${String(depth)}`)
    })
    expect(missed.map(cellKey)).toEqual([])
  })

  it('aimed runs land where few others do: during recoveries, and during recoveries from failures in recoveries', () => {
    const [kafka] = menus.filter(({ scenario, mode }) => scenario.name === 'kafka-to-kafka-exactly-once' && mode === 'aligned')
    if (kafka === undefined) throw new RangeError('the scenario is there')
    const { scenario, mode, menu } = kafka
    const landed = new Set<string>()
    for (let run = 1; run < 61; run += 2) {
      const seed = `aim-${String(run)}`
      for (const key of runExperiment({ scenario, mode, seed, plan: planOf(seed, menu) }, { unjudged: true }).landings) landed.add(key)
    }
    expect(landed.size).toBeGreaterThan(80)
    expect([...landed].filter((key) => key.endsWith(' 2')).length).toBeGreaterThan(20)
  })

  it('faults of sixty runs in each mode land in half of the cells of kafka-to-kafka-exactly-once', () => {
    const modes = menus.filter(({ scenario }) => scenario.name === 'kafka-to-kafka-exactly-once')
    const landed = new Set(
      modes.flatMap(({ scenario, mode, menu }) =>
        Array.from({ length: 60 }, (_, i) => `half-${String(i)}`).flatMap(
          (seed) => runExperiment({ scenario, mode, seed, plan: planOf(seed, menu) }, { unjudged: true }).landings,
        ),
      ),
    )
    const reachable = new Set(modes.flatMap(({ menu }) => menu.aims.cells.filter(({ reason }) => reason === undefined)).map(cellKey))
    expect([...reachable].filter((key) => landed.has(key)).length / reachable.size).toBeGreaterThan(0.5)
  })

  it.each([
    'lost trigger-checkpoint sink 0',
    'late trigger-checkpoint sink 1',
    'overtaken trigger-checkpoint sink 2',
    'hang task.cancel sink 0',
    'partition task.cancelled source 0',
    'disconnect recovery.pointers.loaded JobManager 1',
    'disconnect recovery.restore.chosen JobManager 1',
    'disconnect recovery.tasks.deployed JobManager 2',
    'disconnect recovery.failure.noticed JobManager 2',
    'disconnect task.restored source 2',
    'pause recovery.pointers.loaded JobManager 2',
    'pause task.finished sink 1',
    'lost notify-complete sink 2',
    'partition task.notify.done source 1',
  ])('of the runs that aim at %s, a far one, at least every fourth lands there', (key) => {
    for (const name of ['kafka-to-kafka-exactly-once', 'windowed-join']) {
      const found = menus.find(({ scenario, mode }) => scenario.name === name && mode === 'aligned')
      const cell = found?.menu.aims.cells.find((each) => cellKey(each) === key)
      if (found === undefined || cell === undefined) throw new RangeError('scenario and cell are there')
      const { scenario, mode, menu } = found
      const { byDepth } = menu.aims
      expect(byDepth[cell.depth].far.map(cellKey)).toContain(key)
      const alone = { failing: [], breaking: [], gentle: [], far: [cell] }
      const aims = { ...menu.aims, byDepth: { ...byDepth, [cell.depth]: alone } }
      const plans = Array.from({ length: 90 }, (_, i) => `far-${String(2 * i + 1)}`)
        .map((seed) => ({ seed, plan: planOf(seed, { ...menu, aims }) }))
        .filter(({ plan }) =>
          plan.some(
            (fault) => kindOfFault(fault) === cell.fault && pointOf(fault) === cell.failpoint && turnOf(fault)?.depth === cell.depth,
          ),
        )
        .slice(0, 12)
      expect(plans.length, name).toBeGreaterThan(5)
      const landed = plans.filter(({ seed, plan }) =>
        runExperiment({ scenario, mode, seed, plan }, { unjudged: true }).landings.includes(key),
      )
      expect(landed.length, name).toBeGreaterThanOrEqual(plans.length / 4)
    }
  })

  it('a fault that hit nothing has no part in what another one hits later', () => {
    const found = menus.find(({ scenario, mode }) => scenario.name === 'word-count' && mode === 'aligned')
    if (found === undefined) throw new RangeError('the scenario is there')
    const breaks = (point: string) =>
      ({ kind: 'disconnect', process: 'TaskManager-0', other: 'TaskManager-1', at: { point, nth: 1, depth: 0 } }) as const
    const plan = [breaks('recovery.restore.chosen'), breaks('task.barrier.aligned')]
    const { landings } = runExperiment({ ...found, seed: 'x', plan }, { unjudged: true })
    expect(landings.map((key) => key.split(' ').slice(0, 2))).toEqual([['disconnect', 'task.barrier.aligned']])
  })
})
