import { SystemsBench } from '../../test/systems/systems-bench.js'
import { collectionSource } from './collection-source.js'
import { CONTENT, PER_SPLIT, testSource } from '../../test/connectors/source-conformance.js'

const splits = ['a', 'b']

testSource({
  name: 'CollectionSource',
  splits,
  failpoints: [],
  build(seed, latency, paced) {
    const pace = paced ? { pace: { intervalUs: 1_000, burst: 2 } } : {}
    return {
      bench: new SystemsBench(seed, latency).start(),
      source: collectionSource({ splits, perSplit: PER_SPLIT, content: CONTENT, ...pace }),
    }
  },
})
