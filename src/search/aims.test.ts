import { describe, expect, it } from 'vitest'
import { scenarios } from '../../scenarios/index.js'
import { pointOf, turnOf, type Fault } from '../faults/index.js'
import type { AimGroup } from './aims.js'
import { faultMenu, planOf } from './fault-menu.js'
import { cellKey, kindOfFault } from './landing.js'

const menus = ['kafka-to-kafka-exactly-once', 'windowed-join'].map((name) => {
  const scenario = scenarios.find((candidate) => candidate.name === name)
  if (scenario === undefined) throw new RangeError('the scenario is there')
  return [name, faultMenu(scenario, 'aligned')] as const
})

const DEPTHS = [0, 1, 2] as const
const GROUPS: readonly AimGroup[] = ['failing', 'breaking', 'gentle', 'far']

it('the modes of a scenario begin at different cells', () => {
  const scenario = scenarios.find(({ name }) => name === 'kafka-to-kafka-exactly-once')
  if (scenario === undefined) throw new RangeError('the scenario is there')
  const [aligned, atLeastOnce] = (['aligned', 'at-least-once'] as const).map((mode) =>
    faultMenu(scenario, mode).aims.byDepth[1].gentle.map(cellKey),
  )
  expect(atLeastOnce?.toSorted()).toEqual(aligned?.toSorted())
  expect(atLeastOnce?.slice(0, 20).filter((key) => aligned?.slice(0, 20).includes(key))).toEqual([])
})

it('calls that no connector repeats fail the job, and calls of checkpoints where no failed one is tolerated', () => {
  const groupOf = (name: string, key: string): AimGroup | undefined => {
    const scenario = scenarios.find((candidate) => candidate.name === name)
    const aims = scenario && faultMenu(scenario, 'aligned').aims.byDepth[1]
    return GROUPS.find((group) => aims?.[group].some((cell) => cellKey(cell) === key))
  }
  expect(groupOf('windowed-join', 'failed store.write external-store 1')).toBe('failing')
  expect(groupOf('windowed-join', 'failed store.commit external-store 1')).toBe('gentle')
  expect(groupOf('windowed-join', 'failed store.add store 1')).toBe('gentle')
  expect(groupOf('count-to-append', 'failed store.add store 1')).toBe('failing')
})

describe.each(menus)('the aims of %s', (_, menu) => {
  const { cells, byDepth } = menu.aims

  it('have each reachable cell in one group of its depth', () => {
    const grouped = DEPTHS.flatMap((depth) => GROUPS.flatMap((group) => byDepth[depth][group].map((cell) => ({ depth, cell }))))
    for (const { depth, cell } of grouped) expect(cell.depth).toBe(depth)
    const reachable = cells.filter(({ reason }) => reason === undefined)
    const keys = grouped.map(({ cell }) => cellKey(cell)).sort()
    const twice = keys.filter((key, i) => key === keys[i - 1])
    expect(twice).toContain('disconnect task.restored sink 2')
    expect(twice.length).toBeLessThan(6)
    expect([...new Set(keys)]).toEqual(reachable.map(cellKey).sort())
    const groups = GROUPS.filter((group) => DEPTHS.some((depth) => byDepth[depth][group].some((cell) => twice.includes(cellKey(cell)))))
    expect(groups).toEqual(['far'])
  })

  it('have those alone that need something of their own, and those at the end of a recovery', () => {
    const groupOf = (key: string): AimGroup | undefined =>
      GROUPS.find((group) => DEPTHS.some((depth) => byDepth[depth][group].some((cell) => cellKey(cell) === key)))
    expect(groupOf('crash recovery.restore.chosen JobManager 1')).toBe('failing')
    expect(groupOf('disconnect task.barrier.aligned sink 2')).toBe('breaking')
    expect(groupOf('partition task.restored source 2')).toBe('gentle')
    expect(groupOf('pause checkpoint.ack.sent sink 1')).toBe('gentle')
    expect(groupOf('pause task.notify.done sink 0')).toBe('gentle')
    expect(groupOf('pause task.notify.done sink 1')).toBe('far')
    expect(groupOf('late trigger-checkpoint sink 0')).toBe('far')
    expect(groupOf('disconnect task.restored source 2')).toBe('far')
  })
})

