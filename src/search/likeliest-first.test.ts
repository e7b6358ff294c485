import { describe, expect, it } from 'vitest'
import type { HistoryEvent, HistoryFact } from '../history/index.js'
import { likeliestFirst } from './likeliest-first.js'

const at = (vertex: string, subtask = 0) => ({ vertex, subtask, attempt: 0 })
const snapshot = (checkpoint: number, vertex: string): HistoryFact => ({ kind: 'snapshot-taken', checkpoint, ...at(vertex) })

describe('causes are tried', () => {
  const facts: HistoryFact[] = [
    { kind: 'checkpoint-triggered', checkpoint: 1 },
    snapshot(1, 'Count'),
    { kind: 'checkpoint-completed', checkpoint: 1 },
    { kind: 'fault', fault: 'crash', point: 'time', target: 'TaskManager-0' },
    { kind: 'restore-chosen', checkpoint: 1 },
    { kind: 'checkpoint-triggered', checkpoint: 2 },
    snapshot(2, 'Count'),
    snapshot(2, 'Sink'),
    { kind: 'checkpoint-acknowledged', checkpoint: 2, ...at('Count') },
    { kind: 'checkpoint-completed', checkpoint: 2 },
  ]
  const events: HistoryEvent[] = facts.map((fact, i) => ({ ...fact, seq: i + 1, t: i }))
  const order = (...evidence: number[]): number[] => likeliestFirst(events, { evidence }).map(({ seq }) => seq)

  it('faults first, then what proves the violation, then what the coordinator decides, and the latest of equals', () => {
    expect(order()).toEqual([4, 10, 6, 5, 3, 1, 8, 7, 2, 9])
  })

  it('those of the checkpoints that the violation is about before those of others, and those of its subtasks before their like', () => {
    expect(order(9)).toEqual([4, 9, 10, 6, 7, 8, 5, 3, 1, 2])
    expect(order(10)).toEqual([4, 10, 6, 8, 7, 9, 5, 3, 1, 2])
  })
})
