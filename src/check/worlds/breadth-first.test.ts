import { describe, expect, it } from 'vitest'
import { note, type Note, type Script } from '../../world/fixtures/note-taker.js'
import { instant, UNORDERED, type Context, type World, type WorldOptions } from '../../world/index.js'
import { explore, heardBy, pair, sends } from '../../../test/world/explored-pair.js'

describe('orders', () => {
  it('are one for one lane, and all interleavings for two', () => {
    const one = explore(pair({ onStart: sends(['a', 0], ['b', 0], ['c', 0]) }))
    expect(one).toEqual({ distinct: 4, generated: 4, depth: 3, terminals: 1, exhausted: true })
    // prefixes of the six interleavings of ab and cd: 1 + 2 + 4 + 6 + 6
    const two = explore(pair({ onStart: sends(['a', 0], ['b', 0], ['c', 1], ['d', 1]) }))
    expect(two).toEqual({ distinct: 19, generated: 19, depth: 4, terminals: 6, exhausted: true })
  })

  it('are all permutations on the unordered lane, where equal messages count once', () => {
    const three = explore(pair({ onStart: sends(['a', UNORDERED], ['b', UNORDERED], ['c', UNORDERED]) }))
    expect(three).toMatchObject({ distinct: 16, terminals: 6 }) // 1 + 3 + 6 + 6
    expect(explore(pair({ onStart: sends(['a', UNORDERED], ['a', UNORDERED]) }))).toMatchObject({ distinct: 3, generated: 4, terminals: 1 })
  })

  it('merge where content is equal', () => {
    // the receiver only counts: (2 + 1) * (2 + 1) states of two links
    const forget: Script = { onNote: (_, __, state) => (state.volatile.heard.length = state.durable.kept.length = 0) }
    expect(explore(pair({ onStart: sends(['a', 0], ['a', 0], ['a', 1], ['a', 1]) }, forget)).distinct).toBe(9)
  })
})

describe('timers', () => {
  const twoTimers: Script = {
    onStart: (_, context) => {
      context.timer('long', 900)
      context.timer('short', 30)
    },
  }

  it('fire in any order, unless they are taken in order', () => {
    expect(explore(pair(twoTimers))).toMatchObject({ distinct: 5, terminals: 2 })
    expect(explore(pair(twoTimers), { timersInOrder: true })).toMatchObject({ distinct: 3, terminals: 1 })
  })

  it('are taken in order only where it is sure: a short one armed later may be due later', () => {
    const later: Script = {
      onStart: (_, context) => context.timer('long', 900),
      onNote: (_, context) => context.timer('short', 30),
    }
    const build = pair(
      {
        onStart: (durable, context) => {
          sends(['go', 0])(durable, context)
        },
      },
      later,
    )
    const orders = new Set<string>()
    const inspect = (world: World, terminal: boolean) => {
      if (terminal) orders.add(heardBy(world, 0).kept.join())
      return undefined
    }
    explore(build, { timersInOrder: true, inspect })
    expect(orders).toEqual(new Set(['timer long,go,timer short', 'go,timer long,timer short', 'go,timer short,timer long']))
  })

  it('without a budget may go on for ever in a few states', () => {
    const forget: Script = {
      onStart: (_, context) => context.timer('tick', 10),
      onWorld: (_, context, state) => {
        state.volatile.heard.length = state.durable.kept.length = 0
        context.timer('tick', 10)
      },
    }
    expect(explore(pair(forget))).toMatchObject({ distinct: 1, generated: 2, terminals: 0, exhausted: true })
  })

  it('in order make states that differ in who waits for whom', () => {
    const forget: Script = {
      onNote: ({ word }, context, state) => {
        state.volatile.heard.length = state.durable.kept.length = 0
        context.timer(word, word === 'long' ? 900 : 30)
      },
      onWorld: (_, __, state) => (state.volatile.heard.length = state.durable.kept.length = 0),
    }
    const build = pair({ onStart: sends(['long', 0], ['short', 1]) }, forget)
    // each is waiting, armed or gone; when both are armed, it matters which was armed first
    expect(explore(build).distinct).toBe(9)
    expect(explore(build, { timersInOrder: true }).distinct).toBe(10)
  })

  it('fire as often as their budget allows, and then hold up nobody', () => {
    const periodic: Script = {
      onStart: (_, context) => {
        context.timer('tick', 10)
        context.timer('end', 500)
      },
      onWorld: (message, context) => {
        if (message.kind === 'timer' && message.name === 'tick') context.timer('tick', 10)
      },
    }
    const result = explore(pair(periodic), { budgets: { timers: { tick: 2 } } })
    expect(result).toMatchObject({ distinct: 9, terminals: 3, exhausted: true })
    expect(explore(pair(periodic), { budgets: { timers: { tick: 2 } }, timersInOrder: true })).toMatchObject({ terminals: 2 })
    expect(explore(pair(periodic), { budgets: { timers: { tick: 0 } }, timersInOrder: true })).toMatchObject({ distinct: 2, terminals: 1 })
  })

  it('tell no states apart when they never fire, however long they would take', () => {
    const phased: Script = {
      onStart: (_, context) => {
        context.timer('scan', 10 * (1 + context.choose('phase', 4)))
      },
    }
    expect(explore(pair(phased))).toMatchObject({ distinct: 5 })
    expect(explore(pair(phased), { budgets: { timers: { scan: 0 } } })).toMatchObject({ distinct: 1, terminals: 1 })
    expect(explore(pair(phased), { budgets: { timers: { scan: 0 }, reserves: { scan: 1 } } }).distinct).toBe(5)
  })
})

