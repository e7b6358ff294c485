import { expect, it } from 'vitest'
import { userCodeScenario, type UserCode } from '../../test/engine/user-code-scenario.js'
import type { Word } from '../../scenarios/words.js'
import type { Value } from '../engine/index.js'
import { runExperiment, type ExperimentOptions } from './experiment.js'

/** What no checker of types knows to be a value. */
const date = new Date(0) as unknown as Value

function run(code: UserCode, options: ExperimentOptions): void {
  runExperiment({ scenario: userCodeScenario('words', code), mode: 'aligned', seed: '1', plan: [], restores: false }, options)
}

/** Keeps it under the name `seen`, and asks for it again. */
const keeping: UserCode = {
  job: (words) =>
    words
      .keyBy(({ key }) => key)
      .process<Word>({
        processElement(word, context) {
          if (context.get('seen') === undefined) context.put('seen', { first: date })
          context.collect(word)
        },
      })
      .name('Keep'),
}

/** Hands it to a task that does nothing with it. */
const sending: UserCode = {
  job: (words) =>
    words
      .map(({ key }) => ({ key, at: date as never }))
      .rebalance()
      .map((word) => word),
}

it.each([{}, { repeatSteps: true }])('names whose state holds what is not plain, and where: with %o', (options) => {
  expect(() => {
    run(keeping, options)
  }).toThrow(/^the state of Keep.* \d+\..*seen.*\.first is an instance of Date: state, messages and timers hold plain data only$/)
})

it('names the message that holds what is not plain', () => {
  expect(() => {
    run(sending, { repeatSteps: true })
  }).toThrow(/\.at is an instance of Date: state, messages and timers hold plain data only$/)
})