describe.each(menus)('aimed plans of %s', (_, menu) => {
  const plans = Array.from({ length: 300 }, (__, i) => planOf(`aims-${String(2 * i + 1)}`, menu))
  const depthOf = (fault: Fault): number => turnOf(fault)?.depth ?? 0
  const isNoticed = (fault: Fault, depth: number): boolean =>
    (fault.kind === 'partition' || fault.kind === 'pause') && fault.forUs > menu.heartbeatTimeoutUs && depthOf(fault) === depth
  const stepOf = (fault: Fault): string => `${kindOfFault(fault) ?? ''} ${pointOf(fault) ?? ''} ${turnOf(fault)?.who ?? ''}`

  it('have one failing or breaking cell at most at the depth of recovery that they aim at', () => {
    const deep = plans.map((plan) => ({ plan, deepest: Math.max(...plan.map(depthOf)) })).filter(({ deepest }) => deepest > 0)
    expect(deep.length).toBeGreaterThan(200)
    const ending = DEPTHS.map((depth) => {
      const { failing, breaking } = menu.aims.byDepth[depth]
      return new Set([...failing, ...breaking].map(({ fault, failpoint }) => `${fault} ${failpoint}`))
    })
    for (const { plan, deepest } of deep) {
      const ends = (fault: Fault): boolean => ending[deepest]?.has(`${kindOfFault(fault) ?? ''} ${pointOf(fault) ?? ''}`) === true
      const steps = plan.filter((fault) => depthOf(fault) === deepest && ends(fault)).map(stepOf)
      expect(new Set(steps).size, steps.join(', ')).toBeLessThanOrEqual(1)
    }
  })

  it('have one silence at most in their recoveries that lasts until it is noticed', () => {
    const noticed = plans.map((plan) => [1, 2].map((depth) => plan.filter((fault) => isNoticed(fault, depth)).length))
    expect(Math.max(...noticed.map(([first = 0, second = 0]) => first + second))).toBe(1)
    for (const place of [0, 1]) expect(noticed.filter((counts) => counts[place] === 1).length).toBeGreaterThan(10)
  })

  it('have a checkpoint aborted once at each depth, however many of their cells need it', () => {
    const isProvoking = (fault: Fault): boolean => pointOf(fault) === 'task.snapshot.async' && turnOf(fault)?.who === undefined
    const counts = plans.flatMap((plan) =>
      DEPTHS.map((depth) => plan.filter((fault) => isProvoking(fault) && depthOf(fault) === depth).length),
    )
    expect(Math.max(...counts)).toBe(1)
  })

  it('try several connections at one step, at a time of its own each', () => {
    const tried = plans.map((plan) => plan.filter(({ kind }) => kind === 'disconnect')).filter(({ length }) => length > 1)
    expect(tried.length).toBeGreaterThan(20)
    for (const faults of tried) {
      const pairs = faults.map((fault) => (fault.kind === 'disconnect' ? `${fault.process} ${fault.other} ${stepOf(fault)}` : ''))
      expect(new Set(pairs).size).toBe(faults.length)
      const times = faults.map((fault) => `${stepOf(fault)} ${String(turnOf(fault)?.nth)}`)
      expect(new Set(times).size).toBe(faults.length)
    }
  })
})

it('silences and delays go by the length of the job where its timeouts are far longer', () => {
  const scenario = scenarios.find(({ name }) => name === 'imported-plan')
  if (scenario === undefined) throw new RangeError('the scenario is there')
  const menu = faultMenu(scenario, 'aligned')
  expect(menu.heartbeatTimeoutUs).toBeGreaterThan(10 * menu.endUs)
  expect(menu.latestUs).toBeGreaterThan(10 * menu.endUs)
  const faults = Array.from({ length: 300 }, (_, i) => planOf(`aims-${String(2 * i + 1)}`, menu)).flat()
  const silences = faults.flatMap((fault) => (fault.kind === 'pause' || fault.kind === 'partition' ? [fault.forUs] : []))
  const unnoticed = silences.filter((us) => us < menu.heartbeatTimeoutUs)
  expect(unnoticed.length).toBeGreaterThan(50)
  expect(Math.max(...unnoticed)).toBeLessThan(menu.endUs)
  const ofDetours = faults.flatMap((fault) => (fault.kind === 'detour' && fault.delayUs !== menu.heartbeatTimeoutUs ? [fault.delayUs] : []))
  expect(ofDetours.length).toBeGreaterThan(50)
  expect(Math.max(...ofDetours)).toBeLessThan(2 * menu.endUs)
})
