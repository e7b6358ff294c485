/** Names that Flink itself gives the operators of a sink (`SinkTransformationTranslator`, `DataStreamSink`). */
import type { PlanOperator } from './imported-plan.js'

/** Which piece of a sink an operator is: SinkV2 writer or committer, or a whole sink on the old interface (`addSink`). */
export type SinkPiece = 'writer' | 'committer' | 'global committer' | 'whole'

const pieces: readonly (readonly [RegExp, SinkPiece])[] = [
  [/^(.+): Writer$/, 'writer'],
  [/^(.+): Global Committer$/, 'global committer'],
  [/^(.+): Committer$/, 'committer'],
  [/^Sink: (.+)$/, 'whole'],
]

/** The piece of a sink that an operator's name says it is, with the sink's own name; undefined when it is none. */
export function sinkPiece(operatorName: string): { readonly piece: SinkPiece; readonly sink: string } | undefined {
  for (const [pattern, piece] of pieces) {
    const sink = pattern.exec(operatorName)?.[1]
    if (sink !== undefined) return { piece, sink }
  }
  return undefined
}

/** Index of the operator of a chain that is taken to feed the next vertex: the last that is no sink, or the last. */
export function feedingOperator(operators: readonly PlanOperator[]): number {
  const last = operators.findLastIndex((operator) => sinkPiece(operator.name) === undefined)
  return last === -1 ? operators.length - 1 : last
}
