import { describe, expect, it } from 'vitest'
import { judge } from '../../guarantees/index.js'
import { importRecording } from './import-recording.js'
import type { RecordingSummary } from './recording-summary.js'

type Line = Record<string, unknown> & { ev: string }

const submit: Line = { ev: 'job_submit', nth: 1, job: 'j1', par: 1 }
const task = (source: string, to: string, att = 0): Line => ({
  ev: 'task_state',
  task: `Source: ${source}`,
  sub: 0,
  par: 1,
  att,
  from: 'x',
  to,
})
const start = (op: string, inc: number): Line => ({ ev: 'reader_start', op, sub: 0, inc, splits: '[]' })
const add = (op: string, inc: number, split: string): Line => ({ ev: 'reader_add', op, sub: 0, inc, splits: `[${split}@0]` })
const assign = (split: string): Line => ({ ev: 'enum_assign', sub: 0, splits: `[${split}@0]` })
const emit = (op: string, inc: number, id: string): Line => ({ ev: 'emit', op, sub: 0, inc, id, key: 0 })
const begun = [task('A', 'INITIALIZING'), task('B', 'INITIALIZING'), start('A', 1), start('B', 1)]

function imported(...lines: Line[]) {
  return importedWith(0, ...lines)
}

const summaryOf = (splits: number): RecordingSummary => ({
  ...{ scenario: undefined, configuration: {}, sink: undefined, kafkaGuarantee: undefined },
  ...{ splits, recordsPerSplit: 5 },
})

/** The same of a job that somebody has said to have so many splits, of five records each. */
function importedWith(splits: number, ...lines: Line[]) {
  const all = [
    submit,
    { ev: 'job_state', job: 'j1', from: 'CREATED', to: 'RUNNING' },
    ...lines,
    { ev: 'job_end', nth: 1, status: 'SUCCEEDED' },
  ]
  const text = all.map((line, index) => `${JSON.stringify({ ms: 1000 + index, ...line, seq: index + 1 })}\n`).join('')
  const { header, events } = importRecording(text, { scenario: 'test', ...(splits === 0 ? {} : { summary: summaryOf(splits) }) })
  return { header, events, rules: judge(header, events).protocol.map(({ rule }) => rule) }
}

/** Where things happened. */
function places(...lines: Line[]): string[] {
  return imported(...lines).events.flatMap((event) =>
    'subtask' in event && event.kind !== 'task-status'
      ? [`${event.kind} ${event.vertex}${'attempt' in event ? ` ${String(event.attempt)}` : ''}`]
      : [],
  )
}

describe('a job with two sources', () => {
  it('counts the attempts of the readers of each', () => {
    const again = [task('A', 'FAILED'), task('A', 'INITIALIZING', 1), start('A', 2)]
    expect(places(...begun, ...again, emit('B', 1, '1:0'), emit('A', 2, '0:0'))).toEqual([
      ...['restore A 0', 'restore B 0', 'restore A 1', 'source-emit B 0', 'source-emit A 1'],
    ])
  })

  it('hands out the splits of each, as far as their names tell whose they are', () => {
    const apart = [assign('0'), add('A', 1, '0'), assign('1'), add('B', 1, '1')]
    expect(places(...begun, ...apart).slice(2)).toEqual(['split-assigned A', 'split-added A 0', 'split-assigned B', 'split-added B 0'])
    const alike = [assign('0'), add('A', 1, '0'), assign('0'), add('B', 1, '0'), assign('9')]
    expect(places(...begun, ...alike).slice(2)).toEqual(['split-added A 0', 'split-added B 0'])
    expect(imported(...begun, ...apart).rules).toEqual([])
    expect(places(...begun, { ...assign('0'), op: 'B' }).slice(2)).toEqual(['split-assigned B'])
  })

  it('takes snapshots of the positions of both, and tells the coordinators of both', () => {
    const snapshot = (op: string, split: string): Line => ({ ev: 'snapshot', op, sub: 0, inc: 1, cp: 1, state: { [split]: 0 } })
    const trigger: Line = { ev: 'log_cp_trigger', cp: 1, type: 'CheckpointType', triggerTs: 1000 }
    const complete: Line = { ev: 'log_cp_complete', cp: 1, bytes: 1, durationMs: 1, finalizeMs: 0 }
    const told: Line = { ev: 'coord_complete', cp: 1 }
    const checkpoint = [trigger, snapshot('A', '0'), snapshot('B', '1'), complete, told, told]
    const { events, rules } = imported(...begun, ...checkpoint)
    expect(events.flatMap((event) => (event.kind === 'snapshot-taken' ? [event.content] : []))).toEqual([
      { offsets: [['0', 0]] },
      { offsets: [['1', 0]] },
    ])
    expect(rules).toEqual([])
    expect(imported(...begun, ...checkpoint, told).rules).toEqual(['notify-once'])
    const next = { ...submit, nth: 2, job: 'j2' }
    expect(places(...begun, told, next, told).slice(2)).toEqual(['checkpoint-notified A 0', 'checkpoint-notified A 0'])
    expect(places(...begun, { ...told, op: 'B' }).slice(2)).toEqual(['checkpoint-notified B 0'])
  })

  it('has the splits that were told to the job, where each is read by one of them', () => {
    const apart = [add('A', 1, '0'), add('B', 1, '1')]
    const splitsOf = (count: number, ...lines: Line[]) => importedWith(count, ...begun, ...lines).header.splits
    expect(splitsOf(2, ...apart)).toEqual([
      { vertex: 'A', split: '0', records: 5 },
      { vertex: 'B', split: '1', records: 5 },
    ])
    expect(splitsOf(3, ...apart)).toBeUndefined()
    expect(splitsOf(2, ...apart, add('B', 1, '0'))).toBeUndefined()
  })

  it('has records of the same identity where splits of both have the same name', () => {
    const shared = (...lines: Line[]) => imported(...begun, ...lines).header.operators.map((each) => each.sharedIdentities)
    const write: Line = { ev: 'sink_write', op: 'Sink', sub: 0, att: 0, id: '0:0', key: 0 }
    expect(shared(emit('A', 1, '0:0'), emit('B', 1, '0:0'), write)).toEqual([true, true, undefined])
    expect(shared(emit('A', 1, '0:0'), emit('B', 1, '0:1'), write)).toEqual([undefined, undefined, undefined])
    const apart = [add('A', 1, '0'), add('B', 1, '1')]
    expect(shared(...apart, emit('A', 1, '0:0'), emit('B', 1, '0:0'), write)).toEqual([undefined, undefined, undefined])
  })
})
