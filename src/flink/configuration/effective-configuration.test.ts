import { describe, expect, it } from 'vitest'
import { readConfigYaml } from './config-yaml.js'
import { effectiveConfiguration, refuseTransactionsWithoutCheckpoints, valueInForce } from './effective-configuration.js'
import { configOptions } from './option-catalogue.js'
import { readValue } from './option-value.js'
import { readFlinkConf } from './flink-conf.js'
import { readSetOption } from './set-option.js'

const set = (...texts: string[]) => effectiveConfiguration(texts.map(readSetOption))

describe('the catalogue', () => {
  it('spells every key once and reads every default', () => {
    const spellings = configOptions.flatMap((option) => [option.key, ...option.aliases])
    expect(new Set(spellings).size).toBe(spellings.length)
    for (const { key, type, default: text } of configOptions) {
      if (text !== null) expect([key, readValue(type, text)]).not.toEqual([key, undefined])
    }
  })
})

describe('defaults', () => {
  it('are those of Flink without checkpointing', () => {
    const { settings, values } = set()
    expect(settings).toMatchObject({
      checkpointing: {
        enabled: false,
        mode: 'EXACTLY_ONCE',
        timeoutUs: 600_000_000,
        maxConcurrent: 1,
        storage: 'jobmanager',
        inlineThresholdBytes: 20_480,
      },
      restart: { type: 'none' },
      failover: 'region',
      highAvailability: false,
      heartbeatTimeoutUs: 50_000_000,
      maxParallelism: 128,
    })
    expect(values.every((value) => value.isDefault)).toBe(true)
    expect(values.map((value) => value.key)).toEqual(values.map((value) => value.key).sort())
  })
  it('restart as Flink does by default where no type is given, whatever is said of a strategy', () => {
    const attempts = 'restart-strategy.exponential-delay.attempts-before-reset-backoff=3'
    const on = 'execution.checkpointing.interval=10 s'
    const { settings, values, warnings } = set(on, attempts, 'restart-strategy.fixed-delay.attempts=7')
    expect(settings.restart).toEqual(set(on).settings.restart)
    expect(values.find(({ key }) => key.endsWith('attempts-before-reset-backoff'))).toMatchObject({ value: '2147483647', isDefault: true })
    expect(warnings.map((warning) => /^--set (\S+): \S+ = \d has no effect: restart-strategy.type is not set/.exec(warning)?.[1])).toEqual([
      'restart-strategy.exponential-delay.attempts-before-reset-backoff',
      'restart-strategy.fixed-delay.attempts',
    ])
    expect(set(on, attempts, 'restart-strategy.type=exponential-delay')).toMatchObject({
      settings: { restart: { attempts: 3 } },
      warnings: [],
    })
  })
  it('restart with exponential delay once checkpointing is on', () => {
    expect(set('execution.checkpointing.interval=10 s').settings.restart).toEqual({
      type: 'exponential-delay',
      initialBackoffUs: 1_000_000,
      maxBackoffUs: 60_000_000,
      multiplierPercent: 150,
      resetThresholdUs: 3_600_000_000,
      jitterPercent: 10,
      attempts: 2_147_483_647,
    })
  })
})

