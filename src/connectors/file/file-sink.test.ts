import { describe, expect, it } from 'vitest'
import { fileSystem, fileSystemState, type FileAnswer } from '../../systems/index.js'
import { SystemsBench } from '../../../test/systems/systems-bench.js'
import { testSink } from '../../../test/connectors/sink-conformance.js'
import { SinkJob } from '../../../test/connectors/sink-job.js'
import { fileSink } from './file-sink.js'

function build(seed = 'files', latency = { minUs: 100, maxUs: 100 }) {
  const bench = new SystemsBench(seed, latency)
  const files = bench.world.add(bench.process, fileSystem, 'files', fileSystemState())
  bench.start()
  return { bench, files, sink: fileSink({ files, directory: '/out', batch: 4 }) }
}

testSink({
  name: 'FileSink',
  guarantee: 'exactly-once',
  at: 'finished-files',
  failpoints: ['file.create', 'file.write', 'file.persist', 'file.rename'],
  closeFlushes: false,
  build,
})

describe('FileSink', () => {
  function list({ bench, files }: ReturnType<typeof build>): readonly string[] {
    const asked = bench
      .client('ls')
      .ask<FileAnswer, never>(files, (caller) => ({ kind: 'list', caller, directory: '/out', name: '' }) as never)
    bench.run(10_000)
    const answer = asked.answers[0]
    return answer?.type === 'listed' ? answer.paths : []
  }

  it('gives every checkpoint and every attempt a file of its own, and leaves those of dead attempts in progress', () => {
    const built = build()
    const job = new SinkJob(built.bench, built.sink, 20)
    job.write(5).takeCheckpoint().write(5).crash().write(5).takeCheckpoint()
    expect(list(built)).toEqual(['/out/.part-sink-0-2.inprogress', '/out/part-sink-0-1', '/out/part-sink-0-3'])
    expect(
      built.bench
        .of('visible')
        .map(({ partition, offset }) => `${partition}@${offset}`)
        .at(-1),
    ).toBe('/out/part-sink-0-3@4')
  })

  it('makes no file for a checkpoint without records', () => {
    const built = build()
    new SinkJob(built.bench, built.sink, 20).takeCheckpoint().takeCheckpoint()
    expect(list(built)).toEqual([])
  })

  it('loses the records of a pending file that someone removed, silently', () => {
    const built = build()
    const job = new SinkJob(built.bench, built.sink, 8)
    const snapshot = job.write(5).prepare()
    built.bench.client('rm').ask(built.files, (caller) => ({ kind: 'delete', caller, path: '/out/.part-sink-0-1.inprogress' }) as never)
    built.bench.run(1_000)
    job.complete(snapshot).notify().finish()
    expect(built.bench.of('commit').map(({ result }) => result)).toEqual(['unknown', 'applied'])
    expect(built.bench.visible('finished-files')).toEqual([5, 6, 7])
    expect(job.restarts).toBe(0)
  })
})
