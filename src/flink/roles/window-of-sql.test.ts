import { expect, it } from 'vitest'
import { readWindowName } from './window-name.js'

it.each([
  ['WindowAggregate(window=[TUMBLE(time_col=[ts], size=[10 min])])', { assigner: 'tumbling', time: 'event', sizeUs: 600_000_000 }],
  ['WindowAggregate(window=[SESSION(time_col=[ts], gap=[5 min])])', { assigner: 'session', time: 'event', sizeUs: 300_000_000 }],
  [
    'WindowAggregate(window=[CUMULATE(time_col=[ts], max_size=[10 min], step=[2 min])])',
    { assigner: 'sliding', time: 'event', sizeUs: 600_000_000, slideUs: 120_000_000 },
  ],
])('%s', (name, expected) => {
  expect(readWindowName(name)).toEqual(expected)
})
