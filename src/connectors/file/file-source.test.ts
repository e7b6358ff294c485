import { fileSystem, fileSystemState } from '../../systems/index.js'
import { SystemsBench } from '../../../test/systems/systems-bench.js'
import { recordsOf } from '../content.js'
import { CONTENT, PER_SPLIT, testSource } from '../../../test/connectors/source-conformance.js'
import { fileSource } from './file-source.js'

const paths = ['/in/a', '/in/b']

testSource({
  name: 'FileSource',
  splits: paths,
  failpoints: ['file.read'],
  build(seed, latency, paced) {
    const bench = new SystemsBench(seed, latency)
    const stored = paths.map((path) => ({ path, records: recordsOf(CONTENT, path, PER_SPLIT) }))
    const files = bench.world.add(bench.process, fileSystem, 'files', fileSystemState(stored))
    bench.start()
    const pace = paced ? { pace: { intervalUs: 1_000, burst: 2 } } : {}
    return { bench, source: fileSource({ files, paths, batch: 5, retryBackoffUs: 1_000, ...pace }) }
  },
})
