import { describe, expect, it } from 'vitest'
import { addKafkaCluster, topicOf } from '../../systems/index.js'
import { SystemsBench } from '../../../test/systems/systems-bench.js'
import { readableEnd, type PartitionLog } from '../../systems/kafka/partition-log.js'
import { recordsOf } from '../content.js'
import { CONTENT, PER_SPLIT, testSource } from '../../../test/connectors/source-conformance.js'
import { SourceJob } from '../../../test/connectors/source-job.js'
import type { FetchingReader } from '../split-fetching.js'
import { KAFKA_SOURCE_DEFAULTS, kafkaSource, type KafkaSourceOptions } from './kafka-source.js'

const splits = ['in-0', 'in-1']

function build(options: Partial<KafkaSourceOptions>) {
  return (seed: string, latency: { readonly minUs: number; readonly maxUs: number }, paced: boolean) => {
    const bench = new SystemsBench(seed, latency)
    const partitions = splits.map((split) => recordsOf(CONTENT, split, PER_SPLIT))
    const cluster = addKafkaCluster(bench.world, bench.process, [{ name: 'in', partitions }])
    bench.start()
    const pace = paced ? { pace: { intervalUs: 1_000, burst: 2 } } : {}
    const stoppingOffsets = [PER_SPLIT, PER_SPLIT]
    const base = {
      ...KAFKA_SOURCE_DEFAULTS,
      cluster,
      topic: topicOf(cluster, 'in'),
      stoppingOffsets,
      maxPollRecords: 5,
      retryBackoffUs: 1_000,
    }
    return { bench, source: kafkaSource({ ...base, ...pace, ...options }), partitions: base.topic.partitions }
  }
}

testSource({ name: 'KafkaSource', splits, failpoints: ['kafka.fetch'], build: build({}) })

testSource({
  name: 'KafkaSource with a group, from its offsets',
  splits,
  failpoints: ['kafka.fetch', 'kafka.fetch-offsets', 'kafka.commit-offsets'],
  build: build({ group: 'g', startingOffsets: 'committed' }),
})