describe('merging', () => {
  it('lets the later source win and remembers the origin', () => {
    const first = readConfigYaml('execution.checkpointing.interval: 10 s\nexecution.checkpointing.timeout: 1 min', 'config.yaml')
    const { settings, values } = effectiveConfiguration([first, readSetOption('execution.checkpointing.interval=PT20S')])
    expect(settings.checkpointing.intervalUs).toBe(20_000_000)
    expect(values.find((value) => value.key === 'execution.checkpointing.interval')).toEqual({
      key: 'execution.checkpointing.interval',
      value: '20 s',
      origin: '--set execution.checkpointing.interval',
      isDefault: false,
    })
    expect(values.find((value) => value.key === 'execution.checkpointing.timeout')?.origin).toBe('config.yaml:2:34')
  })
  it('understands older names', () => {
    const text = [
      'state.backend: rocksdb',
      'state.checkpoints.num-retained: 3',
      'execution.checkpointing.unaligned: true',
      'restart-strategy: fixeddelay',
    ].join('\n')
    const configuration = effectiveConfiguration([readFlinkConf(`${text}\nexecution.checkpointing.interval: 1 s`, 'flink-conf.yaml')])
    expect(configuration.settings.checkpointing).toMatchObject({ numRetained: 3, unaligned: true })
    expect(configuration.settings.restart).toEqual({ type: 'fixed-delay', attempts: 1, delayUs: 1_000_000 })
    expect(valueInForce(configuration, 'state.backend.type')).toMatchObject({ value: 'rocksdb', isDefault: false })
    expect(valueInForce(configuration, 'state.backend.type')?.noEffect).toMatch(/backend/)
  })
  it('prefers the current name within one source and says so', () => {
    const text = 'execution.checkpointing.num-retained: 2\nstate.checkpoints.num-retained: 5'
    const { settings, warnings } = effectiveConfiguration([readFlinkConf(text, 'f.yaml')])
    expect(settings.checkpointing.numRetained).toBe(2)
    expect(warnings).toEqual([expect.stringMatching(/^f\.yaml:2:1: 'state\.checkpoints\.num-retained' is an older name/)])
  })
  it.each(['plugin.classloader.parent-first-patterns.additional=x', 'cleanup-strategy.type=none', 'execution.sort-partition.memory=1 gb'])(
    'takes %s unread: it is no matter of delivery',
    (text) => {
      expect(set(text).warnings).toEqual([])
    },
  )
  it('takes the storage from the directory', () => {
    expect(set('execution.checkpointing.dir=s3://x').settings.checkpointing.storage).toBe('filesystem')
    expect(set('execution.checkpointing.dir=s3://x', 'execution.checkpointing.storage=jobmanager').settings.checkpointing.storage).toBe(
      'jobmanager',
    )
  })
})