describe('lazy timers', () => {
  const retrying: Script = {
    onStart: (_, context) => {
      context.timer('again', 10)
    },
    onWorld: (message, context, state) => {
      if (message.kind === 'timer' && state.durable.kept.length < 3) context.timer('again', 10)
    },
  }

  it('fire where nothing else can happen, and as often as they are armed', () => {
    const build = pair(retrying, {})
    const orders = new Set<string>()
    const inspect = (world: World, terminal: boolean) => {
      if (terminal) orders.add(heardBy(world, 0).kept.join())
      return undefined
    }
    const busy = pair({
      onStart: (durable, context) => (sends(['a', 0], ['b', 0])(durable, context), retrying.onStart?.(durable, context)),
    })
    expect(explore(build).distinct).toBe(explore(build, { budgets: { lazyTimers: ['again'] } }).distinct)
    expect(explore(busy).distinct).toBeGreaterThan(explore(busy, { budgets: { lazyTimers: ['again'] } }).distinct)
    explore(busy, { budgets: { lazyTimers: ['again'] }, inspect })
    expect([...orders]).toEqual(['a,b'])
  })
})

describe('time', () => {
  /** Asks at each note whether its time has elapsed, since an instant that the first word, and each `again`, sets anew. */
  const asking: Script = {
    onNote: ({ word }, context, state) => {
      const { kept } = state.durable
      const since = kept.findLast((text) => text.startsWith('since '))
      if (since === undefined || word === 'again') kept.push(`since ${String(context.now())}`)
      else kept.push(`${word} ${context.elapsed(instant(Number(since.slice(6))), Number(word), 'wait') ? 'over' : 'not yet'}`)
    },
  }
  const answersTo = (...words: readonly string[]): Set<string> => {
    const ends = new Set<string>()
    const inspect = (world: World, terminal: boolean) => {
      if (terminal)
        ends.add(
          heardBy(world, 0)
            .kept.filter((text) => text.includes(' '))
            .join(),
        )
      return undefined
    }
    explore(pair({ onStart: sends(...words.map((word) => [word, 0] as const)) }, asking), { inspect })
    return ends
  }

  it('does not go back: what has elapsed stays so, and with it what is shorter', () => {
    expect(answersTo('start', '9', '9')).toEqual(
      new Set(['since 0,9 not yet,9 not yet', 'since 0,9 not yet,9 over', 'since 0,9 over,9 over']),
    )
    expect(answersTo('start', '9', '5')).toContain('since 0,9 over,5 over')
    expect(answersTo('start', '9', '5')).not.toContain('since 0,9 over,5 not yet')
    expect(answersTo('start', '5', '9')).toContain('since 0,5 over,9 not yet')
  })

  it('begins anew with a new instant', () => {
    expect(answersTo('start', '9', 'again', '9')).toEqual(
      new Set([
        'since 0,9 not yet,since 0,9 not yet',
        'since 0,9 not yet,since 0,9 over',
        'since 0,9 over,since 1,9 not yet',
        'since 0,9 over,since 1,9 over',
      ]),
    )
  })

  it('is part of the state, also where nothing else shows what has elapsed', () => {
    const silent: Script = {
      onNote: (_, context, state) => {
        state.volatile.heard.length = state.durable.kept.length = 0
        context.elapsed(instant(0), 9, 'wait')
      },
    }
    expect(explore(pair({ onStart: sends(['a', 0]) }, silent)).distinct).toBe(3)
  })
})

