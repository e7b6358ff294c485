import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Pending } from './pending.js'
import { Schedule } from './schedule.js'

function pendingAt(time: number, sequence: number): Pending {
  const pending = new Pending({ kind: 'test' }, undefined, undefined, undefined)
  pending.time = time
  pending.sequence = sequence
  return pending
}

/** Push at a time, pop the first, or remove the n-th of those pushed and still there. */
const operations = fc.array(
  fc.oneof(
    fc.record({ op: fc.constant('push' as const), value: fc.nat(20) }),
    fc.record({ op: fc.constant('pop' as const), value: fc.constant(0) }),
    fc.record({ op: fc.constant('remove' as const), value: fc.nat(1000) }),
  ),
  { maxLength: 300 },
)

/** The plainest schedule there is. */
class SortedArray {
  private readonly entries: Pending[] = []

  push(pending: Pending): void {
    this.entries.push(pending)
    this.entries.sort((a, b) => a.time - b.time || a.sequence - b.sequence)
  }
  pop(): Pending | undefined {
    return this.entries.shift()
  }
  at(n: number): Pending | undefined {
    return this.entries[n % Math.max(1, this.entries.length)]
  }
  remove(pending: Pending): void {
    this.entries.splice(this.entries.indexOf(pending), 1)
  }
  get size(): number {
    return this.entries.length
  }
}

describe('Schedule', () => {
  it('behaves as a sorted array under any mix of push, pop and remove', () => {
    fc.assert(
      fc.property(operations, (steps) => {
        const schedule = new Schedule()
        const model = new SortedArray()
        steps.forEach(({ op, value }, sequence) => {
          if (op === 'push') {
            const pending = pendingAt(value, sequence)
            schedule.push(pending)
            model.push(pending)
          } else if (op === 'pop') {
            expect(schedule.pop()).toBe(model.pop())
          } else {
            const victim = model.at(value)
            if (victim === undefined) return
            schedule.remove(victim)
            model.remove(victim)
          }
          expect(schedule.size).toBe(model.size)
          expect(schedule.peek()).toBe(model.at(0))
        })
        while (model.size > 0) expect(schedule.pop()).toBe(model.pop())
        expect(schedule.pop()).toBeUndefined()
      }),
    )
  })

  it('orders equal times by sequence, whatever the order of pushing', () => {
    const schedule = new Schedule()
    for (const sequence of [3, 0, 2, 1]) schedule.push(pendingAt(7, sequence))
    expect([0, 1, 2, 3].map(() => schedule.pop()?.sequence)).toEqual([0, 1, 2, 3])
  })

  it('ignores the removal of what is not scheduled, and lets it be pushed again', () => {
    const schedule = new Schedule()
    const pending = pendingAt(1, 0)
    schedule.remove(pending)
    schedule.push(pending)
    schedule.remove(pending)
    schedule.remove(pending)
    expect(schedule.size).toBe(0)
    schedule.push(pending)
    expect(schedule.pop()).toBe(pending)
  })
})
