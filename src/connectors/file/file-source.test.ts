import { describe, expect, it } from 'vitest'
import { SourceJob } from '../../../test/connectors/source-job.js'
import { fileSystem, fileSystemState } from '../../systems/index.js'
import { SystemsBench } from '../../../test/systems/systems-bench.js'
import { recordsOf } from '../content.js'
import { CONTENT, PER_SPLIT, testSource } from '../../../test/connectors/source-conformance.js'
import type { FetchingReader } from '../split-fetching.js'
import { fileSource } from './file-source.js'

const paths = ['/in/a', '/in/b']

function build(seed: string, latency: ConstructorParameters<typeof SystemsBench>[1], paced: boolean) {
  const bench = new SystemsBench(seed, latency)
  const stored = paths.map((path) => ({ path, records: recordsOf(CONTENT, path, PER_SPLIT) }))
  const files = bench.world.add(bench.process, fileSystem, 'files', fileSystemState(stored))
  bench.start()
  const pace = paced ? { pace: { intervalUs: 1_000, burst: 2 } } : {}
  return { bench, source: fileSource({ files, paths, batch: 5, retryBackoffUs: 1_000, ...pace }) }
}

testSource({ name: 'FileSource', splits: paths, failpoints: ['file.read'], build })

describe('FileSource', () => {
  it('passes over an answer to an earlier read', () => {
    const { bench, source } = build('twice', { minUs: 100, maxUs: 100 }, false)
    const job = new SourceJob(bench, source).read(10)
    job.poll() // both batches of five are used up: it asks for the next
    const state = job.state as FetchingReader
    const waiting = state.splits.find(({ asked }) => asked)
    expect(waiting?.position).toBeGreaterThan(0)
    const before = structuredClone(waiting)
    job.tell({ type: 'read', path: waiting?.split ?? '', from: 0, records: [], end: true })
    expect(waiting).toEqual(before)
  })
})
