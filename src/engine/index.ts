/** The checkpointed dataflow engine: the protocol's textbook. Read `task/task.ts` and `checkpoint/checkpoint-coordinator.ts` first. */
export { addCluster, addRestoringCluster, startCluster, type Cluster, type ClusterSize } from './cluster.js'
export { metadataPath } from './checkpoint/checkpoint-completion.js'
export * from './configuration.js'
export * from './failpoints.js'
export * from './graph/job-graph.js'
export { operatorShapes } from './graph/job-shape.js'
export { vertexGroups, withCheckpointInterval, withParallelism, withRecords } from './graph/smaller-job.js'
export { withoutOperators } from './graph/without-operators.js'
export type { KeptRecords } from './operators/narrowed-source.js'
export { CREDIT_LANE, MAIL_LANE, MAX_CHANNELS, RPC_LANE, UPLOAD_LANE } from './lanes.js'
export type { JobManagerMessage } from './jobmaster/job-manager-messages.js'
export type { TaskExecutorMessage } from './jobmaster/task-executor-messages.js'
export { formatIdentity } from './record.js'
export { StreamExecutionEnvironment } from './graph/stream-environment.js'
export { DataStream, SingleOutputStreamOperator } from './graph/data-stream.js'
export { JobGraphError } from './graph/job-graph-error.js'
export { KeyedStream } from './graph/keyed-stream.js'
export {
  EventTimeSessionWindows,
  SlidingEventTimeWindows,
  TumblingEventTimeWindows,
  type MergingWindowAssigner,
  type WindowAssigner,
} from './operators/window-assigner.js'
export type { BroadcastContext, BroadcastProcessFunction, ReadOnlyBroadcastContext } from './operators/broadcast-process.js'
export type { KeyedBroadcastProcessFunction, KeyedReadOnlyContext } from './operators/keyed-broadcast-process.js'
export { mapStateDescriptor, type MapStateDescriptor } from './state/broadcast-state.js'
export { outputTag, type OutputTag } from './operators/output-tag.js'
export type { Key, StreamRecord, Value } from './record.js'
export type { Sink } from './sink.js'
export type { Source } from './source.js'
