import type { KeyedStateAccess } from '../operator.js'
import type { Key, Value } from '../record.js'
import { compareTimers, putEntry, type Cell, type HeapKeyedState, type KeyEntry } from './heap-keyed-state.js'

/** An entry without cells: a key that holds nothing. */
const EMPTY: KeyEntry = []

/** Keyed state at a current key (Flink: `KeyContext`, `AbstractKeyedStateBackend.setCurrentKey`); pointed at a key before each call. */
export class KeyedAccess implements KeyedStateAccess {
  key: Key = 0
  private state: HeapKeyedState = { table: new Map(), timers: [], views: [] }

  at(state: HeapKeyedState, key: Key): this {
    this.state = state
    this.key = key
    return this
  }

  get(name: string, namespace = 0): Value | undefined {
    return this.cell(namespace)?.values[name]
  }

  put(name: string, value: Value, namespace = 0): void {
    const cell = this.cell(namespace) ?? emptyCell(namespace)
    const { absorbed, absorbedCount } = cell
    const values: Record<string, Value> = { ...cell.values }
    values[name] = value
    this.replace({ namespace, values, absorbed, absorbedCount })
  }

  absorb(id: number, namespace = 0): boolean {
    const cell = this.cell(namespace) ?? emptyCell(namespace)
    for (let i = 0; i < cell.absorbedCount; i++) if (cell.absorbed[i] === id) return false
    // Only the newest cell appends; older ones, still seen by snapshots, keep to their own count.
    cell.absorbed.push(id)
    const { values, absorbed, absorbedCount } = cell
    this.replace({ namespace, values, absorbed, absorbedCount: absorbedCount + 1 })
    return true
  }

  absorbed(namespace = 0): readonly number[] {
    const cell = this.cell(namespace)
    return cell === undefined ? [] : cell.absorbed.slice(0, cell.absorbedCount)
  }

  clear(namespace = 0): void {
    const entry = this.entry()
    if (entry.length > 0)
      putEntry(
        this.state,
        this.key,
        entry.filter((cell) => cell.namespace !== namespace),
      )
  }

  registerTimer(timestamp: number, namespace = 0): boolean {
    const timer = { timestamp, key: this.key, namespace }
    const timers = this.state.timers
    let index = 0
    for (; index < timers.length; index++) {
      const other = timers[index]
      const order = other === undefined ? 1 : compareTimers(other, timer)
      if (order === 0) return false
      if (order > 0) break
    }
    this.state.timers = [...timers.slice(0, index), timer, ...timers.slice(index)]
    return true
  }

  deleteTimer(timestamp: number, namespace = 0): boolean {
    const gone = { timestamp, key: this.key, namespace }
    const before = this.state.timers.length
    this.state.timers = this.state.timers.filter((timer) => compareTimers(timer, gone) !== 0)
    return this.state.timers.length < before
  }

  private entry(): KeyEntry {
    return this.state.table.get(this.key) ?? EMPTY
  }

  private cell(namespace: number): Cell | undefined {
    const entry = this.entry()
    const first = entry[0]
    if (first?.namespace === namespace) return first
    return entry.find((cell) => cell.namespace === namespace)
  }

  private replace(cell: Cell): void {
    const entry = this.entry()
    if (entry.length === 0 || (entry.length === 1 && entry[0]?.namespace === cell.namespace)) {
      putEntry(this.state, this.key, [cell])
      return
    }
    const others = entry.filter((other) => other.namespace !== cell.namespace)
    putEntry(
      this.state,
      this.key,
      [...others, cell].sort((a, b) => a.namespace - b.namespace),
    )
  }
}

function emptyCell(namespace: number): Cell {
  return { namespace, values: {}, absorbed: [], absorbedCount: 0 }
}
