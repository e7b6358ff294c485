import { describe, expect, it } from 'vitest'
import { targetNamed } from '../../test/faults/fault-target.js'
import { processRef } from '../world/index.js'
import { FaultInjector } from './fault-injector.js'
import { crash, hang, loseHost } from './plan-builder.js'
import type { FaultPlan } from './fault.js'

const NAMES = ['TaskManager-0', 'JobManager']

function injecting(plan: FaultPlan) {
  const landed: string[] = []
  const target = targetNamed(NAMES, (fault, point, name, place) => {
    landed.push(`${fault.kind} ${point} ${name} ${String(place?.depth ?? '')}`.trim())
  })
  return { injector: new FaultInjector(plan, target), landed, taskManager: processRef(0), jobManager: processRef(1) }
}

describe('the loss of a host', () => {
  it('at a step strikes whoever takes it, once, and is a failure of the job', () => {
    const { injector, landed, taskManager, jobManager } = injecting([loseHost('*', 70).at('checkpoint.ack.sent', { nth: 2 })])
    expect(injector.strikes(0, 'checkpoint.ack.sent', 10)).toBe(false)
    expect([injector.losesHost(taskManager, 10), landed]).toEqual([false, []])
    expect(injector.strikes(0, 'checkpoint.ack.sent', 20)).toBe(true)
    expect(injector.losesHost(jobManager, 20)).toBe(false)
    expect(injector.losesHost(taskManager, 20)).toBe(true)
    expect(injector.fork().losesHost(taskManager, 20)).toBe(true)
    expect(injector.restartAfter(taskManager, 20)).toBe(70)
    expect(landed).toEqual(['host-loss checkpoint.ack.sent TaskManager-0 0'])
    expect(injector.losesHost(taskManager, 30)).toBe(false)
  })

  it('at a time counts when the process dies of it, and only then', () => {
    const { injector, landed, taskManager, jobManager } = injecting([loseHost('TaskManager-0', 70).atTime(100)])
    expect(injector.losesHost(jobManager, 100)).toBe(false)
    expect(injector.losesHost(taskManager, 100)).toBe(true)
    expect(landed).toEqual([])
    expect(injector.restartAfter(taskManager, 100)).toBe(70)
    expect(landed).toEqual(['host-loss time TaskManager-0'])
  })

  it('is neither a crash nor the end of a TaskManager whose task hangs', () => {
    const struck = injecting([crash('*').at('task.restored'), crash('TaskManager-0').atTime(100)])
    expect(struck.injector.strikes(0, 'task.restored', 20)).toBe(true)
    expect(struck.injector.losesHost(struck.taskManager, 20)).toBe(false)
    struck.injector.restartAfter(struck.taskManager, 20)
    expect(struck.injector.losesHost(struck.taskManager, 100)).toBe(false)
    const hung = injecting([hang('task.cancel')])
    expect(hung.injector.fails(0, 'task.cancel', 20)).toBe(true)
    expect(hung.injector.losesHost(hung.taskManager, 500)).toBe(false)
  })
})
