import { expect, it } from 'vitest'
import type { HistoryEvent, HistoryFact } from '../history/index.js'
import { tellingEvents } from './telling-events.js'

it('a finding of no record tells its evidence and the faults, not every step of the job', () => {
  const at = { vertex: 'Op', subtask: 0, attempt: 0 }
  const facts: HistoryFact[] = [
    { kind: 'checkpoint-triggered', checkpoint: 1 },
    { kind: 'snapshot-taken', ...at, checkpoint: 1 },
    { kind: 'fault', fault: 'crash', point: 'task.notify.done', target: 'TaskManager-0' },
    { kind: 'checkpoint-aborted', checkpoint: 1, reason: 'r' },
  ]
  const history = facts.map((fact, i): HistoryEvent => ({ ...fact, seq: i + 1, t: i * 1000 }))
  const finding = { anomaly: 'stuck', rule: '', message: '', records: [], evidence: [4] } as unknown as Parameters<typeof tellingEvents>[1]
  expect(tellingEvents(history, finding).map(({ seq }) => seq)).toEqual([3, 4])
})