describe('what is refused', () => {
  it.each([
    ['execution.checkpointing.intreval=1 s', /unknown configuration key .*'execution\.checkpointing\.interval' is the nearest/],
    ['taskmanager.memory.segmentsize=1', /'taskmanager\.memory\.segment-size' is the nearest/],
    ['no.such.key=1', /unknown configuration key 'no\.such\.key'; allowed: a key of Flink's configuration$/],
    ['execution.checkpointing.mode=TWICE', /'execution\.checkpointing\.mode' cannot be 'TWICE'; allowed: EXACTLY_ONCE, AT_LEAST_ONCE/],
    ['execution.checkpointing.interval=soon', /cannot be 'soon'; allowed: a duration such as/],
    ['execution.checkpointing.interval=9 ms', /must be larger than or equal to 10 ms/],
    ['execution.checkpointing.timeout=0', /must be larger than or equal to 10 ms/],
    ['execution.checkpointing.max-concurrent-checkpoints=0', /at least one/],
    ['execution.checkpointing.storage=filesystem', /no checkpoint directory/],
    ['execution.checkpointing.data-inline-threshold=2mb', /1 MB/],
    ['taskmanager.network.memory.buffers-per-channel=-1', /a number of buffers; allowed: 0 or more/],
    ['taskmanager.network.memory.floating-buffers-per-gate=-1', /a number of buffers/],
    ['taskmanager.memory.segment-size=0', /no record fits/],
    ['pipeline.max-parallelism=40000', /at most 32768/],
    ['heartbeat.timeout=1 s', /shorter than heartbeat\.interval/],
    ['heartbeat.interval=0', /must be larger than 0\.; allowed: 1 ms or more/],
  ])('%s', (text, message) => {
    expect(() => set(text)).toThrow(message)
  })
  it.each([
    ['exponential-delay', 'exponential-delay.max-backoff=1 ms', /Initial backoff cannot be higher/],
    ['exponential-delay', 'exponential-delay.backoff-multiplier=1.0', /must be greater than 1\.; allowed: a number above 1/],
    ['exponential-delay', 'exponential-delay.jitter-factor=1.5', /Jitter factor/],
    ['exponential-delay', 'exponential-delay.reset-backoff-threshold=0', /Threshold duration.*allowed: 1 ms or more/],
    ['exponential-delay', 'exponential-delay.attempts-before-reset-backoff=0', /at least 1\.; allowed: 1 or more/],
    ['failure-rate', 'failure-rate.max-failures-per-interval=0', /must be greater than 0\.; allowed: 1 or more/],
    ['failure-rate', 'failure-rate.failure-rate-interval=0', /must be greater than 0 ms\.; allowed: 1 ms or more/],
    ['fixed-delay', 'fixed-delay.attempts=-1', /must be positive/],
  ])('what a restart strategy of type %s is told wrongly: %s; others are not read', (type, text, message) => {
    expect(() => set(`restart-strategy.type=${type}`, `restart-strategy.${text}`)).toThrow(message)
    expect(() => set('restart-strategy.type=none', `restart-strategy.${text}`)).not.toThrow()
  })
  it('not a channel without buffers of its own, which is simulated with one', () => {
    const { settings, warnings } = set('taskmanager.network.memory.buffers-per-channel=0')
    expect(settings.network.buffersPerChannel).toBe(1)
    expect(warnings).toEqual([expect.stringMatching(/simulated with 1/)])
  })
  it('unaligned with more than one concurrent checkpoint, in the words of Flink', () => {
    const keys = ['execution.checkpointing.unaligned.enabled=true', 'execution.checkpointing.max-concurrent-checkpoints=2']
    expect(() => set(...keys)).toThrow(
      "--set execution.checkpointing.max-concurrent-checkpoints: 'execution.checkpointing.max-concurrent-checkpoints' = 2: maxConcurrentCheckpoints can't be > 1 if UnalignedCheckpoints enabled",
    )
    expect(() => set(...keys, 'execution.checkpointing.mode=AT_LEAST_ONCE')).not.toThrow()
  })
  it('a transactional sink without checkpoints', () => {
    const sinks = [{ name: 'Sink: Writer', guarantee: 'EXACTLY_ONCE' as const }]
    expect(() => refuseTransactionsWithoutCheckpoints(set(), sinks)).toThrow(
      /^execution\.checkpointing\.interval: checkpointing is off, but sink 'Sink: Writer'/,
    )
    expect(() => refuseTransactionsWithoutCheckpoints(set('execution.checkpointing.interval=1 s'), sinks)).not.toThrow()
    expect(() => refuseTransactionsWithoutCheckpoints(set(), [{ name: 'Sink', guarantee: 'AT_LEAST_ONCE' }])).not.toThrow()
  })
})

describe('what is accepted', () => {
  it('a heartbeat timeout as long as the interval, as in Flink', () => {
    expect(() => set('heartbeat.interval=5 s', 'heartbeat.timeout=5 s')).not.toThrow()
  })
  it('keys of a cluster that have nothing to do with guarantees', () => {
    for (const key of [
      'taskmanager.numberOfTaskSlots',
      'rest.port',
      's3.access-key',
      'metrics.reporters',
      'jobmanager.rpc.address',
      'parallelism.default',
      'high-availability.storageDir',
    ]) {
      expect(() => set(`${key}=4`)).not.toThrow()
    }
  })
  it.each([
    ['JobManager', 'jobmanager'],
    ['FileSystem', 'filesystem'],
    ['org.example.Storage', 'filesystem'],
  ])('checkpoint storage %s in any letter case', (name, storage) => {
    const both = [`execution.checkpointing.storage=${name}`, 'execution.checkpointing.dir=file:///c']
    expect(set(...both).settings.checkpointing.storage).toBe(storage)
    if (name === 'FileSystem') expect(() => set(...both.slice(0, 1))).toThrow(/no checkpoint directory/)
  })
  it.each([
    ['jobmanager.scheduler=adaptive', 'full'],
    ['scheduler-mode=reactive', 'full'],
    ['jobmanager.scheduler=AdaptiveBatch', 'region'],
    ['jobmanager.scheduler=Default', 'region'],
  ])('%s: what restarts together is %s', (key, failover) => {
    const { settings, warnings } = set(key)
    expect(settings.failover).toBe(failover)
    const told = [expect.stringMatching(/^--set \S+: each failure restarts the whole job; .* fewer subtasks .* not simulated$/)]
    expect(warnings).toEqual(failover === 'full' ? told : [])
  })
  it('AT_LEAST_ONCE with unaligned: unaligned is switched off with a warning', () => {
    const { settings, warnings } = set('execution.checkpointing.mode=AT_LEAST_ONCE', 'execution.checkpointing.unaligned=true')
    expect(settings.checkpointing.unaligned).toBe(false)
    expect(warnings).toEqual([expect.stringMatching(/switched off/)])
  })
})
