import { describe, expect, it } from 'vitest'
import { AnsweringDriver, describeAnswers, nextPlan, type Answer } from './answering-driver.js'
import { nothingSpent } from './budgets.js'

/** Everything that `step` can come to, with the answers that led there. */
function enumerate<T>(driver: AnsweringDriver, step: () => T): T[] {
  const results: T[] = []
  for (let plan: number[] | undefined = []; plan !== undefined; plan = nextPlan(driver.answers)) {
    driver.begin(plan, nothingSpent())
    results.push(step())
  }
  return results
}

describe('plans', () => {
  it('enumerate every combination once, where later questions depend on earlier answers', () => {
    const driver = new AnsweringDriver({})
    const results = enumerate(driver, () => {
      const first = driver.choose(0, 'a', 3)
      return first === 1 ? `1${['x', 'y'][driver.choose(0, 'b', 2)] ?? ''}${driver.choose(0, 'c', 2)}` : String(first)
    })
    expect(results).toEqual(['0', '1x0', '1x1', '1y0', '1y1', '2'])
  })

  it('are one for a step that asks nothing', () => {
    expect(enumerate(new AnsweringDriver({}), () => 'done')).toEqual(['done'])
  })
})

describe('budgets', () => {
  it('are asked about until they are used up, within a step as well', () => {
    const driver = new AnsweringDriver({ crashes: 1, failures: 1, outcomes: 1 })
    expect(enumerate(driver, () => [driver.fails(0, 'f'), driver.fails(0, 'f')].map(Number).join(''))).toEqual(['00', '01', '10'])
    expect(enumerate(driver, () => Number(driver.strikes(0, 's', 'p')))).toEqual([0, 1])
    const ends = enumerate(driver, () => `${driver.outcome(0, 'o')} ${driver.outcome(0, 'o')}`)
    expect(ends).toEqual([
      'done done',
      'done failed',
      'done unknown-applied',
      'done unknown-lost',
      'done unknown-later',
      'failed done',
      'unknown-applied done',
      'unknown-lost done',
      'unknown-later done',
    ])
  })

  it('of nothing mean that nothing is asked', () => {
    const driver = new AnsweringDriver({})
    expect(enumerate(driver, () => [driver.fails(0, 'f'), driver.strikes(0, 's', 'p'), driver.outcome(0, 'o')])).toEqual([
      [false, false, 'done'],
    ])
    expect(driver.answers).toEqual([])
  })

  it('count what was spent', () => {
    const driver = new AnsweringDriver({ crashes: 2, failures: 2 })
    const spent = nothingSpent()
    driver.begin([1, 0, 1], spent)
    expect([driver.strikes(0, 's', 'p'), driver.fails(0, 'f'), driver.fails(0, 'g')]).toEqual([true, false, true])
    expect(spent).toMatchObject({ crashes: 1, failures: 1, outcomes: 0 })
  })
})

describe('time', () => {
  it('stands still, and what has elapsed is a choice', () => {
    const driver = new AnsweringDriver({})
    expect(driver.now()).toBe(0)
    expect(enumerate(driver, () => driver.elapsed(0, driver.now(), 5, 'wait'))).toEqual([false, true])
  })
})

describe('answers in words', () => {
  it('leave out that nothing happened', () => {
    const answer = (asks: Answer['asks'], value: number): Answer => ({ asks, about: 'x', of: 4, value })
    expect(describeAnswers([answer('choice', 0), answer('strike', 0), answer('outcome', 0)])).toEqual(['x = 0'])
    const kinds = ['strike', 'failure', 'loss', 'elapsed'] as const
    expect(describeAnswers([...kinds.map((asks) => answer(asks, 1)), answer('outcome', 2)])).toEqual([
      'dies at x',
      'fails at x',
      'x is lost',
      'x is over',
      'x ends unknown-applied',
    ])
  })
})
