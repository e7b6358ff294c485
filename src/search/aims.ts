import type { Depth, FaultMenu } from '../faults/index.js'
import { Stream } from '../world/index.js'
import type { MatrixCell } from './landing.js'
import { matrixOf, type ListedCell, type MatrixSource } from './matrix.js'

/** Cells of one depth, in the order in which runs aim at them. */
export interface AimsAtDepth {
  /** Those whose fault makes the job recover: the next depth lies behind them. */
  readonly failing: readonly MatrixCell[]
  readonly others: readonly MatrixCell[]
}

/** What the runs of a scenario in a mode may aim at. */
export interface Aims {
  readonly cells: readonly ListedCell[]
  readonly byDepth: Readonly<Record<Depth, AimsAtDepth>>
  readonly census: ReadonlyMap<string, number>
}

/** The aims of a matrix: reachable cells, shuffled by the name of the campaign's cell so that modes do not aim at the same ones. */
export function aimsOf(name: string, source: MatrixSource): Aims {
  const cells = matrixOf(source)
  const stream = new Stream(name, 'aims')
  const reachable = shuffled(
    cells.filter(({ reason }) => reason === undefined),
    stream,
  )
  const at = (depth: Depth): AimsAtDepth => {
    const here = reachable.filter((cell) => cell.depth === depth)
    return {
      failing: here.filter((cell) => makesRecover(cell, source.menu)),
      others: here.filter((cell) => !makesRecover(cell, source.menu)),
    }
  }
  return { cells, byDepth: { 0: at(0), 1: at(1), 2: at(2) }, census: source.census }
}

function makesRecover({ fault, failpoint }: MatrixCell, { harmless }: Pick<FaultMenu, 'harmless'>): boolean {
  return fault === 'crash' || fault === 'hang' || (fault === 'exception' && !harmless.has(failpoint))
}

function shuffled<T>(items: readonly T[], stream: Stream): T[] {
  const order = items.map((item) => ({ item, key: stream.below(1_000_000) }))
  return order.sort((a, b) => a.key - b.key).map(({ item }) => item)
}
