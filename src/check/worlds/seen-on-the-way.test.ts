import { describe, expect, it } from 'vitest'
import { pair, sends } from '../../../test/world/explored-pair.js'
import { friends, noteTaker, type Script } from '../../world/fixtures/note-taker.js'
import { actorRef } from '../../world/index.js'
import { exploreWorld, type Exploration, type SavedSearch } from '../index.js'

/** A sender that asks for children, and a receiver that has them: each with a name of its own. */
const children = (stopsBefore: boolean): Exploration['build'] =>
  pair(
    { onStart: sends(['one', 0], ['two', 1]) },
    {
      onNote: ({ word }, context, { durable }) => {
        const [older] = durable.friends
        if (stopsBefore && older !== undefined) context.stop(older)
        durable.friends = [context.spawn(noteTaker(), `child/${word}`, friends())]
      },
    },
  )

describe('rivals', () => {
  const met = (build: Exploration['build'], more: Partial<Exploration> = {}) => {
    const seen: string[] = []
    const [of, told] = [(name: string) => name.split('/')[0], (what: string) => seen.push(what)]
    exploreWorld({ build, rivals: { of: (name) => (name.startsWith('child/') ? of(name) : undefined), met: told }, ...more })
    return seen
  }

  it('are met where two of them are alive at once, and told once', () => {
    expect(met(children(false))).toEqual(['child'])
  })

  it('are not met where the one ends in the step in which the other begins, nor where nobody is a rival', () => {
    expect(met(children(true))).toEqual([])
    expect(met(children(false), { rivals: { of: () => undefined, met: () => expect.unreachable('nobody is') } })).toEqual([])
  })
})

describe('steps', () => {
  it('are told with what is kept, what was told, and whether anything was sent', () => {
    const answering: Script = {
      onNote: ({ word }, context) => {
        if (word === 'a') context.send(actorRef(noteTaker(), 1), { kind: 'note', word: 'thanks' })
      },
    }
    const told = new Set<string>()
    exploreWorld({
      build: pair({ onStart: sends(['a', 0], ['b', 0]) }, answering),
      onStep: (volatile, message, sent) => told.add(JSON.stringify([volatile, message, sent])),
    })
    expect(told).toContain(JSON.stringify([{ heard: ['a'] }, { kind: 'note', word: 'a' }, true]))
    expect(told).toContain(JSON.stringify([{ heard: ['a', 'b'] }, { kind: 'note', word: 'b' }, false]))
    expect(told.size).toBe(3)
  })
})

describe('timers that branched', () => {
  const build = pair({
    onStart: (durable, context) => {
      sends(['a', 0])(durable, context)
      context.timer('early', 10)
    },
    onWorld: (message, context) => {
      if (message.kind === 'timer' && message.name === 'early') context.timer('alone', 10)
    },
  })

  it('are those that might have fired where something else might have happened', () => {
    expect(exploreWorld({ build }).timersBranched).toEqual(['alone', 'early'])
    // What is delivered at once competes with nothing.
    expect(exploreWorld({ build, eager: () => true }).timersBranched).toEqual([])
  })

  it('are known behind a stop, too', () => {
    const saved: SavedSearch[] = []
    exploreWorld({ build }, { askEvery: 1, goOn: ({ distinct }, save) => distinct < 4 || (saved.push(save()), false) })
    expect(saved[0]?.timers).toEqual(['early'])
    expect(exploreWorld({ build }, saved[0] && { resume: saved[0] }).timersBranched).toEqual(['alone', 'early'])
  })
})
