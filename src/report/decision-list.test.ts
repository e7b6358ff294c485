import { assert, constantFrom, property, record, subarray, uniqueArray } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decisionList, type Case } from './decision-list.js'

function decide(rules: readonly Case[], conditions: readonly string[]): string | undefined {
  return rules.find((rule) => rule.conditions.every((condition) => conditions.includes(condition)))?.outcome
}

describe('a decision list', () => {
  it('says once what outweighs everything else', () => {
    const list = decisionList([
      { conditions: [], outcome: 'exactly-once' },
      { conditions: ['a'], outcome: 'duplicates' },
      { conditions: ['b'], outcome: 'loss' },
      { conditions: ['a', 'b'], outcome: 'loss' },
    ])
    expect(list.map(({ conditions, outcome }) => `${outcome} ${conditions.join()}`)).toEqual(['loss b', 'duplicates a', 'exactly-once '])
  })

  it('keeps combinations that come to something else, before their parts', () => {
    const list = decisionList([
      { conditions: [], outcome: 'fine' },
      { conditions: ['a'], outcome: 'fine' },
      { conditions: ['b'], outcome: 'fine' },
      { conditions: ['a', 'b'], outcome: 'loss' },
    ])
    expect(list).toEqual([
      { conditions: ['a', 'b'], outcome: 'loss' },
      { conditions: [], outcome: 'fine' },
    ])
  })

  it('gives the outcome of every case, in no more rules than there are cases', () => {
    const cases = uniqueArray(record({ conditions: subarray(['a', 'b', 'c', 'd']), outcome: constantFrom('x', 'y', 'z') }), {
      selector: ({ conditions }) => conditions.join(),
    })
    assert(
      property(cases, (all) => {
        const rules = decisionList(all)
        expect(rules.length).toBeLessThanOrEqual(all.length)
        for (const { conditions, outcome } of all) expect(decide(rules, conditions)).toBe(outcome)
      }),
    )
  })

  it('refuses two outcomes of the same conditions', () => {
    const twice = ['x', 'y'].map((outcome) => ({ conditions: ['a'], outcome }))
    expect(() => decisionList(twice)).toThrow('two cases of the same conditions')
  })
})
