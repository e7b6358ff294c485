import { expect, it } from 'vitest'
import { configurations } from '../../../scenarios/flink-configuration.js'
import { wordCount } from '../../../scenarios/index.js'
import { wordsOf, type Word } from '../../../scenarios/words.js'
import { collectionSource, twoPhaseSink } from '../../connectors/index.js'
import { StreamExecutionEnvironment } from '../../engine/index.js'
import { emptyStore, externalStore } from '../../systems/index.js'
import type { World } from '../../world/index.js'
import type { JobSetUp, Scenario } from '../scenario.js'
import { checkScope } from './check-scope.js'
import { parseScope } from './scope.js'

const { aligned } = configurations({})

/** Words that go through user code. */
function mapping(change: (word: Word) => Word): Scenario {
  const setUp = (world: World): JobSetUp => {
    const outside = world.process('external-store')
    const store = world.add(outside, externalStore, 'external-store', emptyStore())
    const env = new StreamExecutionEnvironment(aligned.settings)
    const content = wordsOf(4)
    env
      .fromSource<Word>(collectionSource({ splits: ['w'], perSplit: 4, content, pace: { burst: 1, intervalUs: 1_000 } }), 'Words')
      .map(change)
      .name('Change')
      .disableChaining()
      .sinkTo(twoPhaseSink({ store, batch: 1 }), 'Sink')
    return {
      graph: env.build('unruly'),
      cluster: { taskManagers: 1, slots: 1 },
      outside: [{ process: outside, strikable: true }],
      observed: new Map([['Sink: Writer', ['external-store']]]),
      splits: [{ vertex: 'Source: Words', split: 'w', records: 4 }],
      configuration: aligned.values,
      settleUs: 1_000_000,
      limitUs: 60_000_000,
    }
  }
  return { ...wordCount, name: 'unruly', modes: ['aligned'], setUp }
}

function check(change: (word: Word) => Word): ReturnType<typeof checkScope> {
  const reductions = ['systems', 'inline-state', 'credits'] as const
  return checkScope({ scenario: mapping(change), mode: 'aligned', scope: parseScope('records=2'), reductions }, { states: 5_000 })
}

it('user code that keeps count in a closure is told as that, with its vertex', () => {
  let count = 0
  const { verdict, violation } = check((word) => ({ ...word, key: String(count++ % 2) }))
  expect(verdict).toBe('violated')
  expect(violation).toMatchObject({ nondeterministic: true })
  expect(violation?.reason).toMatch(
    /^not deterministic when repeated: .* of Change 1 \(task\).*; the likely cause is code that keeps state/,
  )
  expect(violation?.token).toBeUndefined()
})
