import { describe, expect, it } from 'vitest'
import { scenarios } from '../../scenarios/index.js'
import { runExperiment } from './experiment.js'
import { faultMenu } from './fault-menu.js'
import { matrixOf, UNREACHABLE } from './matrix.js'

const menus = scenarios.flatMap((scenario) => scenario.modes.map((mode) => faultMenu(scenario, mode)))
const cells = menus.flatMap(({ aims }) => aims.cells)

describe('the cells of the matrix', () => {
  it('of reads are out of reach before there was a failure, and by no other reason', () => {
    const reads = cells.filter(({ failpoint }) => failpoint === 'storage.get' || failpoint === 'task.restore.read')
    expect(reads.some(({ depth }) => depth === 0)).toBe(true)
    expect(new Set(reads.filter(({ depth }) => depth === 0).map(({ reason }) => reason))).toEqual(new Set([UNREACHABLE.restoresOnly]))
    expect(reads.filter(({ depth, reason }) => depth > 0 && reason === UNREACHABLE.restoresOnly)).toEqual([])
  })
  it('have broken connections only where the job has any to break', () => {
    const [scenario] = scenarios
    if (scenario === undefined) throw new RangeError('there is one')
    const { graph } = runExperiment({ scenario, mode: 'aligned', seed: 's', plan: [] }, { unjudged: true, maxSteps: 0 }).setUp
    const menu = faultMenu(scenario, 'aligned')
    const disconnects = (connections: typeof menu.connections) =>
      matrixOf({ menu: { ...menu, connections }, graph, census: menu.aims.census }).some(({ fault }) => fault === 'disconnect')
    expect(disconnects(menu.connections)).toBe(true)
    expect(disconnects([])).toBe(false)
  })
})
