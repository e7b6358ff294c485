import { expect, it } from 'vitest'
import {
  crash,
  delay,
  disconnect,
  exception,
  fail,
  hang,
  lose,
  loseHost,
  overtake,
  partition,
  pause,
  repeat,
  skew,
  slow,
  ties,
  unknown,
} from './plan-builder.js'

it('a plan in words is a plan as data', () => {
  expect(crash('JobManager').at('checkpoint.store.added', { nth: 2 })).toEqual({
    kind: 'crash',
    process: 'JobManager',
    at: { point: 'checkpoint.store.added', nth: 2 },
    downUs: 20_000,
  })
  expect(crash('TaskManager-0', 5).atTime(300)).toEqual({ kind: 'crash', process: 'TaskManager-0', at: { timeUs: 300 }, downUs: 5 })
  expect(loseHost('TaskManager-0', 5).atTime(300)).toEqual({ ...crash('TaskManager-0', 5).atTime(300), kind: 'host-loss' })
  expect(loseHost().at('checkpoint.ack.sent', { nth: 3 })).toMatchObject({ kind: 'host-loss', process: '*', downUs: 20_000 })
  expect(crash().at('task.restored', { who: 'sink-1', depth: 1 })).toMatchObject({
    process: '*',
    at: { point: 'task.restored', nth: 1, who: 'sink-1', depth: 1 },
  })
  expect(lose('notifyComplete', { to: 'sink-1' })).toEqual({ kind: 'rpc', rpc: 'notify-complete', nth: 1, who: 'sink-1' })
  expect(delay('acknowledge', 700)).toEqual({ kind: 'rpc', rpc: 'acknowledge', nth: 1, delayUs: 700 })
  expect(repeat('triggerCheckpoint', 9, { nth: 3 })).toEqual({
    kind: 'detour',
    rpc: 'trigger-checkpoint',
    nth: 3,
    delayUs: 9,
    repeated: true,
  })
  expect(overtake('decline', 9)).toMatchObject({ rpc: 'decline', repeated: false })
  expect(unknown('store.add', 'applied')).toEqual({ kind: 'call', point: 'store.add', nth: 1, outcome: 'unknown-applied' })
  expect(unknown('store.add', 'later', { nth: 2, delayUs: 9 })).toEqual({
    kind: 'call',
    point: 'store.add',
    nth: 2,
    outcome: 'unknown-later',
    delayUs: 9,
  })
  expect(fail('kafka.end-txn', { depth: 2 })).toEqual({ kind: 'call', point: 'kafka.end-txn', nth: 1, depth: 2, outcome: 'failed' })
  expect(skew('kafka', { from: 5, byUs: -7 })).toEqual({ kind: 'skew', process: 'kafka', fromUs: 5, byUs: -7 })
  expect(ties(500)).toEqual({ kind: 'ties', gridUs: 500 })
  expect(exception('sink.commit')).toEqual({ kind: 'exception', point: 'sink.commit', nth: 1 })
  expect(hang('task.cancel', {}, 7)).toEqual({ kind: 'hang', point: 'task.cancel', nth: 1, downUs: 7 })
  expect(pause('TaskManager-1', 50).at('task.barrier.first')).toMatchObject({ kind: 'pause', process: 'TaskManager-1', forUs: 50 })
  expect(disconnect('TaskManager-0', 'TaskManager-1').atTime(8)).toMatchObject({ other: 'TaskManager-1', at: { timeUs: 8 } })
  expect(partition('TaskManager-1', { from: 100, until: 150 })).toEqual({
    kind: 'partition',
    process: 'TaskManager-1',
    others: ['JobManager'],
    direction: 'both',
    at: { timeUs: 100 },
    forUs: 50,
    lossy: false,
  })
  expect(slow('storage', { from: 1, until: 2, extraUs: 3 })).toEqual({
    kind: 'slow',
    process: 'storage',
    fromUs: 1,
    untilUs: 2,
    extraUs: 3,
  })
  // @ts-expect-error a name that is none does not compile
  expect(crash('JobManager').at('checkpoint.store.aded')).toBeDefined()
})
