import { describe, expect, it } from 'vitest'
import { judge } from '../../guarantees/index.js'
import { importRecording } from './import-recording.js'

type Line = Record<string, unknown> & { ev: string }

const TASK = 'Sink: Writer -> Sink: Committer'
const submit: Line = { ev: 'job_submit', nth: 1, job: 'j1', par: 2 }
const runs = (from = 'CREATED'): Line => ({ ev: 'job_state', job: 'j1', from, to: 'RUNNING' })
const task = (sub: number, att: number, par: number): Line => ({
  ev: 'task_state',
  task: TASK,
  sub,
  par,
  att,
  from: 'DEPLOYING',
  to: 'INITIALIZING',
})
const init = (op: string, sub: number, att: number, par?: number): Line => ({
  ev: 'init',
  op,
  sub,
  att,
  ...(par === undefined ? {} : { par }),
})
const write: Line = { ev: 'sink_write', op: 'Sink', sub: 0, att: 0, id: '0:0', key: 0 }
const request: Line = { ev: 'commit_req', op: 'Committer', sub: 0, att: 0, txn: 't', retries: 0 }

function imported(...lines: Line[]) {
  const all = [submit, ...lines, write, request, { ev: 'job_end', nth: 1, status: 'SUCCEEDED' }]
  const text = all.map((line, index) => `${JSON.stringify({ ms: 1000 + index, ...line, seq: index + 1 })}\n`).join('')
  return importRecording(text, { scenario: 'test' })
}

/** Parallelism of what is restored; `-` where nobody tells it. */
function parallelisms(...lines: Line[]): string[] {
  return imported(...lines).events.flatMap((event) =>
    event.kind === 'restore' ? [`${event.vertex} ${String(event.parallelism ?? '-')}`] : [],
  )
}

describe('the parallelism of what is initialised', () => {
  it('is that of its task, where its own line leaves it out', () => {
    expect(parallelisms(runs(), task(0, 0, 2), init('Committer', 0, 0), init('Sink', 0, 0, 3))).toEqual(['Committer 2', 'Sink 3'])
  })

  it('is that of its attempt, also where its task is told of later', () => {
    const before = [runs(), task(0, 0, 2), init('Sink', 0, 0), task(1, 0, 2), init('Sink', 1, 0)]
    expect(parallelisms(...before, init('Sink', 0, 1), task(0, 1, 1))).toEqual(['Sink 2', 'Sink 2', 'Sink 1'])
    expect(parallelisms(...before, runs(), init('Sink', 0, 0), task(0, 0, 1))).toEqual(['Sink 2', 'Sink 2', 'Sink 1'])
  })

  it('is not known where nobody tells it', () => {
    expect(parallelisms(runs(), task(1, 0, 2), init('Sink', 0, 0), init('Sink', 1, 1))).toEqual(['Sink -', 'Sink -'])
    expect(parallelisms(runs(), task(0, 0, 2), runs(), init('Sink', 0, 0))).toEqual(['Sink -'])
    expect(parallelisms(runs(), task(0, 0, 2), runs('RESTARTING'), init('Sink', 0, 0))).toEqual(['Sink 2'])
  })

  it('is in the header the largest that an operator has had', () => {
    const { header } = imported(runs(), task(0, 0, 1), task(0, 1, 3), task(0, 2, 2))
    expect(header.operators.map(({ name, parallelism }) => [name, parallelism])).toEqual([
      ['Sink', 3],
      ['Committer', 3],
    ])
    const another = { ...submit, nth: 2, job: 'j2', par: 4 }
    expect(imported(another).header.operators.map(({ parallelism }) => parallelism)).toEqual([4, 4])
  })

  it('is not known of an operator whose name occurs in two tasks: what one of them has is not what the other has', () => {
    const other = (par: number): Line => ({ ...task(0, 0, par), task: 'Map -> Sink: Writer -> Sink: Committer' })
    expect(parallelisms(runs(), task(0, 0, 1), other(2), init('Committer', 0, 0), init('Sink', 0, 0, 2))).toEqual(['Committer -', 'Sink -'])
    expect(parallelisms(runs(), task(0, 0, 1), { ...other(2), task: 'Map' }, init('Sink', 0, 0))).toEqual(['Sink 1'])
  })

  it('does not end subtasks of the other one', () => {
    const other = { ...task(1, 0, 2), task: 'Map -> Sink: Writer -> Sink: Committer' }
    const goesOn = [init('Sink', 1, 0), init('Sink', 0, 0), { ...write, sub: 1, id: '1:0' }]
    const { header, events } = imported(runs(), task(0, 0, 1), other, ...goesOn)
    expect(judge(header, events).protocol.filter(({ rule }) => rule === 'fenced-attempt-acts')).toEqual([])
  })
})
