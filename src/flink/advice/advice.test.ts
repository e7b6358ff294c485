import { describe, expect, it } from 'vitest'
import { effectiveConfiguration, readSetOption } from '../configuration/index.js'
import type { JobModelOperator, SinkSettings } from '../job-model.js'
import type { Replayability } from '../roles/index.js'
import {
  notReadAgain,
  ordinaryCircumstances,
  questionableSettings,
  recordsReplayed,
  transactionBudget,
  visibilityDelay,
  type Circumstances,
} from './index.js'

const second = 1_000_000
const every10s = 'execution.checkpointing.interval=10 s'
const effective = (...texts: string[]) => effectiveConfiguration(texts.map(readSetOption))
const settings = (...texts: string[]) => effective(...texts).settings
const sink = (sinkSettings: Partial<SinkSettings>): JobModelOperator => ({
  name: 'out',
  uid: 'out',
  kind: 'sink',
  parallelism: 2,
  deterministic: true,
  stateful: true,
  sink: { kind: 'kafka', guarantee: 'EXACTLY_ONCE', committer: 'same vertex', ...sinkSettings },
})
const circumstances: Circumstances = { checkpointDurationUs: second, detectionUs: 50 * second, restoreUs: 5 * second, failedRestarts: 0 }

describe('transactionBudget', () => {
  it('adds up filling and outage', () => {
    const budget = transactionBudget(sink({ transactionTimeoutUs: 900 * second }), settings(every10s), circumstances)
    expect(budget).toMatchObject({ ageUs: 67 * second, holds: true, holdsWithoutFailure: true, longestOutageUs: 889 * second })
    expect(budget?.sentence).toBe(
      "'out': transaction timeout 15 min > checkpoint interval 10 s + checkpoint duration 1 s + failure detection 50 s + restart delay 1 s + restore 5 s = 67 s: an outage may last 889 s",
    )
  })
  it('does not hold when an outage takes longer', () => {
    const budget = transactionBudget(sink({ transactionTimeoutUs: 30 * second }), settings(every10s), circumstances)
    expect(budget).toMatchObject({ holds: false, holdsWithoutFailure: true, longestOutageUs: 19 * second })
    expect(budget?.sentence).toMatch(/<= .* = 67 s: the transaction is aborted before its commit arrives/)
  })
  it('is not told as if the timeout were known where it is only assumed to be too short', () => {
    const assumed = sink({ transactionTimeoutUs: 30 * second, timeoutIsMadeUp: true })
    expect(transactionBudget(assumed, settings(every10s), circumstances)?.sentence).toMatch(
      /^'out': transaction timeout 30 s \(in the runs; it is not known\) <= .* = 67 s: the transaction is aborted before/,
    )
  })
  it('is a matter of luck within the scan of the broker', () => {
    expect(transactionBudget(sink({ transactionTimeoutUs: 60 * second }), settings(every10s), circumstances)?.sentence).toMatch(
      /depends on when the broker looks/,
    )
    expect(
      transactionBudget(sink({ kind: 'two-phase', transactionTimeoutUs: 60 * second }), settings(every10s), circumstances)?.sentence,
    ).not.toMatch(/depends/)
  })
  it('counts tolerated failures and failed restarts', () => {
    const tolerant = settings(every10s, 'execution.checkpointing.tolerable-failed-checkpoints=2')
    const budget = transactionBudget(sink({ transactionTimeoutUs: 900 * second }), tolerant, { ...circumstances, failedRestarts: 3 })
    expect(budget?.ageUs).toBe((67 + 2 * 11 + 3 * 6) * second)
  })
  it('is none of sinks without transactions or timeout, nor without checkpoints', () => {
    expect(transactionBudget(sink({}), settings(every10s), circumstances)).toBeUndefined()
    expect(transactionBudget(sink({ guarantee: 'NONE', transactionTimeoutUs: 1 }), settings(every10s), circumstances)).toBeUndefined()
    expect(transactionBudget(sink({ transactionTimeoutUs: 1 }), settings(), circumstances)).toBeUndefined()
  })
})

describe('recordsReplayed', () => {
  it('is the interval and the duration', () => {
    expect(recordsReplayed(settings(every10s), circumstances, 500)).toMatchObject({ longestUs: 11 * second, records: 5_500 })
  })
  it('is nothing without checkpoints or restarts', () => {
    expect(recordsReplayed(settings(every10s, 'restart-strategy.type=none'), circumstances).sentence).toMatch(/not restarted/)
    expect(recordsReplayed(settings('restart-strategy.type=fixed-delay'), circumstances).sentence).toMatch(/checkpointing is off/)
  })
})

describe('notReadAgain', () => {
  const sourceThat = (replayable: Replayability): JobModelOperator => {
    const { sink: _, ...operator } = sink({})
    return { ...operator, name: 'in', kind: 'source', source: { kind: 'queue', replayable } }
  }
  it('is of sources that go on, or are given again what a checkpoint covers', () => {
    const told = (replayable: Replayability, ...keys: string[]) => notReadAgain(sourceThat(replayable), settings(...keys))
    expect(told(true, every10s)).toBeUndefined()
    expect(told(false, every10s)).toMatch(/^'in': .* what it had read and no checkpoint covers is lost$/)
    expect(told(false)).toMatch(/is lost$/)
    expect(told('redelivers', every10s)).toMatch(/^'in': .* is counted twice$/)
    expect(told('redelivers')).toBeUndefined()
    expect(notReadAgain(sink({}), settings(every10s))).toBeUndefined()
  })
})

