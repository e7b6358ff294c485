import { describe, expect, it } from 'vitest'
import { heardBy, pair, sends } from '../../../test/world/explored-pair.js'
import { agreement, twoPhaseCommit } from '../../../test/world/two-phase-commit.js'
import { friends, note, noteTaker, type Script } from '../../world/fixtures/note-taker.js'
import { World } from '../../world/index.js'
import { exploreWorld, replayPath, type Exploration } from '../index.js'
import { withFewerSwitches } from './fewer-switches.js'
import { nameOf, stepNames, takeNamed } from './named-steps.js'
import { Successors } from './successors.js'
import { unfoldedWay } from './unfold-way.js'

describe('steps by their names', () => {
  it('are each found again, also where several are called the same', () => {
    const exploration = { build: pair({ onStart: sends(['a', 0], ['a', 1], ['b', 1]) }) }
    const successors = new Successors(exploration)
    const [set] = successors.roots()
    if (set?.state === undefined) throw new Error('it is set up')
    const names = stepNames(successors, set.state)
    expect(names).toEqual([
      { action: 'sender -> receiver: {"kind":"note","word":"a"}', answers: [] },
      { action: 'sender -> receiver: {"kind":"note","word":"a"}', answers: [], nth: 1 },
    ])
    const ends = names.map((name) => takeNamed(successors, set.state, name)?.action)
    expect(ends).toEqual(successors.actions(set.state))
    expect(takeNamed(successors, set.state, { action: 'nothing of the kind', answers: [] })).toBeUndefined()
    expect(takeNamed(successors, undefined, nameOf(successors, undefined, set))?.state).toBeDefined()
  })
})

describe('a way with fewer switches', () => {
  it('has the same steps and the same end, and lets each go on with what it is doing', () => {
    const build = (options: ConstructorParameters<typeof World>[0]): World => {
      const world = new World(options)
      const process = world.process('all')
      const count: Script = {
        onStart: (_, context) => {
          context.timer('tick', 10)
        },
        onWorld: (_, context, { durable }) => {
          if (durable.kept.length < 2) context.timer('tick', 10)
        },
      }
      for (const name of ['one', 'other']) world.add(process, noteTaker(count), name, friends())
      world.start(process)
      return world
    }
    const inspect = (_: World, terminal: boolean) => (terminal ? 'it ends' : undefined)
    const way = (actors: string) => [
      { action: 'set up', answers: [] },
      ...[...actors].map((actor) => ({ action: `${actor === '1' ? 'one' : 'other'}: timer tick`, answers: [] })),
    ]
    const { path } = withFewerSwitches({ build, inspect }, { reason: 'it ends', path: way('1212') })
    expect(path).toEqual(way('1122'))
    // What is found by a search is made easier to follow, too, and is as long as it was.
    const { violation } = exploreWorld({ build, inspect })
    if (violation === undefined) throw new Error('it ends')
    expect([way('1122'), way('2211')]).toContainEqual(withFewerSwitches({ build, inspect }, violation).path)
  })

  it('is left alone where the order matters', () => {
    const build = pair({ onStart: sends(['a', 0], ['b', 0]) })
    const inspect = (world: World) => (heardBy(world, 0).kept.join() === 'a,b' ? 'both' : undefined)
    const { violation } = exploreWorld({ build, inspect })
    if (violation === undefined) throw new Error('both are heard')
    expect(withFewerSwitches({ build, inspect }, violation)).toEqual(violation)
  })
})

describe('an unfolded way', () => {
  it('takes each delivery as a step of its own, and ends in the same', () => {
    const answering: Script = {
      onNote: ({ word }, context, { durable: { friends: others } }) => {
        for (const other of others) if (word !== 'thanks') context.send(other, note('thanks'))
      },
    }
    const build = pair({ onStart: sends(['a', 0], ['b', 0]) }, answering)
    const kept = { build, inspect: (world: World, terminal: boolean) => (terminal ? heardBy(world, 0).kept.join() : undefined) }
    const folded = { ...kept, eager: () => true }
    const { violation } = exploreWorld(folded)
    expect(violation?.path).toHaveLength(1)
    const way = unfoldedWay(folded, violation?.path ?? [], kept)
    expect(way?.map(({ action }) => action)).toEqual([
      'set up',
      'sender -> receiver: {"kind":"note","word":"a"}',
      'sender -> receiver: {"kind":"note","word":"b"}',
    ])
    expect(replayPath(kept, way ?? [])).toEqual({ reason: violation?.reason, steps: 3 })
  })

  it('takes each restart as a step of its own', () => {
    const build = pair({ onStart: sends(['a', 0]) })
    const kept = {
      build,
      budgets: { crashes: 2 },
      inspect: (world: World) => (heardBy(world, 0).kept.length === 3 ? 'heard thrice' : undefined),
    }
    const folded = { ...kept, atomicRestart: true, eager: () => true }
    const { violation } = exploreWorld(folded)
    const crash = 'crash of process left'
    expect(violation?.path.map(({ action }) => action)).toEqual(['set up', crash, crash])
    const way = unfoldedWay(folded, violation?.path ?? [], kept)
    const heard = 'sender -> receiver: {"kind":"note","word":"a"}'
    expect(way?.map(({ action }) => action)).toEqual([
      'set up',
      heard,
      crash,
      'start of process left',
      heard,
      crash,
      'start of process left',
      heard,
    ])
    expect(replayPath(kept, way ?? [])).toEqual({ reason: 'heard thrice', steps: 8 })
  })

  it('hands the answers of a step to whoever asks', () => {
    const fold = agreement(2)
    const mistaken = (more: Partial<Exploration<ReturnType<typeof fold.init>>>) => ({
      build: (options: ConstructorParameters<typeof World>[0]) => twoPhaseCommit(options, 2, 'sends-before-it-writes'),
      budgets: { crashes: 1 },
      fold,
      ...more,
    })
    const folded = mistaken({ eager: ({ to }) => to === 0 })
    const { violation } = exploreWorld(folded)
    expect(replayPath(folded, violation?.path ?? [])).toEqual({ reason: violation?.reason, steps: violation?.path.length })
    expect(violation?.path.some(({ answers }) => answers.length > 0)).toBe(true)
    const way = unfoldedWay(folded, violation?.path ?? [], mistaken({}))
    expect(way?.length).toBeGreaterThan(violation?.path.length ?? Infinity)
    expect(replayPath(mistaken({}), way ?? []).reason).toBe(violation?.reason)
  })
})
