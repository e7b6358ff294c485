import { expect, it } from 'vitest'
import { lastingUs } from './fault.js'
import { crash, delay, exception, overtake, pause, slow } from './plan-builder.js'

it('a fault lasts as long as it is down, stopped, slow or held back', () => {
  expect(lastingUs(pause('TaskManager-0', 7).atTime(1))).toBe(7)
  expect(lastingUs(slow('storage', { from: 10, until: 30, extraUs: 5 }))).toBe(25)
  expect(lastingUs(delay('acknowledge', 9))).toBe(9)
  expect(lastingUs(overtake('acknowledge', 8))).toBe(8)
  expect(lastingUs(crash('*', 11).atTime(1))).toBe(11)
  expect(lastingUs(exception('task.record'))).toBe(0)
})