describe('KafkaSource', () => {
  const latency = { minUs: 100, maxUs: 100 }

  it('starts a job without state where the group has come to, as far as completed checkpoints told', () => {
    const { bench, source } = build({ group: 'g', startingOffsets: 'committed' })('group', latency, false)
    new SourceJob(bench, source).read(5).takeCheckpoint().read(4).takeCheckpoint(false).read(2)
    bench.run()
    const other = new SourceJob(bench, source)
    other.read(1)
    // Five records were covered by the checkpoint that it heard of: three of one partition, two of the other.
    expect(other.reads.map(({ at }) => at)).toEqual(['in-0@3'])
  })

  it('commits the offsets of the checkpoint that has completed, not those of one that may still fail', () => {
    const { bench, source } = build({ group: 'g', startingOffsets: 'committed' })('pending', latency, false)
    const job = new SourceJob(bench, source).read(4).takeCheckpoint(false).read(4).takeCheckpoint(false)
    job.complete(1)
    bench.run()
    const other = new SourceJob(bench, source)
    other.read(1)
    expect(other.reads.map(({ at }) => at)).toEqual(['in-0@2'])
  })

  it('commits where partitions begin of which nothing was read, but not what is still to be looked up', () => {
    const job = (startingOffsets: 'earliest' | 'latest') => {
      const { bench, source } = build({ group: 'g', startingOffsets })('begin', latency, false)
      return new SourceJob(bench, source).takeCheckpoint(false)
    }
    const offsets = splits.map((partition) => ({ partition, offset: 0 }))
    expect(job('earliest').state).toMatchObject({ pending: [{ checkpoint: 1, offsets }] })
    expect(job('latest').state).toMatchObject({ pending: [{ checkpoint: 1, offsets: [] }] })
  })

  it('forgets the offsets of checkpoints that a later one covers', () => {
    const { bench, source } = build({ group: 'g' })('pending', latency, false)
    const job = new SourceJob(bench, source).read(2).takeCheckpoint(false).read(2).takeCheckpoint(false)
    expect(job.state).toMatchObject({ pending: [{ checkpoint: 1 }, { checkpoint: 2 }] })
    job.read(1).takeCheckpoint()
    expect(job.state).toMatchObject({ pending: [] })
  })

  it('passes over an answer to an earlier fetch', () => {
    const { bench, source, partitions } = build({})('twice', latency, false)
    const job = new SourceJob(bench, source).read(10)
    job.poll() // both batches of five are used up: it asks for the next
    const state = job.state as FetchingReader
    const waiting = state.splits.find(({ asked }) => asked)
    expect(waiting?.position).toBeGreaterThan(0)
    const partition = partitions[state.splits.findIndex((split) => split === waiting)]
    const before = structuredClone(waiting)
    job.tell({ type: 'fetched', partition, from: 0, error: 'NONE', next: 5, offsets: [], records: [], transactions: [] })
    expect(waiting).toEqual(before)
  })

  it('looks the latest offset up when it first reads, not when it is assigned', () => {
    const { bench, source } = build({ startingOffsets: 'latest', stoppingOffsets: null })('latest', latency, false)
    const job = new SourceJob(bench, source)
    expect(job.positions()).toMatchObject([{ offset: -1 }, { offset: -1 }])
    job.poll()
    bench.run()
    expect(job.positions()).toMatchObject([{ offset: PER_SPLIT }, { offset: PER_SPLIT }])
  })

  it('takes the end of the log for the latest offset, with what is not committed, whatever it may read', () => {
    const isolation = 'read_committed'
    const { bench, source, partitions } = build({ startingOffsets: 'latest', stoppingOffsets: null, isolation })('open', latency, false)
    const [first] = partitions
    const { log } = bench.world.inspect(first ?? NaN).state.durable as { log: PartitionLog }
    log.producers.push({ producer: 'p', epoch: 0, sequence: 0, batch: 0, firstOffset: log.end })
    const records = recordsOf(CONTENT, 'open', 1)
    log.batches.push({ offset: log.end++, producer: 'p', transactionalId: 't', marker: 'none', records })
    expect(readableEnd(log, isolation)).toBe(PER_SPLIT)
    const job = new SourceJob(bench, source)
    job.poll()
    bench.run()
    expect(job.positions()).toMatchObject([{ offset: PER_SPLIT + 1 }, { offset: PER_SPLIT }])
  })

  it('looks the latest offset up again when the broker could not tell it, and keeps the first one that it was told', () => {
    const { bench, source, partitions } = build({ startingOffsets: 'latest', stoppingOffsets: null })('latest', latency, false)
    bench.script.set('kafka.list-offsets', ['failed'])
    const job = new SourceJob(bench, source)
    job.poll()
    bench.run()
    const found = [{ offset: PER_SPLIT }, { offset: PER_SPLIT }]
    expect(job.positions()).toMatchObject(found)
    job.tell({ type: 'offsets', partition: partitions[0], error: 'NONE', end: PER_SPLIT - 1 })
    expect(job.positions()).toMatchObject(found)
  })

  it('repeats the fetch that came to nothing, and no other one', () => {
    const { bench, source } = build({})('again', latency, false)
    bench.script.set('kafka.fetch', ['failed'])
    new SourceJob(bench, source).poll()
    bench.run()
    expect(bench.calls).toEqual(['kafka.fetch', 'kafka.fetch', 'kafka.fetch'])
  })

  it('asks for nothing beyond the stopping offset', () => {
    const { bench, source } = build({ stoppingOffsets: [5, 5] })('stop', latency, false)
    const job = new SourceJob(bench, source).finish()
    bench.run()
    expect(job.reads.length).toBe(10)
    expect(bench.calls).toEqual(['kafka.fetch', 'kafka.fetch'])
  })
})
