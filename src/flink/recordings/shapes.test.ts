import { describe, expect, it } from 'vitest'
import { importRecording } from './import-recording.js'
import { readSummary } from './recording-summary.js'

type Line = Record<string, unknown> & { ev: string }
const submit: Line = { ev: 'job_submit', nth: 1, job: 'j1', par: 1 }
const end: Line = { ev: 'job_end', nth: 1, status: 'SUCCEEDED' }
const task = (name: string, par: number): Line => ({ ev: 'task_state', task: name, sub: 0, par, att: 0, from: 'DEPLOYING', to: 'RUNNING' })
const imported = (...lines: Line[]) =>
  importRecording([submit, ...lines, end].map((line, i) => `${JSON.stringify({ ms: 1000 + i, ...line, seq: i + 1 })}\n`).join(''), {
    scenario: 'test',
  })

describe('the shape of a recorded job', () => {
  it('finds the task of a sink by the name that Flink gives to old sinks', () => {
    const write: Line = { ev: 'sink_write', op: 'Out', sub: 0, att: 0, id: '0:0', key: 0 }
    const { header } = imported(task('Source: Src -> Sink: Out', 3), write)
    expect(header.operators.find(({ role }) => role === 'sink')).toMatchObject({
      name: 'Out',
      task: 'Source: Src -> Sink: Out',
      parallelism: 3,
    })
  })
  it('has no source where none was seen, and makes none of an operator', () => {
    const { header, events } = imported({ ev: 'process', op: 'Map', sub: 0, att: 0, id: '0:1' })
    expect(header.operators.map(({ role }) => role)).not.toContain('source')
    expect(events.map(({ kind }) => kind)).not.toContain('source-emit')
  })
  it('keeps the state with which an operator sees the end of its input', () => {
    const { events } = imported({ ev: 'end_input', op: 'Count', sub: 0, att: 0, state: { a: 2 } })
    expect(events).toContainEqual(expect.objectContaining({ kind: 'end-of-input', content: { counts: [['a', 2]] } }))
  })
  it('counts restarts, and names the job with each status', () => {
    const status = (to: string): Line => ({ ev: 'job_state', from: 'x', to })
    const { events } = imported(status('RUNNING'), status('RESTARTING'), status('RUNNING'), status('RESTARTING'), status('RUNNING'))
    expect(events.flatMap((event) => (event.kind === 'restart' ? [event.restarts] : []))).toEqual([1, 2])
    const names = events.flatMap((event) => (event.kind === 'job-status' ? [event.job] : []))
    expect(new Set(names)).toEqual(new Set(['j1']))
  })
})

it("Kafka's settings get the keys of Flink and of the producer", () => {
  const kafka = { guarantee: 'EXACTLY_ONCE', transactionTimeoutMs: 9, restartDelayMs: 8, checkpointIntervalMs: 7 }
  expect(readSummary(JSON.stringify({ kafka }), 'summary.json').configuration).toEqual({
    'execution.checkpointing.interval': '7 ms',
    'restart-strategy.fixed-delay.delay': '8 ms',
    'transaction.timeout.ms': '9',
  })
})
