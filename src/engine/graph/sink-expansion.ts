import { eraseOperator } from '../actor-types.js'
import { committerOperator } from '../operators/committer-operator.js'
import { sinkWriterOperator } from '../operators/sink-writer-operator.js'
import type { Value } from '../record.js'
import type { Sink } from '../sink.js'
import type { DataStreamSink } from './data-stream-sink.js'
import type { StreamInput } from './stream-graph.js'
import type { Streams } from './streams.js'

/** Makes of a sink a writer and, if it has one, a committer behind it (Flink: `SinkTransformationTranslator`). */
export function addSink<W, C extends Value, A, K, B>(
  streams: Streams,
  inputs: readonly StreamInput[],
  sink: Sink<W, C, A, K, B>,
): DataStreamSink {
  const writer = streams.node({
    name: 'Writer',
    role: 'sink',
    inputs,
    make: ({ ordinal }) => eraseOperator(sinkWriterOperator(sink, ordinal)),
    ...(sink.transactionalIdPrefix !== undefined && { transactionalIdPrefix: sink.transactionalIdPrefix }),
  })
  const { committer } = sink
  if (committer === undefined) return streams.sink(writer)
  const second = streams.node({
    name: 'Committer',
    role: 'committer',
    inputs: [{ from: writer, input: 0 }],
    make: ({ configuration }) =>
      eraseOperator(
        committerOperator(committer, { retries: configuration.committerRetries, checkpointing: configuration.checkpointing.enabled }),
      ),
  })
  return streams.sink(writer, second)
}
