import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Key, Value } from '../record.js'
import {
  compareKeys,
  compareTimers,
  NOTES,
  openKeyedState,
  putEntry,
  releaseView,
  takeView,
  writePiece,
  type HeapKeyedState,
  type KeyedSnapshot,
  type KeyTimer,
} from './heap-keyed-state.js'
import { KeyedAccess } from './keyed-access.js'

/** A change of keyed state, or a step of a snapshot. */
type Command =
  | { readonly do: 'put'; readonly key: Key; readonly namespace: number; readonly value: number }
  | { readonly do: 'absorb'; readonly key: Key; readonly namespace: number; readonly id: number }
  | { readonly do: 'clear'; readonly key: Key; readonly namespace: number }
  | { readonly do: 'timer' | 'no-timer'; readonly key: Key; readonly timestamp: number }
  | { readonly do: 'view' }
  | { readonly do: 'piece'; readonly view: number; readonly keys: number }
  | { readonly do: 'give-up'; readonly view: number }

const key = fc.constantFrom<Key>(1, 2, 3, 10, 'a', 'b')
const namespace = fc.constantFrom(0, 10, 20)
const view = fc.nat({ max: 3 })
const commands: fc.Arbitrary<Command[]> = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ do: fc.constant('put' as const), key, namespace, value: fc.nat({ max: 99 }) }) },
    { weight: 4, arbitrary: fc.record({ do: fc.constant('absorb' as const), key, namespace, id: fc.nat({ max: 20 }) }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('clear' as const), key, namespace }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('timer' as const, 'no-timer' as const), key, timestamp: fc.nat({ max: 5 }) }) },
    { weight: 2, arbitrary: fc.constant({ do: 'view' as const }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('piece' as const), view, keys: fc.integer({ min: 1, max: 3 }) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('give-up' as const), view }) },
  ),
  { maxLength: 60 },
)

/** The plainest keyed state there is: everything is copied when a snapshot is taken. */
class CopyingState {
  private readonly cells = new Map<string, { key: Key; namespace: number; values: Record<string, Value>; absorbed: number[] }>()
  private timers: KeyTimer[] = []

  private cell(key: Key, namespace: number) {
    const name = `${typeof key} ${key} ${namespace}`
    let cell = this.cells.get(name)
    if (cell === undefined) this.cells.set(name, (cell = { key, namespace, values: {}, absorbed: [] }))
    return cell
  }

  apply(command: Command): void {
    if (command.do === 'put') this.cell(command.key, command.namespace).values['v'] = command.value
    if (command.do === 'absorb') {
      const { absorbed } = this.cell(command.key, command.namespace)
      if (!absorbed.includes(command.id)) absorbed.push(command.id)
    }
    if (command.do === 'clear') this.cells.delete(`${typeof command.key} ${command.key} ${command.namespace}`)
    if (command.do === 'timer' || command.do === 'no-timer') {
      const timer = { timestamp: command.timestamp, key: command.key, namespace: 0, firing: 0 }
      this.timers = this.timers.filter((other) => compareTimers(other, timer) !== 0)
      if (command.do === 'timer') this.timers = [...this.timers, timer].sort(compareTimers)
    }
  }

  snapshot(): KeyedSnapshot {
    const cells = [...this.cells.values()].sort((a, b) => compareKeys(a.key, b.key) || a.namespace - b.namespace)
    const keys = cells.map((cell) => cell.key).filter((one, index, all) => index === 0 || all[index - 1] !== one)
    const entries = keys.map((one) => ({
      key: one,
      cells: cells.filter((cell) => cell.key === one).map(({ namespace: at, values, absorbed }) => ({ namespace: at, values, absorbed })),
    }))
    return structuredClone({ entries, timers: this.timers })
  }
}

function change(state: HeapKeyedState, access: KeyedAccess, command: Command): void {
  if (command.do === 'put') access.at(state, command.key).put('v', command.value, command.namespace)
  if (command.do === 'absorb') access.at(state, command.key).absorb(command.id, command.namespace)
  if (command.do === 'clear') access.at(state, command.key).clear(command.namespace)
  if (command.do === 'timer') access.at(state, command.key).registerTimer(command.timestamp)
  if (command.do === 'no-timer') access.at(state, command.key).deleteTimer(command.timestamp)
}

function finish(state: HeapKeyedState, checkpoint: number): KeyedSnapshot {
  const found = state.views.find((candidate) => candidate.checkpoint === checkpoint)
  if (found === undefined) throw new Error(`there is no view of checkpoint ${checkpoint}`)
  while (!writePiece(state, found, 2));
  releaseView(state, checkpoint)
  return { entries: found.written, timers: found.timers }
}

