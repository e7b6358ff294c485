/**
 * What the REST interface of a Flink 1.20.3 answered about a running job, as data: it belongs to the product, so that the job is there
 * wherever the command line is. The answers themselves, byte for byte, are among the fixtures; a test compares.
 */
import type { RestAnswer } from '../src/flink/index.js'

/** `/jobs/:jobid/plan` */
export const planAnswer: RestAnswer = {
  path: 'plan.json',
  json: {
    plan: {
      jid: 'f3cb29e330633e7f0f70fbe058cba1c3',
      name: 'eo-aligned-2pc',
      type: 'STREAMING',
      nodes: [
        {
          id: '2e588ce1c86a9d46e2e85186773ce4fd',
          parallelism: 2,
          operator: '',
          operator_strategy: '',
          description: 'Sink: Writer<br/>+- Sink: Committer<br/>',
          inputs: [{ num: 0, id: 'b71731f1c0df9c3076c4a455334d0ad6', ship_strategy: 'FORWARD', exchange: 'pipelined_bounded' }],
          optimizer_properties: {},
        },
        {
          id: 'b71731f1c0df9c3076c4a455334d0ad6',
          parallelism: 2,
          operator: '',
          operator_strategy: '',
          description: 'Count<br/>',
          inputs: [{ num: 0, id: 'f362c87ffabe89c8a91fa7d0a523ba6c', ship_strategy: 'HASH', exchange: 'pipelined_bounded' }],
          optimizer_properties: {},
        },
        {
          id: 'f362c87ffabe89c8a91fa7d0a523ba6c',
          parallelism: 2,
          operator: '',
          operator_strategy: '',
          description: 'Source: Src<br/>',
          optimizer_properties: {},
        },
      ],
    },
  },
}

/** `/jobs/:jobid/checkpoints/config` */
export const checkpointsConfigAnswer: RestAnswer = {
  path: 'checkpoints-config.json',
  json: {
    mode: 'exactly_once',
    interval: 100,
    timeout: 60000,
    min_pause: 0,
    max_concurrent: 1,
    externalization: { enabled: true, delete_on_cancellation: false },
    state_backend: 'HashMapStateBackend',
    checkpoint_storage: 'FileSystemCheckpointStorage',
    unaligned_checkpoints: false,
    tolerable_failed_checkpoints: 0,
    aligned_checkpoint_timeout: 0,
    checkpoints_after_tasks_finish: true,
    state_changelog_enabled: false,
    changelog_periodic_materialization_interval: 600000,
    changelog_storage: 'memory',
  },
}

/** `/jobs/:jobid/config` */
export const configAnswer: RestAnswer = {
  path: 'config.json',
  json: {
    jid: 'f3cb29e330633e7f0f70fbe058cba1c3',
    name: 'eo-aligned-2pc',
    'execution-config': {
      'execution-mode': 'PIPELINED',
      'restart-strategy': 'Cluster level default restart strategy',
      'job-parallelism': 2,
      'object-reuse-mode': false,
      'user-config': {},
    },
  },
}