describe('visibilityDelay', () => {
  it('is none of what is printed', () => {
    const printed = sink({ kind: 'print', guarantee: 'AT_LEAST_ONCE' })
    for (const keys of [[], [every10s]])
      expect(visibilityDelay(printed, settings(...keys), circumstances)).toMatchObject({
        longestUs: 0,
        sentence: "'out': output is visible at once",
      })
  })
  it('follows the delivery guarantee', () => {
    expect(visibilityDelay(sink({}), settings(every10s), circumstances).longestUs).toBe(11 * second)
    expect(visibilityDelay(sink({ guarantee: 'AT_LEAST_ONCE' }), settings(every10s), circumstances).longestUs).toBe(10 * second)
    expect(visibilityDelay(sink({ guarantee: 'NONE' }), settings(every10s), circumstances).sentence).toMatch(/do not flush/)
    expect(visibilityDelay(sink({}), settings(), circumstances).sentence).toMatch(
      /visible when the input ends, and never where it has no end/,
    )
  })
  it.each([
    [{ kind: 'file' }, [every10s], /up to 11 s after it was written .* row formats stay open for up to 2 min more/],
    [{ kind: 'kafka' }, [every10s], /up to 11 s after it was written \(checkpoint interval and duration\)$/],
    [
      { kind: 'kafka', guarantee: 'NONE' },
      [every10s],
      /when the producer has sent it \(linger\.ms, a full batch\); checkpoints do not flush it$/,
    ],
    [{ kind: 'kafka', guarantee: 'AT_LEAST_ONCE' }, [], /when the producer has sent it .*; there are no checkpoints that would flush it$/],
    [
      { kind: 'async', guarantee: 'AT_LEAST_ONCE' },
      [every10s],
      /maxTimeInBufferMS, 5 s by default.*a checkpoint takes what waits into its state/,
    ],
    [{ kind: 'append', guarantee: 'AT_LEAST_ONCE' }, [], /nothing makes the sink flush/],
  ] as const)('of a sink that is %j under %j', (settled, keys, sentence) => {
    expect(visibilityDelay(sink(settled), settings(...keys), circumstances).sentence).toMatch(sentence)
  })
})

describe('questionableSettings', () => {
  const keysFor = (texts: string[], operator: JobModelOperator = sink({})) => {
    const configuration = effective(...texts)
    const model = { name: 'job', operators: [operator], edges: [], configuration: configuration.settings }
    return questionableSettings(model, configuration, ordinaryCircumstances(configuration.settings)).map((found) => found.key)
  }
  const sound = [
    every10s,
    'execution.checkpointing.dir=s3://x',
    'execution.checkpointing.tolerable-failed-checkpoints=3',
    'execution.checkpointing.externalized-checkpoint-retention=RETAIN_ON_CANCELLATION',
    'high-availability.type=kubernetes',
  ]
  it('finds nothing in a sound configuration', () => {
    expect(keysFor(sound)).toEqual([])
  })
  it('finds a transaction timeout that no broker allows unless it is told to, in Kafka only', () => {
    expect(keysFor(sound, sink({ transactionTimeoutUs: 3600 * second }))).toEqual(['out transaction timeout'])
    expect(keysFor(sound, sink({ transactionTimeoutUs: 900 * second }))).toEqual([])
    expect(keysFor(sound, sink({ transactionTimeoutUs: 3600 * second, kind: 'two-phase' }))).toEqual([])
  })
  it.each([
    [['execution.checkpointing.mode=AT_LEAST_ONCE'], 'execution.checkpointing.mode'],
    [['execution.checkpointing.tolerable-failed-checkpoints=0'], 'execution.checkpointing.tolerable-failed-checkpoints'],
    [
      ['execution.checkpointing.externalized-checkpoint-retention=NO_EXTERNALIZED_CHECKPOINTS'],
      'execution.checkpointing.externalized-checkpoint-retention',
    ],
    [['execution.checkpointing.storage=jobmanager'], 'execution.checkpointing.storage'],
    [['execution.checkpointing.timeout=1 s'], 'execution.checkpointing.timeout'],
    [['restart-strategy.type=none'], 'restart-strategy.type'],
    [['restart-strategy.type=fixed-delay'], 'restart-strategy.fixed-delay.attempts'],
    [['high-availability.type=NONE'], 'high-availability.type'],
  ])('%j', (texts, key) => {
    expect(keysFor([...sound, ...texts])).toEqual([key])
  })
  it('finds nothing in a timeout that is longer than a checkpoint takes', () => {
    expect(keysFor([...sound, 'execution.checkpointing.timeout=2 s'])).toEqual([])
  })
  it('looks at sinks', () => {
    expect(keysFor(sound, sink({ transactionTimeoutUs: 5 * second }))).toEqual(['out transaction timeout'])
    expect(keysFor(sound, sink({ guarantee: 'NONE' }))).toEqual(['out delivery guarantee'])
  })
  it('says one thing only when checkpointing is off', () => {
    expect(keysFor(['restart-strategy.type=fixed-delay', 'restart-strategy.fixed-delay.attempts=9'])).toEqual([
      'execution.checkpointing.interval',
    ])
  })
})
