import { describe, expect, it } from 'vitest'
import { agreement, twoPhaseCommit } from '../../../test/world/two-phase-commit.js'
import { InternedWorld } from './interned-world.js'
import { RowQueue } from './row-queue.js'
import { SpillFile } from './spill-file.js'
import { Successors } from './successors.js'

function someWorld() {
  const exploration = { build: (options: Parameters<typeof twoPhaseCommit>[0]) => twoPhaseCommit(options, 2), fold: agreement(2) }
  const interned = new InternedWorld(exploration, true)
  for (const { state } of new Successors(exploration).roots()) if (state !== undefined) interned.takeApart(state)
  return interned
}

/** Lets states wait, in bursts of this size, and takes half as many after each; then all. */
function takenInBursts(queue: RowQueue, burst: number, states: number): number[] {
  const { row } = someWorld()
  const { high, low } = row
  const taken: number[] = []
  const take = () => {
    taken.push(queue.pop(row))
    expect([row.high, row.low]).toEqual([high, low])
  }
  for (let index = 0; index < states; index++) {
    queue.push(index, row)
    if (index % burst === 0) for (let i = 0; i < burst / 2 && queue.size > 0; i++) take()
  }
  while (queue.size > 0) take()
  return taken
}

describe('states that wait', () => {
  const inOrder = Array.from({ length: 5000 }, (_, index) => index)

  it('are taken in the order in which they came', () => {
    expect(takenInBursts(new RowQueue(), 10, 5000)).toEqual(inOrder)
  })

  it.each([0, 1, 3])('wait on disk beyond %i pieces in memory, in the same order', (pieces) => {
    const spill = new SpillFile()
    const queue = new RowQueue(spill, pieces, 512)
    expect(takenInBursts(queue, 10, 5000)).toEqual(inOrder)
    expect(spill.most).toBeGreaterThan(50_000)
    spill.close()
  })

  it('is told when there is none', () => {
    const queue = new RowQueue()
    expect(queue.pop(someWorld().row)).toBe(-1)
  })
})
