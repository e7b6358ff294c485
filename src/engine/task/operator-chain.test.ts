import { describe, expect, it } from 'vitest'
import { parseWakeUp } from './operator-chain.js'

describe('a wake-up of an operator', () => {
  it('is told by the name of its timer alone, where nobody remembers who asked for it', () => {
    expect(parseWakeUp('operator/12/kafka-retry')).toEqual({ index: 12, wakeUp: 'kafka-retry' })
    expect(parseWakeUp('operator/0/pause/1')).toEqual({ index: 0, wakeUp: 'pause/1' })
  })
})
