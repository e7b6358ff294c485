import { describe, expect, it } from 'vitest'
import { lateNotifications, rivalAttempts } from './seen-steps.js'
import { SometimesFacts } from './sometimes-facts.js'

describe('two attempts alive', () => {
  it('are attempts of one subtask, neither of them at its end', () => {
    const { of } = rivalAttempts(new SometimesFacts())
    expect(of('task/1/0/0', { phase: 'RUNNING' })).toBe('task/1/0')
    expect(of('task/1/0/1', { phase: 'RESTORING' })).toBe('task/1/0')
    expect(of('task/1/1/0', { phase: 'RUNNING' })).toBe('task/1/1')
    expect(of('task/1/0/0', { phase: 'ENDED' })).toBeUndefined()
    expect(of('JobManager', null)).toBeUndefined()
  })

  it('are noted', () => {
    const sometimes = new SometimesFacts()
    rivalAttempts(sometimes).met('task/1/0')
    expect(sometimes.names()).toEqual(['two attempts alive'])
  })
})

describe('a late notification ignored', () => {
  const seen = (...step: Parameters<ReturnType<typeof lateNotifications>>): boolean => {
    const sometimes = new SometimesFacts()
    lateNotifications(sometimes)(...step)
    return sometimes.names().includes('a late notification ignored')
  }
  const toTask = (mail: object) => ({ kind: 'to-task', mail })
  const complete = { kind: 'notify-complete', checkpoint: 2 }
  const aborted = { kind: 'notify-aborted', checkpoint: 2, latestCompleted: 1 }

  it('is one that is not passed on to a task', () => {
    expect(seen({}, toTask(complete), false)).toBe(true)
    expect(seen({}, toTask(aborted), false)).toBe(true)
    expect(seen({}, toTask(complete), true)).toBe(false)
    expect(seen({}, toTask({ kind: 'cancel' }), false)).toBe(false)
  })

  it('is one of what the task has reported already', () => {
    expect(seen({ latestReported: 2 }, complete, false)).toBe(true)
    expect(seen({ latestReported: 1 }, complete, false)).toBe(false)
    expect(seen({ latestReported: 2 }, aborted, false)).toBe(false)
    expect(seen({ latestReported: 2 }, undefined, false)).toBe(false)
  })
})
