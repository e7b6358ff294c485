import { describe, expect, it } from 'vitest'
import { passOn, TaskBench } from '../../../test/engine/task-bench.js'
import type { OperatorHandle, OperatorSnapshot } from '../checkpoint/state-handle.js'
import { PARTITION_LANE } from '../lanes.js'
import type { OperatorState, StreamOperator } from '../operator.js'

function snapshot(entry: number): OperatorSnapshot {
  const state: OperatorState = { lists: [{ name: 'list', mode: 'SPLIT', entries: [entry] }] }
  return {
    checkpoint: 3,
    vertex: 'O',
    subtask: 0,
    attempt: 0,
    state,
    keyed: { entries: [], timers: [{ timestamp: 5, key: entry, namespace: 0, firing: 0 }] },
  }
}

function inline(uid: string, entry: number): OperatorHandle {
  return { uid, handle: { type: 'inline', bytes: 1, content: snapshot(entry) } }
}

function file(uid: string, path: string): OperatorHandle {
  return { uid, handle: { type: 'file', bytes: 1, path, scope: 'exclusive', lists: [], keyed: false } }
}

/** Notes what it is opened with. */
function noting(name: string, opened: string[]): StreamOperator<null, never> {
  return {
    ...passOn,
    open(context, state) {
      opened.push(`${name} ${JSON.stringify(state?.lists[0]?.entries)} ${String(context.restored)}`)
      return null
    },
  }
}

describe('a task that starts', () => {
  it('opens its operators from the tail to the head, runs, and asks for its partitions', () => {
    const opened: string[] = []
    const bench = new TaskBench({ operators: [noting('head', opened), noting('tail', opened)] }).deploy()
    expect(opened).toEqual(['tail undefined undefined', 'head undefined undefined'])
    expect(bench.statuses()).toEqual(['INITIALIZING', 'RUNNING'])
    expect(
      bench.requests.map((request) =>
        request.kind === 'request-partition' ? [request.producer.subtask, request.channel, request.credit] : [],
      ),
    ).toEqual([
      [0, 0, 2],
      [1, 1, 2],
    ])
  })

  it('gives each operator its own state, from inside the handle or from a file', () => {
    const opened: string[] = []
    const operators = [noting('head', opened), noting('tail', opened)]
    const bench = new TaskBench({ operators, keyed: true, restore: { checkpoint: 3, handles: [inline('O1', 7), file('O0', 'p')] } })
    bench.files.set('p', { bytes: 1, content: { type: 'state', state: snapshot(8) } })
    bench.deploy()
    expect(opened).toEqual(['tail [7] 3', 'head [8] 3'])
    expect(bench.state.operators.map(({ keyed }) => keyed?.timers)).toEqual([
      [{ timestamp: 5, key: 8, namespace: 0, firing: 0 }],
      [{ timestamp: 5, key: 7, namespace: 0, firing: 0 }],
    ])
  })

  it('restores no more of a handle than the part that it is given, from inside the handle or from a file', () => {
    const opened: string[] = []
    const part = { keyGroups: null, lists: [{ from: 0, name: 'list', start: 1, end: 1 }] }
    const handles = [inline('O1', 7), file('O0', 'p')].map((handle) => ({ ...handle, part }))
    const bench = new TaskBench({ operators: [noting('head', opened), noting('tail', opened)], restore: { checkpoint: 3, handles } })
    bench.files.set('p', { bytes: 1, content: { type: 'state', state: snapshot(8) } })
    bench.deploy()
    expect(opened).toEqual(['tail [] 3', 'head [] 3'])
  })

  it('opens nothing before every file is read', () => {
    const opened: string[] = []
    const bench = new TaskBench({
      operators: [noting('head', opened), noting('tail', opened)],
      restore: { checkpoint: 3, handles: [file('O1', 'q'), file('O0', 'p')] },
    })
    for (const path of ['p', 'q']) bench.files.set(path, { bytes: 1, content: { type: 'state', state: snapshot(8) } })
    bench.storageDelayUs = 10_000
    bench.deploy()
    expect(opened).toEqual([])
    expect(bench.statuses()).toEqual(['INITIALIZING'])
    bench.run()
    expect(opened).toHaveLength(2)
  })

  it('fails when a file cannot be read, and never starts without it', () => {
    const opened: string[] = []
    const bench = new TaskBench({ operators: [noting('head', opened)], restore: { checkpoint: 3, handles: [file('O0', 'gone')] } }).deploy()
    expect(bench.statuses()).toEqual(['INITIALIZING', 'FAILED'])
    expect(opened).toEqual([])
  })

  it('fails when an operator throws while it is opened', () => {
    const opened: string[] = []
    const bench = new TaskBench({ operators: [noting('head', opened), noting('tail', opened)] })
    bench.failing.add('task.restore')
    bench.deploy()
    expect(bench.statuses()).toEqual(['INITIALIZING', 'FAILED'])
    expect(opened).toEqual([])
  })

  it('runs no sooner than an operator that blocks while it is opened', () => {
    let busy = true
    const bench = new TaskBench({ operators: [{ ...passOn, busy: () => busy }] }).deploy()
    expect(bench.statuses()).toEqual(['INITIALIZING'])
    busy = false
    bench.mail({ kind: 'notify-complete', checkpoint: 0 })
    bench.run()
    expect(bench.statuses()).toEqual(['INITIALIZING', 'RUNNING'])
  })

  it('registers its reader behind its status, when it is a source', () => {
    const bench = new TaskBench({ producers: 0, operators: [{ ...passOn, poll: () => 'nothing' }] }).deploy()
    expect(bench.told.map(({ kind }) => kind)).toEqual(['task-status', 'task-status', 'reader-registered'])
  })

  it('asks for its channels over the connection that will carry the data', () => {
    const bench = new TaskBench().deploy()
    const { links } = bench.world
    expect(links.flatMap((link) => (link?.from === bench.task ? [link.lane] : []))).toContain(PARTITION_LANE)
  })

  it('begins with the restored checkpoint as the last one reported', () => {
    const bench = new TaskBench({ restore: { checkpoint: 3, handles: [] } }).deploy()
    expect(bench.state.latestReported).toBe(3)
  })
})
