import { describe, expect, it } from 'vitest'
import { friends, note, noteTaker, type Script } from './fixtures/note-taker.js'
import { TimedDriver, UNORDERED, World, type Lane } from './index.js'

/** Three notes on one lane, one on another, and a timer of the receiver; what the receiver hears, with times. */
function hears(meddle: (driver: TimedDriver) => void, lane: Lane = 0): readonly string[] {
  const heard: string[] = []
  const driver = new TimedDriver({
    seed: 'postpone',
    latency: (_from, _to, on) => ({ minUs: on === 1 ? 50 : 10, maxUs: on === 1 ? 50 : 10 }),
  })
  const world = new World({ driver })
  const [left, right] = [world.process('left'), world.process('right')]
  const sending: Script = {
    onStart: ({ friends: [to] }, context) => {
      if (to === undefined) return
      for (const word of ['a', 'b', 'c']) context.send(to, note(word), lane)
      context.send(to, note('other'), 1)
    },
  }
  const to = world.add(right, noteTaker({ onNote: ({ word }) => heard.push(`${word} ${String(driver.now())}`) }), 'receiver', friends())
  world.add(left, noteTaker(sending), 'sender', friends(to))
  world.start(right)
  world.start(left)
  driver.plan({ kind: 'crash', process: right }, 70)
  meddle(driver)
  while (driver.next(world));
  return [...heard, world.isAlive(right) ? 'alive' : 'dead']
}

describe('what is due next', () => {
  it('can be made to wait, and what stands behind it on its lane with it', () => {
    expect(hears(() => {})).toEqual(['a 10', 'b 10', 'c 10', 'other 50', 'dead'])
    expect(hears((driver) => driver.postpone(60))).toEqual(['other 50', 'a 60', 'b 60', 'c 60', 'dead'])
    expect(hears((driver) => driver.postpone(5))).toEqual(['a 10', 'b 10', 'c 10', 'other 50', 'dead'])
  })

  it('waits alone where there is no order', () => {
    expect(hears((driver) => driver.postpone(60), UNORDERED)).toEqual(['b 10', 'c 10', 'other 50', 'a 60', 'dead'])
  })

  it('never hits when it is a strike that is withdrawn; nothing else can be withdrawn', () => {
    const strikeFirst = (driver: TimedDriver): void => {
      driver.plan({ kind: 'crash', process: 1 }, 0)
      driver.withdraw()
    }
    expect(hears(strikeFirst)).toEqual(hears(() => {}))
    expect(hears((driver) => driver.withdraw())).toEqual(hears(() => {}))
  })
})
