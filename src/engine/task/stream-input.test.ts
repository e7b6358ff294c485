import { describe, expect, it } from 'vitest'
import { passOn, TaskBench } from '../../../test/engine/task-bench.js'
import { MAX_WATERMARK } from '../network/buffer.js'
import type { StreamOperator } from '../operator.js'

describe('reading', () => {
  it('takes one element after the other, each for the time it takes', () => {
    const bench = new TaskBench({ producers: 1, workUs: 1000 }).deploy()
    bench.record(0, 1, 2, 3)
    bench.run(2_500)
    expect(bench.outputs).toEqual([[1, 2]])
    bench.run(1_000)
    expect(bench.outputs).toEqual([[1, 2, 3]])
  })

  it('takes nothing while an operator blocks the thread, also where it was about to', () => {
    let busy = false
    const bench = new TaskBench({ producers: 1, workUs: 1000, operators: [{ ...passOn, busy: () => busy }] }).deploy()
    bench.record(0, 1)
    bench.run(500)
    busy = true
    bench.run(5_000)
    expect([bench.outputs, bench.state.working]).toEqual([[[]], false])
    busy = false
    bench.mail({ kind: 'notify-complete', checkpoint: 0 })
    bench.run()
    expect(bench.outputs).toEqual([[1]])
  })

  it('takes the channels in turn, a buffer of each', () => {
    const bench = new TaskBench().deploy()
    for (const id of [1, 2]) bench.record(0, id)
    for (const id of [11, 12]) bench.record(1, id)
    bench.run()
    expect(bench.outputs).toEqual([[1, 11, 2, 12]])
  })

  it('passes watermarks on, from one end of the chain to the other', () => {
    const bench = new TaskBench({ producers: 1, operators: [passOn, passOn, passOn] }).deploy()
    bench.record(0, 1)
    bench.watermark(0, 5)
    bench.run()
    expect(bench.outputs).toEqual([[1, 'watermark 5']])
  })

  it('gives credit for every buffer that it has read to its end', () => {
    const bench = new TaskBench().deploy()
    bench.record(0, 1, 2)
    bench.record(0, 3)
    bench.record(1, 4)
    bench.run()
    expect(bench.credit).toEqual([2, 1])
  })

  it('gives a buffer back before it hands on the last element in it', () => {
    const waiting: (readonly [number, number])[] = []
    const noting: StreamOperator<null, never> = {
      ...passOn,
      process() {
        const [channel] = bench.state.gate.channels
        waiting.push([channel?.queue.length ?? 0, channel?.credit ?? 0])
      },
    }
    const bench = new TaskBench({ producers: 1, operators: [noting] }).deploy()
    const [channel] = bench.state.gate.channels
    const credit = channel?.credit ?? 0
    bench.record(0, 1, 2)
    bench.record(0)
    bench.record(0, 3)
    bench.run()
    expect(waiting).toEqual([
      [3, credit - 3],
      [2, credit - 2],
      [0, credit],
    ])
  })

  it('reads on behind a buffer in which no record ends', () => {
    const bench = new TaskBench({ producers: 1 }).deploy()
    bench.record(0)
    bench.record(0, 7)
    bench.run()
    expect(bench.outputs).toEqual([[7]])
    expect(bench.credit).toEqual([2])
  })

  it('gives no credit for events', () => {
    const bench = new TaskBench().deploy()
    bench.watermark(0, 1)
    bench.event(0, { type: 'end-of-data' })
    bench.run()
    expect(bench.credit).toEqual([1, 0])
  })

  it('waits while its outputs have no room (backpressure), and goes on when they have', () => {
    const bench = new TaskBench({ producers: 1, credit: 0 }).deploy()
    for (let id = 1; id <= 20; id++) bench.record(0, id)
    bench.run()
    expect(bench.outputs).toEqual([[]])
    expect(bench.state.gate.channels[0]?.queue.length).toBeGreaterThan(0)
    expect(bench.state.partitions[0]?.inUse).toBe(bench.state.partitions[0]?.poolSize)
    bench.giveCredit(0, 20)
    bench.run()
    expect(bench.outputs).toEqual([Array.from({ length: 20 }, (_, index) => index + 1)])
  })

  it('of a producer whose connection is lost fails the task, unless it had ended', () => {
    const lost = (channel: number, ended: boolean): string | undefined => {
      const bench = new TaskBench().deploy()
      if (ended) bench.event(channel, { type: 'end-of-partition' })
      bench.run()
      bench.loseProducer(channel)
      bench.run()
      return bench.statuses().at(-1)
    }
    expect(lost(1, false)).toBe('FAILED')
    expect(lost(1, true)).toBe('RUNNING')
  })

  it('fails the task when the connection breaks before the producer has answered', () => {
    const bench = new TaskBench()
    bench.submit()
    bench.loseTaskManager()
    bench.run()
    expect(bench.statuses()).toEqual(['INITIALIZING', 'RUNNING', 'FAILED'])
    expect(bench.facts('failure').map(({ cause }) => cause)).toEqual(['RemoteTransportException: connection to the producer lost'])
    // Behind the answer the connection of the channel itself is what counts.
    const open = new TaskBench().deploy()
    open.loseTaskManager()
    open.run()
    expect(open.statuses()).toEqual(['INITIALIZING', 'RUNNING'])
  })
})

