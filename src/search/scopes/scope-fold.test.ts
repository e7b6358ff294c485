import { describe, expect, it } from 'vitest'
import type { HistoryFact } from '../../history/index.js'
import { scopeFold } from './scope-fold.js'
import { SometimesFacts } from './sometimes-facts.js'

const at = (attempt: number) => ({ vertex: 'Sink', subtask: 0, attempt })
const job = (status: 'RUNNING' | 'FINISHED'): HistoryFact => ({ kind: 'job-status', status })
const seen: HistoryFact = { kind: 'visible', vertex: 'Sink', at: 'log', id: 'a' }
const behind: readonly HistoryFact[] = [
  { kind: 'transaction-begun', transaction: 't', ...at(1) },
  { kind: 'abort', transaction: 't', why: 'lingering', ...at(0) },
]

/** What is wrong where nothing can happen any more: one record is owed, exactly once. */
function verdict(facts: readonly HistoryFact[]): string | undefined {
  const outputs = [{ sink: 'Sink', at: 'log', guarantee: 'exactly-once' as const, records: ['a'] }]
  const listener = { sometimes: new SometimesFacts(), ended: () => undefined }
  const fold = scopeFold({ outputs, places: [], positioned: true, operators: [], committers: [] }, 'aligned', listener)
  const state = fold.init()
  for (const fact of facts) fold.step(state, fact, 0 as never)
  return fold.verdict(state, true)
}

describe('an attempt that opens its writer behind its successor', () => {
  it('may cost records: elsewhere they are lost', () => {
    expect(verdict([...behind, job('FINISHED')])).toBeUndefined()
    expect(verdict([job('FINISHED')])).toMatch(/^lost/)
  })

  it('excuses no repetitions, and no job that has no end', () => {
    expect(verdict([...behind, seen, seen, job('FINISHED')])).toMatch(/^duplicated/)
    expect(verdict([...behind, job('RUNNING')])).toMatch(/^stuck/)
  })
})
