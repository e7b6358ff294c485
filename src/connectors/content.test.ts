import { expect, it } from 'vitest'
import { OperatorHarness } from '../engine/operators/operator-harness.js'
import { sourceOperator } from '../engine/operators/source-operator.js'
import { collectionSource } from './collection-source.js'
import { recordsOf } from './content.js'

/** A function of any type that returns a promise. */
const later = (): never => Promise.resolve(1) as never

it('content that is a promise is refused, wherever it is asked for', () => {
  expect(() => recordsOf(later, 'a', 1)).toThrow('content: a function returned a promise')
  const source = new OperatorHarness(sourceOperator(collectionSource({ splits: ['a'], perSplit: 1, content: later }), 0))
  source.event({ type: 'add-splits', splits: [{ split: 'a', offset: 0 }] })
  expect(() => source.poll()).toThrow('content: a function returned a promise')
})
