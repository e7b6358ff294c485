import { expect, it } from 'vitest'
import { effectiveConfiguration, valueInForce } from './effective-configuration.js'
import { readFlinkConf } from './flink-conf.js'
import { readSetOption } from './set-option.js'

it('a line without a key is ignored with a warning', () => {
  const { entries, warnings } = readFlinkConf(': 5\n', 'flink-conf.yaml')
  expect(entries).toEqual([])
  expect(warnings).toEqual([expect.stringMatching(/^flink-conf\.yaml:1:1: Flink ignores this line/)])
})

it('the default restart strategy is told with what it follows from', () => {
  const told = (...texts: string[]) => valueInForce(effectiveConfiguration(texts.map(readSetOption)), 'restart-strategy.type')?.value
  expect(told()).toMatch(/^none \(checkpointing is off\)$/)
  expect(told('execution.checkpointing.interval=10 s')).toBe('exponential-delay (checkpointing is on)')
})
