import { describe, expect, it } from 'vitest'
import { noting } from '../../../test/engine/noting-operator.js'
import { TaskBench } from '../../../test/engine/task-bench.js'
import type { StreamOperator } from '../operator.js'

describe('a task that is cancelled', () => {
  it('closes its operators and goes, even when its thread is blocked', () => {
    const calls: string[] = []
    const blocking: StreamOperator<null, never> = {
      ...noting(calls),
      prepareSnapshot: () => undefined,
      busy: () => calls.includes('blocked'),
      process: () => void calls.push('blocked'),
    }
    const bench = new TaskBench({ producers: 1, operators: [blocking] }).deploy()
    bench.record(0, 1)
    bench.run()
    const { task } = bench
    bench.mail({ kind: 'cancel' })
    bench.run()
    expect(calls).toEqual(['blocked', 'close cancelled'])
    expect(bench.statuses().at(-1)).toBe('CANCELED')
    expect(bench.facts('task-status').map(({ status }) => status)).toEqual(['INITIALIZING', 'RUNNING', 'CANCELED'])
    expect(bench.world.inspect(task).alive).toBe(false)
  })
})

describe('a cancelled task that hangs', () => {
  const hanging = (cancellationTimeoutUs: number): TaskBench => {
    const bench = new TaskBench({ configuration: { cancellationTimeoutUs } }).deploy()
    bench.failing.add('task.cancel')
    bench.mail({ kind: 'cancel' })
    return bench
  }

  it('closes nothing and tells nobody, until its TaskManager is killed', () => {
    const bench = hanging(50_000)
    bench.mail({ kind: 'cancel' })
    bench.record(0, 1)
    bench.trigger(1)
    bench.run(40_000)
    expect(bench.statuses()).toEqual(['INITIALIZING', 'RUNNING'])
    expect(bench.facts('closed')).toEqual([])
    expect(bench.declined()).toEqual(['1 CHECKPOINT_DECLINED_TASK_NOT_READY'])
    expect(bench.outputs).toEqual([[]])
    expect(bench.world.isAlive(bench.taskManager)).toBe(true)
    bench.run(20_000)
    expect(bench.world.isAlive(bench.taskManager)).toBe(false)
    expect(bench.facts('failure').map(({ cause }) => cause)).toEqual([
      'the task did not end within task.cancellation.timeout: its TaskManager is killed',
    ])
  })

  it('does so for ever when the timeout is 0', () => {
    const bench = hanging(0)
    bench.run(1_000_000)
    expect(bench.world.isAlive(bench.taskManager)).toBe(true)
    expect(bench.statuses()).toEqual(['INITIALIZING', 'RUNNING'])
  })

  it('is none when it had ended before', () => {
    const bench = new TaskBench().deploy()
    bench.failing.add('task.record')
    bench.record(0, 1)
    bench.run()
    bench.failing.add('task.cancel')
    bench.mail({ kind: 'cancel' })
    expect(bench.statuses().at(-1)).toBe('CANCELED')
  })
})
