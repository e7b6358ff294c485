import { describe, expect, it } from 'vitest'
import type { HistoryFact, HistoryHeader } from '../history/index.js'
import { at, foundBy, SIMULATED_JOB, SMALL_JOB } from './hand-made-history.js'

const created = (job: string): HistoryFact => ({ kind: 'job-status', status: 'CREATED', job })
const chosen = (checkpoint?: number): HistoryFact => ({ kind: 'restore-chosen', ...(checkpoint === undefined ? {} : { checkpoint }) })
const opens = (subtask: number, attempt: number, checkpoint?: number, vertex = 'Count'): HistoryFact => ({
  kind: 'restore',
  ...at(vertex, subtask, attempt),
  ...(checkpoint === undefined ? {} : { checkpoint }),
})
const holds = (checkpoint: number, ...counts: (readonly [string, number])[]): HistoryFact => ({
  kind: 'snapshot-taken',
  ...at('Count', 0, 0),
  checkpoint,
  content: { counts },
})
const begun = [created('j1'), chosen(), opens(0, 0), opens(1, 0)]

/** The events that prove each attempt to have opened without its state. */
function without(facts: readonly HistoryFact[], header: HistoryHeader = SMALL_JOB): (readonly number[])[] {
  const found = foundBy('restore-as-chosen', header, facts)
  return found.filter(({ message }) => message.includes('opened without its state')).map(({ evidence }) => evidence)
}

describe('an attempt that names no checkpoint although one was chosen', () => {
  it('opened without its state where another subtask was restored from it', () => {
    expect(without([...begun, chosen(1), opens(0, 1, 1), opens(1, 1)])).toEqual([[5, 6, 7]])
    expect(without([...begun, chosen(1), opens(1, 1), opens(0, 1, 1)])).toEqual([[5, 6, 7]])
    expect(without([...begun, chosen(1), opens(0, 1, 1), opens(1, 1)], SIMULATED_JOB)).toEqual([])
  })

  it('opened without its state where the operator had put some into it, and names checkpoints elsewhere', () => {
    const bare = [chosen(1), opens(0, 1)]
    const later = [chosen(2), opens(0, 2, 2)]
    expect(without([...begun, holds(1, ['a', 1]), ...bare, ...later])).toEqual([[5, 6, 7]])
    expect(without([...begun, holds(1, ['a', 1]), ...bare])).toEqual([])
    expect(without([...begun, holds(1), ...bare, ...later])).toEqual([])
    const another = [...begun, holds(1, ['a', 1]), created('j2'), chosen(1), opens(0, 0), chosen(3), opens(0, 1, 3)]
    expect(without(another)).toEqual([])
  })

  it('may have nothing to restore', () => {
    expect(without([...begun, chosen(1), opens(0, 1), opens(1, 1), opens(0, 1, 1, 'Sink')])).toEqual([])
    expect(without([...begun, chosen(), opens(0, 1), chosen(1), opens(0, 2, 1)])).toEqual([])
  })

  it('is not asked where an attempt opens both ways: two operators have its name', () => {
    expect(without([...begun, chosen(1), opens(0, 1), opens(0, 1, 1), opens(1, 1, 1)])).toEqual([])
    expect(without([...begun, chosen(1), opens(0, 1, 1), opens(0, 1), opens(1, 1)])).toEqual([])
    expect(without([...begun, chosen(1), opens(0, 1, 1), opens(1, 1), opens(1, 1)])).toEqual([[5, 6, 7]])
  })

  it('is not asked behind a later one of its subtask, nor where it is a reader that follows another one', () => {
    expect(without([...begun, opens(0, 1), chosen(1), opens(1, 1, 1), opens(0, 0)])).toEqual([])
    expect(without([...begun, chosen(1), opens(0, 1, 1, 'Src'), opens(1, 1, undefined, 'Src')])).toEqual([])
  })
})
