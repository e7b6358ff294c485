import { describe, expect, it } from 'vitest'
import { sliceConfiguration, sliceJob } from '../../../test/engine/slice-job.js'
import { refOf } from '../actor-types.js'
import type { JobVertex } from '../graph/job-graph.js'
import type { OperatorState } from '../operator.js'
import type { KeyedSnapshot } from '../state/heap-keyed-state.js'
import { assignStates } from './state-assignment-operation.js'
import type { AssignedHandle, CheckpointMetadata, OperatorHandle } from './state-handle.js'

const graph = sliceJob(refOf(0), { parallelism: 1, perSplit: 1, keys: 1, configuration: sliceConfiguration })
const [vertexOfSlice] = graph.vertices
if (vertexOfSlice === undefined) throw new RangeError('the job has no vertex')
const template = vertexOfSlice
const uid = template.operators[0]?.uid ?? ''

function vertex(parallelism: number): JobVertex {
  return { ...template, parallelism }
}

const NOTHING: KeyedSnapshot = { entries: [], timers: [] }

function inline(subtask: number, lists: OperatorState['lists'], keyed: KeyedSnapshot | null = null): OperatorHandle {
  const content = { checkpoint: 3, vertex: 'V', subtask, attempt: 0, state: { lists }, keyed }
  return { uid, handle: { type: 'inline', bytes: 1, content } }
}

function file(subtask: number, keyed: boolean): OperatorHandle {
  const lists = [{ name: 'splits', mode: 'SPLIT' as const, entries: 2 }]
  return { uid, handle: { type: 'file', bytes: 1, path: `chk-3/${String(subtask)}`, scope: 'exclusive', lists, keyed } }
}

function metadata(handles: readonly OperatorHandle[], maxParallelism = 16, finished: readonly number[] = []): CheckpointMetadata {
  return {
    checkpoint: 3,
    operators: [{ uid, parallelism: handles.length, maxParallelism, finished }],
    tasks: handles.map((handle, subtask) => ({ vertex: 0, subtask, handles: [handle], finished: false })),
    enumerators: [],
  }
}

/** `<former subtask>: key groups; slices` of each handle of each new subtask. */
function told(assigned: readonly (readonly AssignedHandle[])[], handles: readonly OperatorHandle[]): string[][] {
  return assigned.map((mine) =>
    mine.map(({ handle, part }) => {
      const from = handles.findIndex((other) => other.handle === handle)
      if (part === undefined) return `${String(from)}: all`
      const groups = part.keyGroups === null ? '' : ` ${String(part.keyGroups.start)}-${String(part.keyGroups.end)}`
      return `${String(from)}:${groups}${part.lists.map(({ name, start, end }) => ` ${name} ${String(start)}..${String(end)}`).join('')}`
    }),
  )
}

describe('state assignment', () => {
  it('gives everyone what he had where the parallelism is the same', () => {
    const handles = [file(0, true), file(1, true)]
    expect(told(assignStates(metadata(handles), vertex(2)), handles)).toEqual([['0: all'], ['1: all']])
  })

  it('gives union state to everyone where the parallelism is the same', () => {
    const handles = [0, 1].map((subtask) => inline(subtask, [{ name: 'u', mode: 'UNION', entries: [subtask] }]))
    expect(told(assignStates(metadata(handles), vertex(2)), handles)).toEqual([
      ['0: all', '1: u 0..1'],
      ['0: u 0..1', '1: all'],
    ])
  })

  it('gives keyed state by key groups and lists by their modes to more subtasks', () => {
    // Of 16 groups the two had 0-7 and 8-15, the three have 0-5, 6-10 and 11-15.
    const handles = [file(0, true), file(1, true)]
    expect(told(assignStates(metadata(handles), vertex(3)), handles)).toEqual([
      ['0: 0-5 splits 0..2'],
      ['0: 6-7', '1: 8-10 splits 0..1'],
      ['1: 11-15 splits 1..2'],
    ])
  })

  it('gives what removed subtasks had to those that are left', () => {
    const handles = [file(0, true), file(1, true), file(2, true)]
    expect(told(assignStates(metadata(handles), vertex(2)), handles)).toEqual([
      ['0: 0-5 splits 0..2', '1: 6-7 splits 0..1'],
      ['1: 8-10 splits 1..2', '2: 11-15 splits 0..2'],
    ])
  })

  it('deals out what two readers had as a real Flink did', () => {
    // Flink 1.20, two splits each: the first of three new readers got the two of the first old one, the others one each.
    const handles = [file(0, false), file(1, false)]
    expect(told(assignStates(metadata(handles), vertex(3)), handles)).toEqual([['0: splits 0..2'], ['1: splits 0..1'], ['1: splits 1..2']])
  })

  it('leaves out what finished subtasks had, unless all had finished', () => {
    const handles = [file(0, true), file(1, true), file(2, true)]
    expect(told(assignStates(metadata(handles, 16, [0, 2]), vertex(2)), handles)).toEqual([['1: 6-7 splits 0..1'], ['1: 8-10 splits 1..2']])
    expect(told(assignStates(metadata(handles, 16, [0, 2]), vertex(3)), handles)).toEqual([['0: all'], ['1: all'], ['2: all']])
    expect(told(assignStates(metadata(handles, 16, [0, 1, 2]), vertex(1)), handles)).toEqual([
      ['0: 0-5 splits 0..2', '1: 6-10 splits 0..2', '2: 11-15 splits 0..2'],
    ])
  })

  it('goes by the max parallelism of the checkpoint', () => {
    const handles = [inline(0, [], NOTHING)]
    expect(told(assignStates(metadata(handles, 10), vertex(4)), handles)).toEqual([['0: 0-2'], ['0: 3-4'], ['0: 5-7'], ['0: 8-9']])
  })

  it('gives nothing of an operator that the checkpoint does not know', () => {
    const handles = [inline(0, [])]
    expect(assignStates({ ...metadata(handles), operators: [] }, vertex(2))).toEqual([[], []])
  })

  it('deals with a subtask that has reported nothing', () => {
    const handles = [file(0, true), file(1, true)]
    const some = metadata(handles)
    const without = { ...some, tasks: some.tasks.slice(0, 1) }
    expect(told(assignStates(without, vertex(2)), handles)).toEqual([['0: all'], []])
    expect(told(assignStates(without, vertex(1)), handles)).toEqual([['0: 0-7 splits 0..2']])
  })
})
