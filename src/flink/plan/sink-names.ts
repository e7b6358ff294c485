/** Names that Flink itself gives the operators of a sink (`SinkTransformationTranslator`, `DataStreamSink`). */

/** Which piece of a sink an operator is: SinkV2 writer or committer, or a whole sink on the old interface (`addSink`). */
export type SinkPiece = 'writer' | 'committer' | 'global committer' | 'whole'

const pieces: readonly (readonly [RegExp, SinkPiece])[] = [
  [/^(.+): Writer$/, 'writer'],
  [/^(.+): Global Committer$/, 'global committer'],
  [/^(.+): Committer$/, 'committer'],
  [/^Sink: (.+)$/, 'whole'],
  // How SQL describes a sink on an old interface: `print`, and what writes an `OutputFormat` or a `SinkFunction`.
  [/^(?:\[\d+\]:)?(?:Legacy)?Sink\((?:table|name)=\[(.+?)\].*\)$/, 'whole'],
]

/** The piece of a sink that an operator's name says it is, with the sink's own name; undefined when it is none. */
export function sinkPiece(operatorName: string): { readonly piece: SinkPiece; readonly sink: string } | undefined {
  for (const [pattern, piece] of pieces) {
    const sink = pattern.exec(operatorName)?.[1]
    if (sink !== undefined) return { piece, sink }
  }
  return undefined
}

/** Operators of Flink's and Iceberg's own that write and commit files in front of a sink that discards (`StreamingSink`, `FlinkSink`). */
const fileCommitters = /^(?:StreamingFileWriter|compact-operator|PartitionCommitter)$|(?:^|-)Iceberg(?:Files)?Committer\b/

/** Whether an operator in front of a sink commits files, by its name. */
export function commitsFiles(operatorName: string): boolean {
  return fileCommitters.test(operatorName)
}

/** Whether an operator in front of a sink commits, by its name: as those of table formats do, and Flink's own file system table. */
export function commitsByName(operatorName: string): boolean {
  return /committer/i.test(operatorName) || commitsFiles(operatorName)
}
