import { expect, it } from 'vitest'
import type { Fault } from '../faults/index.js'
import { planInWords } from './plan-in-words.js'

it.each<[Fault, string]>([
  [
    { kind: 'crash', process: '*', at: { point: 'task.restored', nth: 1 }, downUs: 5_000 },
    'whatever process reaches it crashes at task.restored, the 1st time in the run, and starts again after 5 ms',
  ],
  [
    { kind: 'crash', process: 'JobManager', at: { timeUs: 1_234_567 }, downUs: 2_000_000 },
    'JobManager crashes at 1234.567 ms, and starts again after 2 s',
  ],
  [
    { kind: 'host-loss', process: 'TaskManager-0', at: { timeUs: 2_000 }, downUs: 5_000 },
    'TaskManager-0 dies with its host at 2 ms, what it had sent and nobody has received is lost, and it starts again elsewhere after 5 ms',
  ],
  [{ kind: 'exception', point: 'sink.commit', nth: 12 }, 'an exception at sink.commit, the 12th time in the run'],
  [{ kind: 'call', point: 'storage.put', nth: 2, outcome: 'unknown-applied' }, 'the 2nd storage.put is done, but its answer is lost'],
  [{ kind: 'call', point: 'storage.put', nth: 3, outcome: 'failed' }, 'the 3rd storage.put fails'],
  [
    { kind: 'call', point: 'store.add', nth: 1, outcome: 'unknown-later', delayUs: 40_000 },
    'the 1st store.add is not answered, and applied 40 ms later',
  ],
  [{ kind: 'rpc', rpc: 'acknowledge', nth: 21 }, 'the 21st acknowledge is lost'],
  [{ kind: 'rpc', rpc: 'acknowledge', nth: 111, delayUs: 40_000 }, 'the 111th acknowledge arrives 40 ms late'],
  [
    { kind: 'slow', process: 'storage', fromUs: 0, untilUs: 100_000, extraUs: 500 },
    'all messages to and from storage take 500 µs longer from 0 µs to 100 ms',
  ],
  [{ kind: 'skew', process: 'kafka', fromUs: 1000, byUs: -2_000_000 }, 'the clock of kafka is 2 s behind from 1 ms on'],
  [{ kind: 'ties', gridUs: 500 }, 'everything is due at multiples of 500 µs only, and what is due at once comes in any order'],
  [{ kind: 'disconnect', process: 'A', other: 'B', at: { timeUs: 1000 } }, 'the connection between A and B breaks at 1 ms'],
  [
    { kind: 'detour', rpc: 'acknowledge', nth: 2, delayUs: 5000, repeated: true },
    'the 2nd acknowledge arrives a second time 5 ms after it was sent',
  ],
  [
    { kind: 'detour', rpc: 'acknowledge', nth: 2, delayUs: 5000, repeated: false },
    'the 2nd acknowledge arrives 5 ms late, and others overtake it',
  ],
  [
    { kind: 'hang', point: 'task.cancel', nth: 1, downUs: 5000 },
    'user code hangs at task.cancel, the 1st time in the run, until the TaskManager is killed, and starts again after 5 ms',
  ],
  [
    { kind: 'partition', process: 'A', others: ['B', 'C'], direction: 'both', at: { timeUs: 1000 }, forUs: 5000, lossy: true },
    'A and B and C are cut off from each other for 5 ms, at 1 ms; calls that may be lost are',
  ],
  [
    { kind: 'partition', process: 'A', others: ['B'], direction: 'to', at: { timeUs: 1000 }, forUs: 5000, lossy: false },
    'what B sends to A does not get there for 5 ms, at 1 ms',
  ],
  [{ kind: 'pause', process: 'A', at: { timeUs: 1000 }, forUs: 5000 }, 'A stops for 5 ms, at 1 ms'],
  [
    { kind: 'disconnect', process: 'A', other: 'B', at: { point: 'task.barrier.first', nth: 2 } },
    'the connection between A and B breaks at task.barrier.first, the 2nd time in the run',
  ],
])('%j', (fault, words) => {
  expect(planInWords([fault])).toEqual([words])
})
