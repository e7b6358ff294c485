import { describe, expect, it } from 'vitest'
import { note, noteTaker, type Script } from '../../world/fixtures/note-taker.js'
import { actorRef, OUTCOMES, type World } from '../../world/index.js'
import { explore, heardBy, pair, sends } from '../../../test/world/explored-pair.js'
import type { Exploration } from './exploration.js'

describe('faults', () => {
  it('crash any process at any time and start it again, within the budget', () => {
    expect(explore(pair({}), { budgets: { crashes: 1 } })).toEqual({ distinct: 5, generated: 5, depth: 2, terminals: 3, exhausted: true })
    expect(explore(pair({}), { budgets: { crashes: 1 }, mayCrash: (process) => process === 'left' })).toMatchObject({ distinct: 3 })
    expect(explore(pair({}), { budgets: { crashes: 2 } })).toMatchObject({ distinct: 13, exhausted: true })
  })

  it('strike at failpoints, in starts as well', () => {
    const script: Script = {
      onStart: (durable, context) => {
        durable.kept.push('before')
        context.reach('here')
        durable.kept.push('after')
      },
    }
    const keptWhere = (mayCrash: (process: string) => boolean) => {
      const kept = new Set<string>()
      const inspect = (world: World) => {
        kept.add(heardBy(world, 1).kept.join())
        return undefined
      }
      explore(pair(script), { budgets: { crashes: 1 }, mayCrash, inspect })
      return kept
    }
    expect(keptWhere((process) => process === 'left')).toEqual(
      new Set(['before,after', 'before', 'before,before,after', 'before,after,before,after']),
    )
    // Which processes may crash is asked at failpoints, too.
    expect(keptWhere((process) => process === 'right')).toEqual(new Set(['before,after']))
    expect(keptWhere(() => false)).toEqual(new Set(['before,after']))
  })

  it('crash and start again in one step where that is asked for, in starts as well', () => {
    const once = { budgets: { crashes: 1 }, atomicRestart: true }
    // The states with a dead process are gone: the first one, and one behind the crash of either.
    expect(explore(pair({}), once)).toEqual({ distinct: 3, generated: 3, depth: 1, terminals: 3, exhausted: true })
    const script: Script = {
      onStart: (durable, context) => {
        durable.kept.push('before')
        context.reach('here')
        durable.kept.push('after')
      },
    }
    const kept = new Set<string>()
    const inspect = (world: World) => {
      expect(world.processes.every(({ alive }) => alive)).toBe(true)
      kept.add(heardBy(world, 1).kept.join())
      return undefined
    }
    explore(pair(script), { ...once, mayCrash: (process) => process === 'left', inspect })
    expect(kept).toEqual(new Set(['before,after', 'before,before,after', 'before,after,before,after']))
    // What is sent to the dead is lost, and nobody is dead.
    const last = (more: Partial<Exploration>) => {
      const ends = new Set<string>()
      const look = (world: World, terminal: boolean) => {
        if (terminal) ends.add(heardBy(world, 0).kept.join())
        return undefined
      }
      const relay: Script = {
        onStart: (_, context) => {
          context.timer('tick', 10)
        },
        onWorld: (_, context, { durable: { friends: others } }) => {
          for (const other of others) context.send(other, note('a'))
        },
      }
      explore(pair(relay), { budgets: { crashes: 1 }, mayCrash: (process) => process === 'right', inspect: look, ...more })
      return ends
    }
    expect([last({}), last({ atomicRestart: true })]).toEqual([new Set(['a', '']), new Set(['a', ''])])
  })

  it('lose messages that may be lost, one by one', () => {
    const build = pair({ onStart: sends(['a', 0], ['b', 0], ['keep', 0]) })
    const losable: Exploration['losable'] = (_, message) => 'word' in message && message.word !== 'keep'
    const heard = new Set<string>()
    const inspect = (world: World, terminal: boolean) => {
      if (terminal) heard.add(heardBy(world, 0).kept.join())
      return undefined
    }
    explore(build, { budgets: { losses: 1 }, losable, inspect })
    expect(heard).toEqual(new Set(['a,b,keep', 'b,keep', 'a,keep']))
  })

  it('break connections where there are some, within the budget', () => {
    const build = pair({ onStart: sends(['a', 0], ['b', 0]) })
    const inspect = (world: World, terminal: boolean) => (terminal && heardBy(world, 0).kept.length === 1 ? 'only the first' : undefined)
    const budgets = { disconnects: 1 }
    expect(explore(build, { inspect }).violation).toBeUndefined()
    expect(explore(build, { budgets, inspect, mayDisconnect: () => false }).violation).toBeUndefined()
    const { violation } = explore(build, { budgets, inspect })
    expect(violation?.path.map(({ action }) => action)).toEqual([
      'set up',
      'sender -> receiver: {"kind":"note","word":"a"}',
      'processes left and right are disconnected',
    ])
    // Without a break: 3. Broken behind none, one or two of the messages: 3 more. There is nothing to break once it is broken.
    expect(explore(build, { budgets: { disconnects: 2 } })).toMatchObject({ distinct: 6, exhausted: true })
    expect(explore(pair({}), { budgets })).toMatchObject({ distinct: 1 })
  })

  it('let a monitored peer be suspected at any time, within the budget', () => {
    const heartbeat = { intervalUs: 10, timeoutUs: 50, asks: true }
    const watching: Script = {
      onNote: (_note, context) => {
        context.monitor(actorRef(noteTaker(), 1), 0, heartbeat)
      },
    }
    const build = pair({ onStart: sends(['watch me', 0]) }, watching)
    const suspected = (world: World) => (heardBy(world, 0).kept.includes('down 1#1 silent') ? 'suspected' : undefined)
    expect(explore(build, { inspect: suspected })).toMatchObject({ distinct: 2, exhausted: true })
    const { violation } = explore(build, { budgets: { suspicions: 1 }, inspect: suspected })
    expect(violation?.path.map(({ action }) => action)).toEqual([
      'set up',
      'sender -> receiver: {"kind":"note","word":"watch me"}',
      'receiver suspects sender',
      'receiver -> receiver: {"kind":"peer-down","peer":1,"incarnation":1,"lane":0,"crashed":true,"silent":true}',
    ])
    // That is over then: a second suspicion would need another request.
    expect(explore(build, { budgets: { suspicions: 2 } })).toMatchObject({ distinct: 4, exhausted: true })
  })

  it('fail what may fail, and end calls in every way', () => {
    const ends = new Set<string>()
    const script: Script = {
      onStart: (durable, context) => {
        durable.kept.push(`${context.fails('f')} ${context.outcome('o')}`)
      },
    }
    const inspect = (world: World) => {
      ends.add(heardBy(world, 1).kept.join())
      return undefined
    }
    explore(pair(script), { budgets: { failures: 1, outcomes: 1 }, inspect })
    expect(ends.size).toBe(2 * OUTCOMES.length)
    expect(ends.size).toBe(10)
  })
})