describe('event time', () => {
  it('is that of the slowest channel', () => {
    const bench = new TaskBench().deploy()
    bench.watermark(0, 5)
    bench.run()
    expect(bench.outputs).toEqual([[]])
    bench.watermark(1, 3)
    bench.run()
    bench.watermark(1, 9)
    bench.run()
    expect(bench.outputs).toEqual([['watermark 3', 'watermark 5']])
  })

  it('never goes back', () => {
    const bench = new TaskBench({ producers: 1 }).deploy()
    for (const timestamp of [5, 3, 5, 6]) bench.watermark(0, timestamp)
    bench.run()
    expect(bench.outputs).toEqual([['watermark 5', 'watermark 6']])
  })

  it('fires the timers that are due, in order, before it goes on', () => {
    const timing: StreamOperator<null, never> = {
      ...passOn,
      process: (_state, { value }, _input, _context, keyed) => {
        if (typeof value === 'number') keyed?.registerTimer(value)
      },
      timer: (_state, timestamp, _namespace, context) => {
        context.emit({ id: timestamp, value: 0, timestamp })
      },
    }
    const bench = new TaskBench({ producers: 1, keyed: true, operators: [timing] }).deploy()
    bench.record(0, 8, 3, 9)
    bench.watermark(0, 8)
    bench.run()
    expect(bench.outputs).toEqual([[3, 8, 'watermark 8']])
    expect(bench.state.operators[0]?.keyed?.timers.map(({ timestamp }) => timestamp)).toEqual([9])
  })

  it('fires a timer that another one registers, and registers itself again, while it fires', () => {
    const fired: number[] = []
    const timing: StreamOperator<null, never> = {
      ...passOn,
      process: (_state, { value }, _input, _context, keyed) => {
        if (typeof value === 'number') keyed?.registerTimer(value)
      },
      timer: (_state, timestamp, namespace, _context, keyed) => {
        fired.push(timestamp)
        // Itself once more, and one that was due before it.
        if (fired.length === 1) keyed.registerTimer(timestamp, namespace)
        if (fired.length === 2) keyed.registerTimer(timestamp - 1, namespace)
      },
    }
    const bench = new TaskBench({ producers: 1, keyed: true, operators: [timing] }).deploy()
    bench.record(0, 5)
    bench.watermark(0, 8)
    bench.run()
    expect(fired).toEqual([5, 5, 4])
    expect(bench.state.operators[0]?.keyed?.timers).toEqual([])
  })
})