describe('a snapshot of keyed state', () => {
  it('holds what the state held when it was taken, whatever comes between its pieces', () => {
    fc.assert(
      fc.property(commands, (script) => {
        const state = openKeyedState()
        const access = new KeyedAccess()
        const model = new CopyingState()
        const taken = new Map<number, KeyedSnapshot>()
        script.forEach((command, index) => {
          const open = [...taken.keys()]
          const chosen = 'view' in command ? open[command.view % Math.max(1, open.length)] : undefined
          if (command.do === 'view') {
            takeView(state, index)
            taken.set(index, model.snapshot())
          } else if (command.do === 'piece') {
            const written = state.views.find(({ checkpoint }) => checkpoint === chosen)
            if (written !== undefined) writePiece(state, written, command.keys)
          } else if (command.do === 'give-up') {
            if (chosen !== undefined) {
              releaseView(state, chosen)
              taken.delete(chosen)
            }
          } else {
            change(state, access, command)
            model.apply(command)
          }
        })
        for (const [checkpoint, content] of taken) expect(finish(state, checkpoint)).toEqual(content)
        expect(state.views).toEqual([])
      }),
      { numRuns: 2000 },
    )
  })

  it('can be restored, and the state goes on from there', () => {
    fc.assert(
      fc.property(commands, commands, (before, after) => {
        const state = openKeyedState()
        const access = new KeyedAccess()
        const model = new CopyingState()
        const apply = (target: HeapKeyedState, script: readonly Command[]): void => {
          for (const command of script) {
            change(target, access, command)
            model.apply(command)
          }
        }
        apply(state, before)
        takeView(state, 1)
        const restored = openKeyedState(finish(state, 1))
        apply(restored, after)
        takeView(restored, 2)
        expect(finish(restored, 2)).toEqual(model.snapshot())
      }),
      { numRuns: 500 },
    )
  })

  it('is not changed by the state that was restored from it', () => {
    const state = openKeyedState()
    const access = new KeyedAccess()
    access.at(state, 1).absorb(7)
    takeView(state, 1)
    const handle = finish(state, 1)
    const restored = openKeyedState(handle)
    access.at(restored, 1).absorb(8)
    access.at(restored, 1).put('v', 1)
    expect(handle.entries).toEqual([{ key: 1, cells: [{ namespace: 0, values: {}, absorbed: [7] }] }])
  })

  it('is written in pieces of so many keys', () => {
    const state = openKeyedState()
    for (const one of [5, 3, 1, 2, 4]) new KeyedAccess().at(state, one).put('v', one)
    takeView(state, 1)
    const [taken] = state.views
    if (taken === undefined) throw new Error('there is no view')
    expect(writePiece(state, taken, 2)).toBe(false)
    expect(taken.written.map((entry) => entry.key)).toEqual([1, 2])
    expect(writePiece(state, taken, 2)).toBe(false)
    expect(writePiece(state, taken, 2)).toBe(true)
    expect(taken.written.map((entry) => entry.key)).toEqual([1, 2, 3, 4, 5])
  })

  it('has notes with its keys, to write which takes no time', () => {
    const state = openKeyedState()
    const access = new KeyedAccess()
    for (const one of [1, 2, 3, 4, 5, 6]) access.at(state, one).put('n', one, NOTES)
    for (const one of [2, 4, 5]) access.at(state, one).put('v', one)
    takeView(state, 1)
    const [taken] = state.views
    if (taken === undefined) throw new Error('there is no view')
    expect(writePiece(state, taken, 2)).toBe(false)
    expect(taken.written.map((entry) => entry.key)).toEqual([1, 2, 3, 4])
    expect(writePiece(state, taken, 1)).toBe(true)
    expect(taken.written.map((entry) => entry.key)).toEqual([1, 2, 3, 4, 5, 6])
    expect(taken.written[0]).toEqual({ key: 1, cells: [{ namespace: NOTES, values: { n: 1 }, absorbed: [] }] })
  })

  it('of an empty state is written at once', () => {
    const state = openKeyedState()
    takeView(state, 1)
    const [taken] = state.views
    expect(taken && writePiece(state, taken, 1)).toBe(true)
  })

  it('does not hold a key that was there before and is not any more', () => {
    const state = openKeyedState()
    const access = new KeyedAccess()
    access.at(state, 1).put('v', 1)
    access.at(state, 1).clear()
    takeView(state, 1)
    expect(finish(state, 1).entries).toEqual([])
  })

  it('keeps nothing aside once it is written or given up', () => {
    const state = openKeyedState()
    const access = new KeyedAccess()
    access.at(state, 1).put('v', 1)
    takeView(state, 1)
    takeView(state, 2)
    releaseView(state, 1)
    expect(state.views.map(({ checkpoint }) => checkpoint)).toEqual([2])
    access.at(state, 1).put('v', 2)
    expect(state.views[0]?.saved.size).toBe(1)
    releaseView(state, 2)
    expect(state.views).toEqual([])
  })
})

describe('an entry without cells', () => {
  it('is removed', () => {
    const state = openKeyedState()
    putEntry(state, 1, [{ namespace: 0, values: {}, absorbed: [], absorbedCount: 0 }])
    putEntry(state, 1, [])
    expect(state.table.size).toBe(0)
  })
})

describe('the order of keys', () => {
  it('is numbers, then strings by code unit', () => {
    expect(['b', 10, 'B', 9, 'a10', 'a9'].sort(compareKeys)).toEqual([9, 10, 'B', 'a10', 'a9', 'b'])
  })
})