describe('processes', () => {
  it('that were never started stay so', () => {
    const build = (options: WorldOptions) => {
      const world = pair({})(options)
      world.process('spare')
      return world
    }
    expect(explore(build)).toMatchObject({ distinct: 1, terminals: 1 })
  })
})

describe('budgets', () => {
  it('are part of the state, also where nothing else shows what was spent', () => {
    const script: Script = { onStart: (_, context) => void context.fails('f') }
    expect(explore(pair(script), { budgets: { failures: 1 } }).distinct).toBe(2)
  })

  it('are part of the state: what has used less can do more', () => {
    const silent = explore(pair({}), { budgets: { crashes: 3 }, mayCrash: (process) => process === 'left' })
    expect(silent).toMatchObject({ distinct: 7, exhausted: true })
  })
})

describe('eager links', () => {
  it('are emptied within the step', () => {
    const echo: Script = { onStart: sends(['ping', 0], ['ping', 1]) }
    expect(explore(pair(echo), { eager: () => true })).toMatchObject({ distinct: 1, terminals: 1 })
    expect(explore(pair(echo), { eager: ({ lane }) => lane === 1 })).toMatchObject({ distinct: 2 })
  })

  it('that never come to rest are a defect', () => {
    const forever: Script = {
      onStart: (_, context) => {
        context.send(context.self as never, note('again'))
      },
      onNote: (_, context, state) => {
        state.volatile.heard.length = state.durable.kept.length = 0
        context.send(context.self as never, note('again'))
      },
    }
    expect(explore(pair(forever), { eager: () => true, checkTwice: false }).violation?.reason).toContain(
      'more than 100000 eager deliveries',
    )
  })
})

describe('verdicts', () => {
  const threeWords = pair({ onStart: sends(['a', 0], ['b', 1], ['c', 1]) })

  it('come with a shortest way to them', () => {
    const inspect = (world: World) => (heardBy(world, 0).kept.includes('c') ? 'c was heard' : undefined)
    const { violation, exhausted } = explore(threeWords, { inspect })
    expect(exhausted).toBe(false)
    expect(violation).toEqual({
      reason: 'c was heard',
      path: [
        { action: 'set up', answers: [] },
        { action: 'sender -> receiver: {"kind":"note","word":"b"}', answers: [] },
        { action: 'sender -> receiver: {"kind":"note","word":"c"}', answers: [] },
      ],
    })
  })

  it('know which states are terminal', () => {
    const inspect = (world: World, terminal: boolean) => (terminal === heardBy(world, 0).kept.length < 3 ? 'wrong' : undefined)
    expect(explore(threeWords, { inspect }).violation).toBeUndefined()
  })

  it('of a fold see the facts of each way apart, and its state tells states apart', () => {
    const script: Script = {
      onNote: ({ word }, context, state) => {
        state.volatile.heard.length = state.durable.kept.length = 0
        context.record?.({ kind: word })
      },
    }
    const build = pair({ onStart: sends(['a', 0], ['b', 1]) }, script)
    const last = {
      init: () => ({ last: '' }),
      step: (state: { last: string }, fact: { readonly kind: string }) => {
        state.last = fact.kind
      },
      verdict: () => undefined,
    }
    expect(explore(build).distinct).toBe(4)
    expect(explore(build, { fold: last }).distinct).toBe(5)
    const never = { ...last, verdict: ({ last: word }: { last: string }) => (word === 'b' ? 'b came last' : undefined) }
    expect(explore(build, { fold: never }).violation?.path).toHaveLength(2)
  })
})

