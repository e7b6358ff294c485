import { describe, expect, it } from 'vitest'
import { effectiveConfiguration, readFlinkConf } from '../../flink/configuration/index.js'
import { committableRecords } from '../operators/committable-message.js'
import { OperatorHarness } from '../operators/operator-harness.js'
import { idleSink, idleSource } from './idle-connectors.js'
import { StreamExecutionEnvironment } from './stream-environment.js'

describe('the committer of a job', () => {
  /** The committer of a job as it is built, and what it has been given. */
  function committerOf(setting: string) {
    const env = new StreamExecutionEnvironment(effectiveConfiguration([readFlinkConf(setting, 'conf')]).settings)
    env.fromSource<number>(idleSource('a'), 'A').sinkTo(idleSink(true))
    const operator = env.build().vertices[0]?.operators.find(({ role }) => role === 'committer')
    if (operator === undefined) throw new Error('there is no committer')
    const harness = new OperatorHarness(operator.code)
    for (const record of committableRecords(1, 0, ['a'], 1)) harness.processElement(record)
    return harness
  }

  it('waits for checkpoints where there are some, and for the end of input where not', () => {
    const waiting = committerOf('execution.checkpointing.interval: 1 s')
    waiting.finish()
    expect(waiting.busy).toBe(false)
    const ending = committerOf('')
    ending.finish()
    expect(ending.busy).toBe(true)
  })

  it('retries as often as is configured', () => {
    const committer = committerOf('execution.checkpointing.interval: 1 s\nsink.committer.retries: 1')
    committer.notifyComplete(1)
    committer.answer('retry-later')
    expect(committer.failure).toBeUndefined()
    committer.wake()
    committer.answer('retry-later')
    expect(committer.failure).toBe('failed to commit 1 committables after 1 retries')
  })
})
