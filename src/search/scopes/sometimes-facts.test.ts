import { expect, it } from 'vitest'
import { SometimesFacts } from './sometimes-facts.js'

it('only a commit that is answered already is a repeated one', () => {
  const facts = new SometimesFacts()
  const commit = { kind: 'commit', vertex: 'Sink', subtask: 0, attempt: 0, transaction: 't' } as const
  facts.noteFact({ ...commit, result: 'applied' })
  expect(facts.names()).toEqual([])
  facts.noteFact({ ...commit, result: 'already' })
  expect(facts.names()).toEqual(['repeated commit answered already'])
})
