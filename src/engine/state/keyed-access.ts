import type { KeyedStateAccess } from '../operator.js'
import type { Key, Value } from '../record.js'
import { GivenObjects } from './given-objects.js'
import { compareTimers, copyValues, putEntry, type Cell, type HeapKeyedState, type KeyEntry, type KeyTimer } from './heap-keyed-state.js'

/** An entry without cells: a key that holds nothing. */
const EMPTY: KeyEntry = []

/**
 * Keyed state at a current key (Flink: `KeyContext`, `AbstractKeyedStateBackend.setCurrentKey`); pointed at a key before each call.
 *
 * User code may change in place what it gets, as long as its call lasts (Flink: `CopyOnWriteStateMap`, whose `get` copies a value that a
 * snapshot still needs before it hands it out). Here the first `own` of a call copies every object: no version has to be kept in the
 * state, and an object that was in the table before the call never changes, whoever shares it. Records that were emitted share it, too.
 */
export class KeyedAccess implements KeyedStateAccess {
  key: Key = 0
  private state: HeapKeyedState = { table: new Map(), timers: [], views: [] }
  /** The key's entry: looked up once for each call, since nobody else changes it meanwhile. */
  private entry: KeyEntry = EMPTY
  private readonly given = new GivenObjects()

  at(state: HeapKeyedState, key: Key): this {
    this.state = state
    this.key = key
    this.entry = state.table.get(key) ?? EMPTY
    this.given.forget()
    return this
  }

  get(name: string, namespace = 0): Value | undefined {
    return this.cell(namespace)?.values[name]
  }

  own(name: string, namespace = 0): Value | undefined {
    const value = this.get(name, namespace)
    if (value === undefined) return undefined
    const own = this.given.own(value)
    if (own !== value) this.put(name, own, namespace)
    return own
  }

  put(name: string, value: Value, namespace = 0): void {
    this.ownCell(namespace).values[name] = value
  }

  absorb(id: number, namespace = 0): boolean {
    const known = this.cell(namespace)
    if (known !== undefined) for (let i = 0; i < known.absorbedCount; i++) if (known.absorbed[i] === id) return false
    const cell = this.ownCell(namespace)
    // Only the newest cell appends; older ones, still seen by snapshots, keep to their own count.
    cell.absorbed.push(id)
    cell.absorbedCount++
    return true
  }

  absorbed(namespace = 0): readonly number[] {
    const cell = this.cell(namespace)
    return cell === undefined ? [] : cell.absorbed.slice(0, cell.absorbedCount)
  }

  clear(namespace = 0): void {
    if (this.entry.length > 0) this.replaceEntry(this.entry.filter((cell) => cell.namespace !== namespace))
  }

  registerTimer(timestamp: number, namespace = 0, firing = 0): boolean {
    const { key } = this
    const timer: KeyTimer = { timestamp, key, namespace, firing }
    const timers = this.state.timers
    let index = 0
    for (; index < timers.length; index++) {
      const other = timers[index]
      const order = other === undefined ? 1 : compareTimers(other, timer)
      if (order > 0) break
      if (other === undefined || order < 0) continue
      // Whoever asks for the next firing, and not for one that was, makes the timer be that one.
      if (firing > other.firing) this.state.timers = timers.with(index, timer)
      return false
    }
    this.state.timers = [...timers.slice(0, index), timer, ...timers.slice(index)]
    return true
  }

  deleteTimer(timestamp: number, namespace = 0): boolean {
    const gone = { timestamp, key: this.key, namespace, firing: 0 }
    const before = this.state.timers.length
    this.state.timers = this.state.timers.filter((timer) => compareTimers(timer, gone) !== 0)
    return this.state.timers.length < before
  }

  private cell(namespace: number): Cell | undefined {
    const { entry } = this
    const first = entry[0]
    if (first?.namespace === namespace) return first
    return entry.find((cell) => cell.namespace === namespace)
  }

  /** The cell, to be changed: itself while no snapshot is being written, otherwise a copy in its place; a new one if there is none. */
  private ownCell(namespace: number): Cell {
    const cell = this.cell(namespace)
    if (cell !== undefined && this.state.views.length === 0) return cell
    const own =
      cell === undefined
        ? emptyCell(namespace)
        : { namespace, values: copyValues(cell.values), absorbed: cell.absorbed, absorbedCount: cell.absorbedCount }
    this.replace(own)
    return own
  }

  private replace(cell: Cell): void {
    const { entry } = this
    if (entry.length === 0 || (entry.length === 1 && entry[0]?.namespace === cell.namespace)) {
      this.replaceEntry([cell])
      return
    }
    const others = entry.filter((other) => other.namespace !== cell.namespace)
    this.replaceEntry([...others, cell].sort((a, b) => a.namespace - b.namespace))
  }

  private replaceEntry(entry: KeyEntry): void {
    putEntry(this.state, this.key, entry)
    this.entry = entry
  }
}

function emptyCell(namespace: number): Cell {
  return { namespace, values: {}, absorbed: [], absorbedCount: 0 }
}
