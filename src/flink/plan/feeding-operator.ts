import type { PlanVertex } from './imported-plan.js'
import { sinkPiece } from './sink-names.js'

/**
 * Index of the operator of a vertex that is taken to feed another one, where the plan tells the vertices only: the last piece of a sink
 * whose committer is that way, which only the sink itself can feed; else the last operator that is no sink, or the last.
 */
export function feedingOperator(vertices: readonly PlanVertex[], from: PlanVertex, to: PlanVertex): number {
  const pieces = from.operators.map(({ name }) => sinkPiece(name))
  const writer = pieces.find((each) => each?.piece === 'writer' && leadsToCommitter(vertices, to, each.sink))
  if (writer !== undefined) {
    const sink = `${writer.sink}: `
    // `Sink: Print` is another sink where the default name of one is `Sink`.
    return from.operators.findLastIndex(({ name }, index) => name.startsWith(sink) && pieces[index]?.piece !== 'whole')
  }
  const last = pieces.lastIndexOf(undefined)
  return last === -1 ? pieces.length - 1 : last
}

/** Whether the committer of a sink comes here or behind, and no other writer of that name before it. */
function leadsToCommitter(vertices: readonly PlanVertex[], vertex: PlanVertex, sink: string, passed = new Set<PlanVertex>()): boolean {
  if (passed.has(vertex)) return false
  passed.add(vertex)
  const names = vertex.operators.map(({ name }) => name)
  if (names.includes(`${sink}: Writer`)) return false
  if (names.includes(`${sink}: Committer`) || names.includes(`${sink}: Global Committer`)) return true
  const next = vertices.filter(({ inputs }) => inputs.some(({ from }) => from === vertex.id))
  return next.some((each) => leadsToCommitter(vertices, each, sink, passed))
}
