/** Keys of a cluster's configuration that have nothing to do with delivery guarantees, by prefix. They are accepted unread. */

/** Prefixes (ending in a dot) and whole keys, each group with the reason. */
const groups: readonly (readonly [reason: string, keys: readonly string[]])[] = [
  [
    'a matter of processes and their memory',
    [
      'taskmanager.',
      'jobmanager.',
      'process.',
      'env.',
      'io.tmp.dirs',
      'jmx.',
      'classloader.',
      'python.',
      'historyserver.',
      'jobstore.',
      'job-result-store.',
      'slow-task-detector.',
      'plugin.',
      'minicluster.',
      'library-cache-manager.',
      'job-manager.',
      'job-event.store.',
      'cleanup-strategy.',
      'shuffle-service-factory.class',
    ],
  ],
  [
    'a matter of deployment',
    [
      'kubernetes.',
      'yarn.',
      'mesos.',
      'cluster.',
      'client.',
      'containerized.',
      'resourcemanager.',
      'slotmanager.',
      'slot.',
      'deployment.',
      'job.autoscaler.',
      'external-resource.',
      'external-resources',
      '$internal.',
      'internal.',
      'jars',
      'local.',
    ],
  ],
  [
    'a matter of communication',
    ['rest.', 'web.', 'blob.', 'akka.', 'pekko.', 'queryable-state.', 'security.', 'zookeeper.', 'ssl.', 'query.'],
  ],
  [
    'a matter of file system access',
    ['fs.', 's3.', 's3a.', 's3n.', 'presto.', 'hive.', 'gs.', 'oss.', 'azure.', 'flink.hadoop.', 'hadoop.', 'allowed-fallback-filesystems'],
  ],
  [
    'a matter of observation',
    ['metrics.', 'traces.', 'events.', 'state.latency-track.', 'state.backend.latency-track.', 'state.size-track.'],
  ],
  ['a detail of a state backend', ['state.backend.', 'state.storage.', 'state.changelog.', 'state.ttl.', 'dstl.', 'table.exec.state.']],
  ['a detail of high availability', ['high-availability.', 'recovery.zookeeper.', 'heartbeat.rpc-failure-threshold']],
  [
    'a matter of queries and batch jobs',
    [
      'table.',
      'sql-client.',
      'sql-gateway.',
      'execution.batch.',
      'execution.batch-',
      'execution.sorted-inputs.',
      'execution.async-state.',
      'execution.sort-partition.',
      'execution.sort-keyed-partition.',
      'fine-grained.',
      'materialized-table.',
      'compiler.',
    ],
  ],
  [
    'a matter of submission',
    [
      'execution.target',
      'execution.attached',
      'execution.shutdown-',
      'execution.submit-',
      'execution.job-',
      'execution.program-config.',
      'execution.embedded-rpc-server.',
    ],
  ],
  ['a matter of serialisation and class paths', ['pipeline.', 'user.', 'metadata.']],
]

/** Why a key is of no interest, or undefined when it is unknown. */
export function irrelevantBecause(key: string): string | undefined {
  return groups.find(([, keys]) => keys.some((known) => (/[.-]$/.test(known) ? key.startsWith(known) : key === known)))?.[0]
}
