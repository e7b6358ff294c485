/** Options of network, pipeline and execution that decide settings of the model. */
import { feeds, type ConfigOption } from './config-option.js'

export const runtimeOptions: readonly ConfigOption[] = [
  feeds('taskmanager.memory.segment-size', 'memory', '32kb', 'network.segmentBytes', 'size of a network buffer'),
  feeds(
    'taskmanager.network.memory.buffers-per-channel',
    'integer',
    '2',
    'network.buffersPerChannel',
    'buffers (credits) that belong to one remote channel',
  ),
  feeds(
    'taskmanager.network.memory.floating-buffers-per-gate',
    'integer',
    '8',
    'network.floatingBuffersPerGate',
    'buffers that the channels of a gate share',
  ),
  feeds(
    'execution.buffer-timeout.enabled',
    'boolean',
    'true',
    'network.bufferTimeoutUs',
    'whether partly filled buffers are flushed after a time',
  ),
  feeds(
    'execution.buffer-timeout.interval',
    'duration',
    '100 ms',
    'network.bufferTimeoutUs',
    'age at which a partly filled buffer is flushed',
    ['execution.buffer-timeout'],
  ),
  feeds('pipeline.auto-watermark-interval', 'duration', '200 ms', 'autoWatermarkIntervalUs', 'pause between generated watermarks'),
  feeds('pipeline.max-parallelism', 'integer', '-1', 'maxParallelism', 'number of key groups; -1 derives it from the parallelism'),
  feeds('sink.committer.retries', 'integer', '10', 'committerRetries', 'how often a commit is tried again'),
  feeds(
    'execution.runtime-mode',
    { names: [['STREAMING'], ['BATCH'], ['AUTOMATIC']] },
    'STREAMING',
    'what may be checked',
    'a BATCH job takes no checkpoints',
  ),
  feeds(
    'pipeline.operator-chaining.enabled',
    'boolean',
    'true',
    'chains of an execution plan',
    'whether operators share a task where they can',
    ['pipeline.operator-chaining'],
  ),
]