describe('a timer that registers itself for times that have passed', () => {
  it.each([0, 1])('is refused where it never stops: by %i µs', (back) => {
    const timing: StreamOperator<null, never> = {
      ...passOn,
      process: (_state, _record, _input, _context, keyed) => keyed?.registerTimer(5),
      timer: (_state, timestamp, _namespace, _context, keyed) => keyed.registerTimer(timestamp - back),
    }
    const bench = new TaskBench({ producers: 1, keyed: true, operators: [timing] }).deploy()
    bench.record(0, 7)
    bench.watermark(0, 8)
    expect(() => {
      bench.run()
    }).toThrow(/the timer of key \S+ at -?\d+ µs has fired, and event time does not go on/)
  })
})

describe('a timer that registers one behind it', () => {
  let fired = 0
  const timing: StreamOperator<null, never> = {
    ...passOn,
    process: (_state, _record, _input, _context, keyed) => keyed?.registerTimer(0),
    timer: (_state, timestamp, _namespace, _context, keyed) => {
      fired++
      keyed.registerTimer(timestamp + 1)
    },
  }

  it('is fine as long as event time goes on, however often it fires', () => {
    const bench = new TaskBench({ producers: 1, keyed: true, operators: [timing] }).deploy()
    bench.record(0, 7)
    bench.watermark(0, 100_001)
    bench.run()
    expect(fired).toBe(100_002)
  })

  it('is refused at the end of the input, where it never stops', () => {
    const bench = new TaskBench({ producers: 1, keyed: true, operators: [timing] }).deploy()
    bench.record(0, 7)
    bench.watermark(0, MAX_WATERMARK)
    expect(() => {
      bench.run()
    }).toThrow(/^\S+: the timer of key \S+ at 100001 µs has fired, and at the end of the input its function goes on registering timers, /)
  })
})

describe('a source', () => {
  /** Hands out so many records, then says how it goes on. */
  function counting(records: number, then: 'nothing' | 'end'): StreamOperator<null, never> {
    let next = 0
    return {
      ...passOn,
      poll(_state, context) {
        if (next === records) return then
        context.emit({ id: ++next, value: 0, timestamp: 0 })
        return 'record'
      },
    }
  }

  /** Has no record, ever, and counts how often it was asked. */
  function asked(then: 'nothing' | 'end') {
    const source = { operator: { ...passOn, poll: () => (source.times++, then) }, times: 0 }
    return source
  }

  it('is asked for one record at a time until it has none, and again when something happened', () => {
    const bench = new TaskBench({ producers: 0, operators: [counting(3, 'nothing')] }).deploy()
    bench.run()
    expect(bench.outputs).toEqual([[1, 2, 3]])
    expect(bench.state.sourceIdle).toBe(true)
    bench.mail({ kind: 'operator-event', operator: 0, event: { type: 'no-more-splits' } })
    expect(bench.state.sourceIdle).toBe(false)
  })

  it('is asked again when a connection is lost: who waits for an answer finds out that none will come', () => {
    const source = asked('nothing')
    const bench = new TaskBench({ producers: 0, operators: [source.operator] }).deploy()
    bench.run()
    const before = source.times
    bench.loseConsumer(0)
    bench.run()
    expect([before, source.times]).toEqual([1, 2])
  })

  it('ends its input where it is at its end', () => {
    const bench = new TaskBench({ producers: 0, operators: [counting(1, 'end')] }).deploy()
    bench.run()
    expect(bench.outputs[0]?.at(-1)).toBe('end-of-data')
    expect(bench.toldOf('end-of-data')).toHaveLength(1)
  })

  it('is asked for nothing behind its end, whatever happens', () => {
    const source = asked('end')
    const bench = new TaskBench({ producers: 0, operators: [source.operator] }).deploy()
    bench.run()
    bench.mail({ kind: 'operator-event', operator: 0, event: { type: 'no-more-splits' } })
    bench.run()
    expect(source.times).toBe(1)
  })
})
