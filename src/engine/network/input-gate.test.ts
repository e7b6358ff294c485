import { describe, expect, it } from 'vitest'
import { element } from '../../../test/engine/network-bench.js'
import type { BufferMessage } from './buffer.js'
import { nextChannel, openChannel, receive, recycle, rotate, type InputGate } from './input-gate.js'

function gateOf(channels: number, floating: number, local = false): InputGate {
  return { channels: Array.from({ length: channels }, (_, index) => openChannel(index, 0, local, 2)), available: [], floating }
}

function data(channel: number, backlog = 0): BufferMessage {
  return { kind: 'buffer', channel, backlog, bytes: 1, elements: [element(1)], event: null }
}

describe('an input gate', () => {
  it('polls channels in the order in which they got data, and each again behind the others', () => {
    const gate = gateOf(3, 0)
    for (const channel of [2, 0, 2]) receive(gate, data(channel))
    const order: number[] = []
    for (let channel = nextChannel(gate); channel !== undefined; channel = nextChannel(gate)) {
      order.push(channel.index)
      recycle(gate, channel)
      rotate(gate, channel)
    }
    expect(order).toEqual([2, 0, 2])
    expect(gate.available).toEqual([])
  })

  it('polls channels first in which something has priority, and goes on behind it where it was', () => {
    const gate = gateOf(3, 0)
    const barrier = (channel: number): BufferMessage => ({
      ...{ kind: 'buffer', channel, backlog: 0, bytes: 0, elements: [] },
      event: { type: 'barrier', checkpoint: 1, options: { alignment: 'UNALIGNED' } },
    })
    for (const channel of [0, 1]) receive(gate, data(channel))
    const [, half] = gate.channels
    if (half === undefined) throw new Error('no channel')
    // The first of its elements has been read.
    half.position = 1
    for (const channel of [1, 2]) receive(gate, barrier(channel))
    const order: string[] = []
    for (let channel = nextChannel(gate); channel !== undefined; channel = nextChannel(gate)) {
      order.push(`${channel.queue[0]?.event?.type ?? 'data'} of ${channel.index} at ${channel.position}`)
      recycle(gate, channel)
      rotate(gate, channel)
    }
    expect(order).toEqual(['barrier of 1 at 1', 'barrier of 2 at 0', 'data of 0 at 0', 'data of 1 at 1'])
  })

  it('takes credit for data and none for events', () => {
    const gate = gateOf(1, 0)
    receive(gate, data(0))
    receive(gate, { kind: 'buffer', channel: 0, backlog: 0, bytes: 0, elements: [], event: { type: 'end-of-data' } })
    expect(gate.channels[0]?.credit).toBe(1)
  })

  it('borrows floating buffers for what waits at the sender, as long as there are some', () => {
    const gate = gateOf(2, 3)
    receive(gate, data(0, 3))
    // One of two exclusive buffers is filled: two more are wanted for a backlog of three.
    expect(gate.channels[0]).toMatchObject({ credit: 1, unannounced: 2, floating: 2 })
    receive(gate, data(1, 9))
    expect(gate.channels[1]).toMatchObject({ credit: 1, unannounced: 1, floating: 1 })
    expect(gate.floating).toBe(0)
  })

  it('gives a borrowed buffer back before its own', () => {
    const gate = gateOf(1, 1)
    receive(gate, data(0, 5))
    const channel = nextChannel(gate)
    if (channel === undefined) throw new Error('nothing to read')
    expect(channel.floating).toBe(1)
    recycle(gate, channel)
    expect(gate.floating).toBe(1)
    expect(channel).toMatchObject({ floating: 0, position: 0 })
  })

  it('never borrows for a local channel, which hands over one buffer at a time', () => {
    const gate = gateOf(1, 5, true)
    receive(gate, data(0, 5))
    expect(gate.channels[0]).toMatchObject({ exclusive: 1, credit: 0, unannounced: 0, floating: 0 })
    expect(gate.floating).toBe(5)
  })

  it("keeps a buffer as it came, but where an audit has frozen it: what is read is the reader's own", () => {
    const frozen = { ...data(0), elements: [Object.freeze({ id: 1, value: Object.freeze({ list: Object.freeze([1]) }), timestamp: 0 })] }
    for (const message of [data(0), Object.freeze(frozen)]) {
      const gate = gateOf(1, 0)
      receive(gate, message)
      const [own] = gate.channels[0]?.queue ?? []
      expect(own === message).toBe(!Object.isFrozen(message))
      expect(own).toEqual(message)
      expect(
        [own, own?.elements[0], own?.elements[0]?.value].map((part) => Object.isFrozen(part) && typeof part === 'object'),
      ).not.toContain(true)
    }
  })

  it('takes nothing from a channel that has ended', () => {
    const gate = gateOf(1, 0)
    const [channel] = gate.channels
    if (channel !== undefined) channel.ended = true
    receive(gate, data(0))
    expect(nextChannel(gate)).toBeUndefined()
  })
})
