import { describe, expect, it } from 'vitest'
import { friends, note, noteTaker, type Script } from './fixtures/note-taker.js'
import { TimedDriver, UNORDERED, World, type Interference } from './index.js'

const harmless: Interference = { strikes: () => false, fails: () => false, outcome: () => 'done', transit: () => 0 }

/** What a receiver hears, and when: ten words on each of two lanes, sent at once, and its own clock a millisecond later. */
function heardWith(interference: Interference, seed: string) {
  const heard: { readonly word: string; readonly at: number }[] = []
  let clock: number | undefined
  let elapsed: boolean | undefined
  const driver = new TimedDriver({ seed, latency: () => ({ minUs: 10, maxUs: 90 }), interference })
  const world = new World({ driver })
  const [left, right] = [world.process('left'), world.process('right')]
  const script: Script = {
    onNote: ({ word }, context) => {
      heard.push({ word, at: driver.now() })
      clock ??= context.now() - driver.now()
      elapsed ??= context.elapsed(driver.now(), 1000, 'a millisecond')
    },
  }
  const to = world.add(right, noteTaker(script), 'receiver', friends())
  const sender = noteTaker({
    onStart: ({ friends: [receiver] }, context) => {
      if (receiver === undefined) return
      for (let i = 0; i < 10; i++) for (const lane of [0, 1]) context.send(receiver, note(`${String(lane)}-${String(i)}`), lane)
      context.send(receiver, note('loose'), UNORDERED)
    },
  })
  world.add(left, sender, 'sender', friends(to))
  world.start(right)
  world.start(left)
  while (driver.next(world));
  return { heard, clock, elapsed, hash: world.traceHash() }
}

describe('equal times', () => {
  const runs = Array.from({ length: 20 }, (_, seed) => heardWith({ ...harmless, gridUs: 100 }, String(seed)))

  it('are multiples of the grid', () => {
    for (const { heard } of runs) expect(heard.every(({ at }) => at > 0 && at % 100 === 0)).toBe(true)
  })

  it('come in either order, and lanes keep theirs', () => {
    const firsts = new Set(runs.map(({ heard }) => heard[0]?.word))
    expect(firsts).toEqual(new Set(['0-0', '1-0', 'loose']))
    for (const { heard } of runs)
      for (const lane of ['0', '1']) {
        const words = heard.map(({ word }) => word).filter((word) => word.startsWith(`${lane}-`))
        expect(words).toEqual(Array.from({ length: 10 }, (_, i) => `${lane}-${String(i)}`))
      }
  })

  it('are drawn from the seed alone', () => {
    expect(heardWith({ ...harmless, gridUs: 100 }, '3').hash).toBe(runs[3]?.hash)
    expect(heardWith(harmless, '3').hash).not.toBe(runs[3]?.hash)
  })
})

describe('clocks', () => {
  it('show the time where nothing else is said', () => {
    expect(heardWith(harmless, '1')).toMatchObject({ clock: 0, elapsed: false })
  })

  it('of one process may be ahead or behind, and shift no step', () => {
    const ahead = heardWith({ ...harmless, ahead: () => 1000 }, '1')
    expect(ahead).toMatchObject({ clock: 1000, elapsed: true })
    expect(heardWith({ ...harmless, ahead: () => -1000 }, '1')).toMatchObject({ clock: -1000, elapsed: false })
    expect(ahead.hash).toBe(heardWith(harmless, '1').hash)
  })
})
