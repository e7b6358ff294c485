import { describe, expect, it } from 'vitest'
import { targetNamed } from '../../test/faults/fault-target.js'
import { processRef, type Link } from '../world/index.js'
import type { PartitionFault, PauseFault } from './fault.js'
import { Silences } from './silences.js'

const NAMES = ['A', 'B', 'C']

const targetOf = (landed: string[]): ReturnType<typeof targetNamed> =>
  targetNamed(NAMES, (fault, point, name) => {
    landed.push(`${fault.kind} ${point} ${name}`)
  })

const partition = (more: Partial<PartitionFault> = {}): PartitionFault => ({
  kind: 'partition',
  process: 'A',
  others: ['B'],
  direction: 'both',
  at: { timeUs: 100 },
  forUs: 50,
  lossy: false,
  ...more,
})

function silences(plan: readonly (PartitionFault | PauseFault)[]) {
  const landed: string[] = []
  const made = Silences.of(plan, targetOf(landed))
  if (made === undefined) throw new Error('the plan silences nobody')
  const link = (from: string, to: string): Pick<Link, 'from' | 'to'> => ({ from: NAMES.indexOf(from), to: NAMES.indexOf(to) })
  const transit = (from: string, to: string, now: number, mayBeLost = false) => made.transit(link(from, to), mayBeLost, now)
  const heard = (from: string, to: string, now: number) => made.heard(NAMES.indexOf(from), NAMES.indexOf(to), now)
  return { made, landed, transit, heard }
}

describe('a partition', () => {
  it('holds what is sent between the two until it is over, and lands once', () => {
    const { transit, heard, landed } = silences([partition()])
    expect([transit('A', 'B', 99), transit('A', 'B', 100), transit('B', 'A', 120), transit('A', 'B', 150)]).toEqual([0, 50, 30, 0])
    expect([transit('A', 'C', 120), transit('C', 'B', 120)]).toEqual([0, 0])
    expect([heard('A', 'B', 99), heard('A', 'B', 100), heard('B', 'A', 149), heard('A', 'B', 150)]).toEqual([true, false, false, true])
    expect(landed).toEqual(['partition time A / B'])
  })

  it('may be of one direction', () => {
    const from = silences([partition({ direction: 'from' })])
    expect([from.transit('A', 'B', 100), from.transit('B', 'A', 100)]).toEqual([50, 0])
    const to = silences([partition({ direction: 'to', others: ['B', 'C'] })])
    expect([to.transit('A', 'B', 100), to.transit('B', 'A', 100), to.transit('C', 'A', 100)]).toEqual([0, 50, 50])
    expect([to.heard('A', 'B', 100), to.heard('B', 'A', 100)]).toEqual([true, false])
  })

  it('loses what may be lost when it is lossy, and nothing else', () => {
    const { transit } = silences([partition({ lossy: true })])
    expect([transit('A', 'B', 100, true), transit('A', 'B', 100, false), transit('A', 'B', 150, true)]).toEqual([-1, 50, 0])
    expect(silences([partition()]).transit('A', 'B', 100, true)).toBe(50)
  })

  it('at a step begins when the step is reached', () => {
    const fault = partition({ at: { point: 'barrier', nth: 2 } })
    const { made, transit, landed } = silences([fault])
    expect(transit('A', 'B', 100)).toBe(0)
    made.cut(fault, 400, 'A')
    expect(transit('A', 'B', 420)).toBe(30)
    expect(landed).toEqual(['partition barrier A / B'])
  })
})

describe('a pause', () => {
  const fault: PauseFault = { kind: 'pause', process: 'B', at: { timeUs: 100 }, forUs: 50 }

  it('delays what is sent to the process, and nothing that others get; its death ends it', () => {
    const { made, transit, heard, landed } = silences([fault])
    expect(transit('A', 'B', 100)).toBe(0)
    made.pause(fault, processRef(1), 150)
    expect([transit('A', 'B', 110), transit('A', 'C', 110), transit('A', 'B', 150)]).toEqual([40, 0, 0])
    expect([heard('A', 'B', 110), heard('B', 'A', 110), heard('B', 'B', 110), heard('A', 'A', 110)]).toEqual([false, false, false, true])
    expect(landed).toEqual(['pause time B'])
    const fork = made.fork()
    made.crashed('B')
    expect(heard('A', 'B', 110)).toBe(true)
    expect(fork.heard(0, 1, 110)).toBe(false)
  })
})

it('a plan without silences costs nothing', () => {
  expect(Silences.of([{ kind: 'rpc', rpc: 'acknowledge', nth: 1 }], targetOf([]))).toBeUndefined()
})
