/**
 * Lines of files, mapped, to files that appear when their checkpoint is complete. Nothing is exchanged between subtasks: each is a
 * pipelined region of its own, and restarts while the other goes on.
 */
import { fileSink, fileSource, recordsOf } from '../src/connectors/index.js'
import { StreamExecutionEnvironment } from '../src/engine/index.js'
import type { DeliveryPromise } from '../src/history/index.js'
import type { JobSetUp, Mode, Scenario, WitnessName } from '../src/search/index.js'
import { fileSystem, fileSystemState } from '../src/systems/index.js'
import type { World } from '../src/world/index.js'
import { configurations } from './flink-configuration.js'
import { wordsOf, type Word } from './words.js'

const PATHS = ['in/lines-0', 'in/lines-1']
const PER_FILE = 100
const WORDS = wordsOf(64)

const modes = configurations({
  'execution.checkpointing.num-retained': '2',
  'execution.checkpointing.data-inline-threshold': '0 b',
})

const WITNESSES: Readonly<Record<Mode, readonly WitnessName[]>> = {
  aligned: ['recovered', 'aborted-checkpoint', 'repeated-commit'],
  'at-least-once': ['recovered', 'aborted-checkpoint', 'repeated-commit'],
  off: ['recovered', 'duplicated-output'],
}

const CLAIMS: Readonly<Record<Mode, DeliveryPromise>> = {
  aligned: { guarantee: 'exactly-once', at: 'finished-files' },
  // With one input channel a barrier has nothing to wait for: the modes do not differ, only what they promise.
  'at-least-once': { guarantee: 'at-least-once', at: 'finished-files' },
  // Files appear at the end of input. A region that has written them and fails before it is told so writes them again.
  off: { guarantee: 'at-least-once', at: 'finished-files' },
}

/** FileSource → map → FileSink, in two pipelined regions. */
export const fileToFile: Scenario = {
  name: 'file-to-file',
  about: 'lines of files, mapped, to files that appear with their checkpoint',
  modes: ['aligned', 'at-least-once', 'off'],
  claims: (mode) => [CLAIMS[mode]],
  witnesses: (mode) => WITNESSES[mode],
  setUp,
}

function setUp(world: World, mode: Mode): JobSetUp {
  const { settings, values } = modes[mode]
  const outside = world.process('files')
  const lines = PATHS.map((path) => ({ path, records: recordsOf(WORDS, path, PER_FILE) }))
  const files = world.add(outside, fileSystem, 'files', fileSystemState(lines))
  const env = new StreamExecutionEnvironment(settings).setParallelism(2)
  const source = fileSource({ files, paths: PATHS, batch: 20, retryBackoffUs: 20_000, pace: { burst: 2, intervalUs: 14_000 } })
  env
    .fromSource<Word>(source, 'Lines')
    .uid('lines')
    .work(100)
    .disableChaining()
    .map(({ key, at }) => ({ key: key.toUpperCase(), at }))
    .uid('map')
    .work(100)
    .sinkTo(fileSink({ files, directory: 'out', batch: 5 }), 'Sink')
    .uid('sink')
    .work(100)
  return {
    graph: env.build('file-to-file'),
    cluster: { taskManagers: 2, slots: 2 },
    outside: [{ process: outside, strikable: true }],
    observed: new Map([['Sink: Writer', ['finished-files']]]),
    splits: PATHS.map((split) => ({ vertex: 'Source: Lines', split, records: PER_FILE })),
    configuration: values,
    settleUs: 500_000,
    limitUs: 120_000_000,
  }
}
