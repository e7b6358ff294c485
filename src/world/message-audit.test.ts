import { describe, expect, it } from 'vitest'
import { ManualDriver, settle } from './fixtures/manual-driver.js'
import { friends, noteTaker, type Note } from './fixtures/note-taker.js'
import { World } from './index.js'

/** Sends the message when it starts, then does what the test says to it. */
function sendThen(message: Note, afterwards: () => void, freeze = true) {
  const world = new World({ driver: new ManualDriver(), freeze })
  const process = world.process('p')
  const to = world.add(process, noteTaker(), 'to', friends())
  const script = noteTaker({
    onStart: ({ friends: [friend] }, context) => {
      if (friend !== undefined) context.send(friend, message)
      afterwards()
    },
  })
  world.add(process, script, 'from', friends(to))
  world.start(process)
  settle(world)
  return world
}

describe('the audit of messages', () => {
  it('bites where a sender changes what it has sent', () => {
    const list = [1]
    expect(() => sendThen({ kind: 'note', word: 'w', load: list }, () => list.push(2))).toThrow(TypeError)
    const bits = Int32Array.of(1)
    expect(() => sendThen({ kind: 'note', word: 'w', load: bits }, () => bits.fill(2))).toThrow(
      'message note was changed after it was sent',
    )
  })

  it('bites where a message is not plain', () => {
    const word = { kind: 'note', word: 'w', when: new Date(0) } as const
    expect(() => sendThen(word, () => undefined)).toThrow('note.when is an instance of Date')
  })

  it('is silent where all is well, and where it is off', () => {
    const bits = Int32Array.of(1)
    expect(sendThen({ kind: 'note', word: 'w', load: bits }, () => undefined).steps).toBe(1)
    expect(sendThen({ kind: 'note', word: 'w', load: bits }, () => bits.fill(2), false).steps).toBe(1)
  })

  it('goes on in a fork', () => {
    const world = new World({ driver: new ManualDriver(), freeze: true })
    expect(world.fork(new ManualDriver()).options.freeze).toBe(true)
  })
})
