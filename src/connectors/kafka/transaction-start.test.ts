import { describe, expect, it } from 'vitest'
import { initialised, nextTransactionalId, startOf, type TransactionStart } from './transaction-start.js'

/** Ids that are asked for until the writer may begin, when those in `used` were used before. */
function asked(start: TransactionStart, used: readonly string[], subtask = 0): readonly string[] {
  const ids: string[] = []
  for (let id = nextTransactionalId(start, 'p', subtask); id !== undefined; id = nextTransactionalId(start, 'p', subtask)) {
    ids.push(id)
    initialised(start, used.includes(id) || ids.slice(0, -1).includes(id) ? 1 : 0, subtask)
  }
  return ids
}

describe('the ids that a writer asks for', () => {
  it('begins behind the restored checkpoint', () => {
    expect(asked(startOf(['p'], 3, 0, 2), [])).toEqual(['p-0-4', 'p-0-4'])
    expect(asked(startOf(['p'], 0, 0, 2), [])).toEqual(['p-0-1', 'p-0-1'])
  })

  it('walks on while ids were used, then to the subtasks that are gone, until one left nothing', () => {
    const used = ['p-1-4', 'p-1-5', 'p-3-4']
    expect(asked(startOf(['p'], 3, 1, 2), used, 1)).toEqual(['p-1-4', 'p-1-5', 'p-1-6', 'p-3-4', 'p-3-5', 'p-5-4', 'p-1-4'])
  })

  it('does the same under every prefix', () => {
    expect(asked(startOf(['p', 'old'], 3, 0, 1), ['old-0-4'])).toEqual(['p-0-4', 'old-0-4', 'old-0-5', 'old-1-4', 'p-0-4'])
  })

  it('fills the gap that an aborted checkpoint leaves', () => {
    const start = startOf(['p'], 0, 0, 1)
    asked(start, [])
    start.wanted = 4
    expect(asked(start, [])).toEqual(['p-0-2', 'p-0-3', 'p-0-4'])
  })
})
