import { describe, expect, it } from 'vitest'
import { SystemsBench } from '../../test/systems/systems-bench.js'
import { socketServer, type SocketAnswer } from './socket-server.js'

const recordOf = (id: number) => ({ id, value: id, timestamp: id })

/** A server of one stream of seven records, asked for three at a time. */
function bench() {
  const systems = new SystemsBench()
  const streams = [{ name: 's', records: [0, 1, 2, 3, 4, 5, 6].map(recordOf), sent: 0 }]
  const server = systems.world.add(systems.process, socketServer, 'server', { streams })
  systems.start()
  const client = systems.client('client')
  const ask = (stream = 's'): SocketAnswer | undefined => {
    const asked = client.ask<SocketAnswer, never>(server, (caller) => ({ kind: 'take-next', caller, stream, max: 3 }) as never)
    systems.run(1_000)
    return asked.answers[0]
  }
  return { systems, ask }
}

const sent = (offset: number, ids: readonly number[], end: boolean) => ({
  type: 'sent',
  stream: 's',
  offset,
  records: ids.map(recordOf),
  end,
})

describe('a socket server', () => {
  it('sends each record once, in order, and says when nothing will follow', () => {
    const { ask } = bench()
    expect([ask(), ask(), ask(), ask()]).toEqual([
      sent(0, [0, 1, 2], false),
      sent(3, [3, 4, 5], false),
      sent(6, [6], true),
      sent(7, [], true),
    ])
  })

  it('does not know what it does not have', () => {
    expect(bench().ask('other')).toEqual({ type: 'refused', stream: 'other' })
  })

  it('keeps what it could not send', () => {
    const { systems, ask } = bench()
    systems.script.set('socket.take', ['failed', 'unknown-lost'])
    expect([ask(), ask(), ask()]).toEqual([{ type: 'refused', stream: 's' }, { type: 'timeout', stream: 's' }, sent(0, [0, 1, 2], false)])
  })

  it('has lost what it sent and nobody got', () => {
    const { systems, ask } = bench()
    systems.script.set('socket.take', ['unknown-applied'])
    expect([ask(), ask()]).toEqual([{ type: 'timeout', stream: 's' }, sent(3, [3, 4, 5], false)])
  })

  it('goes on where it was when it is started again', () => {
    const { systems, ask } = bench()
    ask()
    systems.world.crash(systems.process)
    systems.start()
    expect(ask()).toEqual(sent(3, [3, 4, 5], false))
  })
})
