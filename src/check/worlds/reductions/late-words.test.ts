/** What the dead had sent is taken first where nobody heeds it, and only there. */
import { describe, expect, it } from 'vitest'
import { agreement, twoPhaseCommit } from '../../../../test/world/two-phase-commit.js'
import { hashPlain, World, type ActorRef, type Behavior, type WorldOptions } from '../../../world/index.js'
import { exploreWorld, type Exploration, type Fold } from '../../index.js'

interface Word {
  readonly kind: 'word'
  readonly from: number
}

/** What the listener does behind the end of a speaker. */
type Ear = 'closes' | 'closes for a while' | 'stays open'

/** Hears words until a speaker is gone, and says what it has heard; perhaps it listens again some time later. */
function listener(ear: Ear): Behavior<{ open: boolean; readonly heard: number[] }, readonly number[], Word> {
  return {
    kind: 'listener',
    start: (_, context) => {
      for (const lane of [0, 1, 2]) context.watch(1 as ActorRef<never>, lane)
      return { open: true, heard: [] }
    },
    receive: ({ volatile }, message, context) => {
      if (message.kind === 'timer') volatile.open = true
      if (message.kind === 'peer-down' && ear !== 'stays open' && volatile.open) {
        volatile.open = false
        if (ear === 'closes for a while') context.timer('open', 1)
      }
      if (message.kind !== 'word' || !volatile.open) return
      volatile.heard.push(message.from)
      context.record?.({ kind: 'heard', from: message.from })
    },
    digest: (message) => hashPlain(message, 0),
  }
}

const speaker: Behavior<null, ActorRef<Word>, Word> = {
  kind: 'speaker',
  start: (_, context) => {
    context.timer('speak', 1)
    return null
  },
  receive: ({ durable: to }, message, context) => {
    if (message.kind === 'timer') for (const lane of [0, 1, 2]) context.send(to, { kind: 'word', from: lane }, lane)
  },
  digest: (message) => hashPlain(message, 0),
}

function talk(ear: Ear): (options: WorldOptions) => World {
  return (options) => {
    const world = new World(options)
    const [left, right] = [world.process('left'), world.process('right')]
    const to = world.add(right, listener(ear), 'listener', [])
    world.add(left, speaker, 'speaker', to)
    world.start(left)
    world.start(right)
    return world
  }
}

const heard: Fold<{ words: number[] }> = {
  init: () => ({ words: [] }),
  step: (state, fact) => {
    if ('from' in fact) state.words.push(Number(fact.from))
  },
  verdict: () => undefined,
  outcome: ({ words }) => words.join(),
}

function both(ear: Ear) {
  const exploration: Exploration<{ words: number[] }> = {
    build: talk(ear),
    budgets: { crashes: 1 },
    mayCrash: (process) => process === 'left',
    fold: heard,
  }
  return { all: exploreWorld(exploration), late: exploreWorld(exploration, { lateWords: true }) }
}

describe('late words', () => {
  it('are taken first where nobody heeds them any more: fewer states, the same ends', () => {
    const { all, late } = both('closes')
    expect(all.exhausted && late.exhausted).toBe(true)
    expect(late).toMatchObject({ terminals: all.terminals, outcomes: all.outcomes, sometimes: all.sometimes })
    expect(late.distinct).toBeLessThan(0.8 * all.distinct)
  })

  it('take their time where they are heeded', () => {
    const { all, late } = both('stays open')
    expect(late).toMatchObject({ exhausted: true, terminals: all.terminals, outcomes: all.outcomes })
    // Words of the dead among those of their successor.
    expect(late.outcomes).toEqual(expect.arrayContaining(['0,0,1,1,2,2', '0,2,1,0,1,2']))
  })

  it('take their time where nobody heeds them now, and somebody does later: that is learned', () => {
    const { all, late } = both('closes for a while')
    expect(late).toMatchObject({ exhausted: true, terminals: all.terminals, outcomes: all.outcomes })
    expect(late.outcomes).toContain('0,1,2')
  })

  it.each([1, 2])('leave out no end of a commit in two phases, with %i crashes', (crashes) => {
    const exploration = { build: (options: WorldOptions) => twoPhaseCommit(options, 2), budgets: { crashes }, fold: agreement(2) }
    const all = exploreWorld(exploration)
    const late = exploreWorld(exploration, { lateWords: true })
    expect(late).toMatchObject({ exhausted: true, terminals: all.terminals, outcomes: all.outcomes, sometimes: all.sometimes })
    expect(late.distinct).toBeLessThan(all.distinct)
  })

  it('find what is wrong', () => {
    const build = (options: WorldOptions) => twoPhaseCommit(options, 2, 'sends-before-it-writes')
    const exploration = { build, budgets: { crashes: 1 }, fold: agreement(2) }
    expect(exploreWorld(exploration, { lateWords: true }).violation?.reason).toBe(exploreWorld(exploration).violation?.reason)
  })

  it('are refused where something looks at whole worlds, and where a search goes on that forgot what it took', () => {
    const exploration: Exploration = { build: talk('closes'), inspect: () => undefined }
    expect(() => exploreWorld(exploration, { lateWords: true })).toThrow(/late words leave out states/)
    const { inspect: _, ...plain } = exploration
    expect(() => exploreWorld(plain, { lateWords: true, remember: false })).toThrow(/late words are chosen by remembered steps/)
  })
})
