/**
 * The states that waited when an exploration was saved, found again: what was saved are fingerprints and the steps by which states were
 * found, so the ways to what waited are gone once more. What lies on none of them is left out.
 */
import type { FingerprintTable } from '../fingerprint-table.js'
import type { Predecessors } from '../predecessors.js'
import type { InternedWorld } from './interned-world.js'
import { RowQueue } from './row-queue.js'
import type { RowSteps } from './row-steps.js'
import type { WorldWays } from './world-ways.js'

/** An exploration as far as it was saved: the states before `expanded` were expanded. */
export interface Saved<F> {
  readonly interned: InternedWorld<F>
  readonly steps: RowSteps
  readonly ways: WorldWays<F>
  readonly predecessors: Predecessors
  readonly visited: FingerprintTable
  readonly expanded: number
}

/**
 * Fills the queue with the states that waited, in their order.
 * @throws RangeError when the ways lead elsewhere: it was saved by another exploration, or by other code
 */
export function retrace<F>(saved: Saved<F>, waiting: RowQueue): void {
  const { interned, ways, predecessors, visited, expanded } = saved
  const { row } = interned
  const needed = ancestorsOf(expanded, predecessors)
  const known = new RowQueue()
  const keep = (index: number): void => {
    if (visited.add(row.high, row.low)) throw elsewhere()
    ;(index < expanded ? known : waiting).push(index, row)
  }
  let next = 0
  let ordinal = 0
  for (const { state } of ways.successors.roots()) {
    if (
      next < predecessors.size &&
      predecessors.stepTo(next).from < 0 &&
      predecessors.stepTo(next).ordinal === ordinal &&
      state !== undefined
    ) {
      interned.takeApart(state)
      if (needed[next] === 1) keep(next)
      next++
    }
    ordinal++
  }
  for (let index = known.pop(row); index >= 0; index = known.pop(row)) next = childrenOf(index, next, saved, needed, keep)
}

/** Takes the steps from the state of the row to those of its children that are needed; they have successive numbers. */
function childrenOf<F>(
  index: number,
  first: number,
  { steps, predecessors }: Saved<F>,
  needed: Uint8Array,
  keep: (index: number) => void,
): number {
  let next = first
  while (next < predecessors.size && predecessors.stepTo(next).from < index) next++
  let last = next
  while (last < predecessors.size && predecessors.stepTo(last).from === index) last++
  steps.actions.find()
  steps.every((ordinal) => {
    if (next < last && predecessors.stepTo(next).ordinal === ordinal) {
      if (needed[next] === 1) keep(next)
      next++
    }
    return next < last
  })
  if (next < last) throw elsewhere()
  return last
}

function elsewhere(): RangeError {
  return new RangeError('what was saved is of another exploration, or of another version')
}

/** Which states lie on a way to one that waited, those included. */
function ancestorsOf(expanded: number, predecessors: Predecessors): Uint8Array {
  const needed = new Uint8Array(predecessors.size)
  for (let index = predecessors.size - 1; index >= 0; index--) {
    if (index >= expanded) needed[index] = 1
    const { from } = predecessors.stepTo(index)
    if (needed[index] === 1 && from >= 0) needed[from] = 1
  }
  return needed
}