describe('bounds', () => {
  it('end an exploration that has not seen everything', () => {
    const endless: Script = {
      onStart: (_, context) => {
        context.timer('tick', 1)
      },
      onWorld: (_, context) => {
        context.timer('tick', 1)
      },
    }
    const result = explore(pair(endless), { maxStates: 50 })
    expect(result).toMatchObject({ distinct: 50, exhausted: false })
    expect(result.violation).toBeUndefined()
  })
})

describe('code under test', () => {
  it('that is not deterministic is named', () => {
    let count = 0
    const script: Script = {
      onNote: (_, __, state) => {
        if (++count > 3) state.durable.kept.push(`call ${count}`)
      },
    }
    const { violation } = explore(pair({ onStart: sends(['a', 0], ['b', 0]) }, script))
    expect(violation?.reason).toBe('not deterministic when repeated: state of receiver (note-taker)')
    expect(violation?.path.at(-1)?.action).toBe('sender -> receiver: {"kind":"note","word":"b"}')
    count = 0
    expect(explore(pair({ onStart: sends(['a', 0], ['b', 0]) }, script), { checkTwice: false }).violation).toBeUndefined()
  })

  it.each([
    [
      'messages of sender (note-taker)',
      (context: Context, to: Note, count: number) => {
        context.send(0 as never, note(String(count)))
        return to
      },
    ],
    [
      'timers of sender (note-taker)',
      (context: Context, to: Note, count: number) => {
        context.timer('tick', count)
        return to
      },
    ],
    [
      'what is asked or recorded',
      (context: Context, to: Note, count: number) => {
        if (count % 2 === 0) context.choose('extra', 2)
        return to
      },
    ],
  ])('that is not deterministic in %s is named', (where, act) => {
    let count = 0
    const build = pair({
      onStart: (_, context) => {
        context.timer('go', 1)
      },
      onWorld: (_, context) => {
        act(context, note(''), ++count)
      },
    })
    expect(explore(build, { maxStates: 20 }).violation?.reason).toBe(`not deterministic when repeated: ${where}`)
  })

  it('that throws is a violation with its way', () => {
    const build = pair(
      { onStart: sends(['a', 0], ['boom', 0]) },
      {
        onNote: ({ word }) => {
          if (word === 'boom') throw new RangeError('no such thing')
        },
      },
    )
    const { violation } = explore(build)
    expect(violation?.reason).toBe('the step failed: RangeError: no such thing')
    expect(violation?.path.map(({ action }) => action)).toEqual([
      'set up',
      'sender -> receiver: {"kind":"note","word":"a"}',
      'sender -> receiver: {"kind":"note","word":"boom"}',
    ])
  })

  it('that throws when it is set up is a violation of one step', () => {
    const { violation } = explore(
      pair({
        onStart: () => {
          throw new Error('no')
        },
      }),
    )
    expect(violation).toEqual({ reason: 'the step failed: Error: no', path: [{ action: 'set up', answers: [] }] })
  })
})

describe('set-up', () => {
  it('may ask questions like any step', () => {
    const { distinct, terminals } = explore(
      pair({
        onStart: (durable, context) => {
          durable.kept.push(String(context.choose('how', 3)))
        },
      }),
    )
    expect([distinct, terminals]).toEqual([3, 3])
  })
})
