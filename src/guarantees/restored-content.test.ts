import { describe, expect, it } from 'vitest'
import type { HistoryFact, SnapshotContent } from '../history/index.js'
import { at, events, SMALL_JOB } from './hand-made-history.js'
import { restoredContents } from './restored-content.js'
import { take } from './steps.js'

const created: HistoryFact = { kind: 'job-status', status: 'CREATED' }
const durable = (checkpoint: number, subtask: number, content: SnapshotContent): HistoryFact => ({
  kind: 'snapshot-durable',
  checkpoint,
  content,
  ...at('Count', subtask, 0),
})
const restore = (subtask: number, content: SnapshotContent): HistoryFact => ({
  kind: 'restore',
  checkpoint: 1,
  content,
  ...at('Count', subtask, 0),
})
const end = (subtask: number): HistoryFact => ({ kind: 'end-of-input', ...at('Count', subtask, 0) })

function messages(facts: readonly HistoryFact[]): string[] {
  const state = restoredContents.init(SMALL_JOB)
  for (const event of events(facts)) take(restoredContents.step, state, event)
  return restoredContents.verdict(state).findings.map(({ message }) => message)
}

describe('what a new job with another parallelism restores', () => {
  const before = [created, durable(1, 0, { counts: [['a', 2]] }), durable(1, 1, { counts: [['b', 3]] }), created]

  it.each<[string, HistoryFact[], RegExp[]]>([
    [
      'is all that the checkpoint holds',
      [
        restore(0, {
          counts: [
            ['a', 2],
            ['b', 3],
          ],
        }),
      ],
      [],
    ],
    ['may be on more subtasks', [restore(0, { counts: [] }), restore(1, { counts: [['a', 2]] }), restore(2, { counts: [['b', 3]] })], []],
    ['is not less', [restore(0, { counts: [['a', 2]] })], [/did not get all that checkpoint 1 holds, without count b=3/]],
    [
      'is nothing else',
      [
        restore(0, {
          counts: [
            ['a', 2],
            ['b', 4],
          ],
        }),
      ],
      [/did not get what checkpoint 1 holds: count b=4/, /without count b=3/],
    ],
    [
      'is given to one subtask only',
      [
        restore(0, {
          counts: [
            ['a', 2],
            ['b', 3],
          ],
        }),
        restore(1, { counts: [['b', 3]] }),
      ],
      [/several subtasks of the new job's Count got the same of checkpoint 1: count of b/],
    ],
  ])('%s', (_, facts, expected) => {
    const found = messages([...before, ...facts])
    expect(found).toHaveLength(expected.length)
    for (const [index, pattern] of expected.entries()) expect(found[index]).toMatch(pattern)
  })

  it.each<[string, SnapshotContent[], RegExp[]]>([
    ['as they were', [{ values: [['b', 8]] }, { values: [['a', 7]] }], []],
    ['and no others', [{ values: [['b', 9]] }, { values: [['a', 7]] }], [/holds: values of b/, /without values of b/]],
    ['and none is missing', [{ values: [['b', 8]] }, {}], [/without values of a/]],
    [
      'and none is given twice',
      [
        { values: [['b', 8]] },
        {
          values: [
            ['a', 7],
            ['b', 8],
          ],
        },
      ],
      [/got the same of checkpoint 1: values of b/],
    ],
  ])('has its values %s', (_, contents, expected) => {
    const stored = [created, durable(1, 0, { values: [['a', 7]] }), durable(1, 1, { values: [['b', 8]] }), created]
    const found = messages([...stored, ...contents.map((content, subtask) => restore(subtask, content))])
    expect(found).toHaveLength(expected.length)
    for (const [index, pattern] of expected.entries()) expect(found[index]).toMatch(pattern)
  })

  it('is not whole before every subtask has opened the operator', () => {
    const begins = (subtask: number): HistoryFact => ({ kind: 'task-status', status: 'INITIALIZING', ...at('Count', subtask, 0) })
    const empty: HistoryFact = { kind: 'restore', checkpoint: 1, ...at('Count', 1, 0) }
    const some = restore(0, { counts: [['a', 2]] })
    expect(messages([...before, begins(0), begins(1), some])).toEqual([])
    expect(messages([...before, begins(0), begins(1), some, created])).toEqual([])
    const missing = [expect.stringMatching(/without count b=3/) as string]
    expect(messages([...before, begins(0), begins(1), some, empty])).toEqual(missing)
    // Once it was opened it stays so, however often the task is tried again.
    expect(messages([...before, begins(0), begins(1), some, empty, begins(1)])).toEqual(missing)
    expect(messages([...before, begins(0), begins(1), some, created, begins(0), some])).toEqual(missing)
  })

  it('is not compared by copies of broadcast state', () => {
    const copy = (subtask: number): SnapshotContent => {
      const counter = `broadcast state ${String(subtask)}`
      return { counts: [[counter, 1]], absorbed: [10 + subtask], broadcast: { counter, absorbed: [10 + subtask] } }
    }
    const { counts: _count, ...other } = copy(0)
    const first = [created, durable(1, 0, copy(0)), durable(1, 1, copy(1)), created]
    expect(messages([...first, restore(0, copy(0))])).toEqual([])
    expect(messages([...first, restore(0, copy(0)), restore(1, copy(1)), restore(2, other)])).toEqual([])
    expect(messages([...first, restore(0, { ...copy(0), absorbed: [12] })])).toEqual([
      expect.stringMatching(/did not get what checkpoint 1 holds: record 12/),
    ])
  })

  it('may be what subtasks held that had finished before the checkpoint, and need not be', () => {
    const taken: HistoryFact = { kind: 'snapshot-taken', checkpoint: 1, ...at('Count', 0, 0) }
    const both = [durable(1, 0, { counts: [['a', 2]] }), durable(1, 1, { counts: [['b', 3]] }), created]
    const all: SnapshotContent = {
      counts: [
        ['a', 2],
        ['b', 3],
      ],
    }
    expect(messages([created, end(0), ...both, restore(0, all)])).toEqual([])
    expect(messages([created, end(0), ...both, restore(0, { counts: [['b', 3]] })])).toEqual([])
    // It had ended, and took its last snapshot for this checkpoint.
    expect(messages([created, end(0), taken, ...both, restore(0, { counts: [['b', 3]] })])).toEqual([
      expect.stringMatching(/without count a=2/),
    ])
    // That snapshot was of an earlier job, which had used the id, too.
    expect(messages([created, taken, created, end(0), ...both, restore(0, { counts: [['b', 3]] })])).toEqual([])
    // It had taken its snapshot, which became durable when it had ended.
    expect(messages([created, taken, end(0), ...both, restore(0, { counts: [['b', 3]] })])).toEqual([
      expect.stringMatching(/without count a=2/),
    ])
  })
})

describe('what is restored of a subtask whose task had finished', () => {
  const finishes: HistoryFact = { kind: 'task-status', status: 'FINISHED', ...at('Count', 0, 0) }
  const begins: HistoryFact = { kind: 'task-status', status: 'INITIALIZING', ...at('Count', 0, 1) }
  const triggered = (checkpoint: number): HistoryFact => ({ kind: 'checkpoint-triggered', checkpoint })
  const last: SnapshotContent = { counts: [['a', 2]] }
  const again = (checkpoint: number, content: SnapshotContent): HistoryFact => ({
    kind: 'restore',
    checkpoint,
    content,
    ...at('Count', 0, 1),
  })
  const before = [created, triggered(1), durable(1, 0, last)]

  it('is nothing when it had before the checkpoint was triggered', () => {
    const facts = [...before, finishes, triggered(2), begins]
    expect(messages([...facts, again(2, { counts: [] })])).toEqual([])
    expect(messages([...facts, again(2, last)])).toEqual([
      expect.stringMatching(/Count \(0\) attempt 1 did not get what checkpoint 2 holds: count a=2/),
    ])
  })

  it('is its snapshot of the checkpoint where it took one', () => {
    const facts = [...before, triggered(2), durable(2, 0, last), finishes, triggered(3), begins]
    expect(messages([...facts, again(2, last)])).toEqual([])
    expect(messages([...facts, again(2, { counts: [] })])).toEqual([expect.stringMatching(/without count a=2/)])
  })

  it('is what it held as long as it has only seen the end of its input', () => {
    const facts = [...before, end(0), triggered(2), begins]
    expect(messages([...facts, again(2, last)])).toEqual([])
    expect(messages([...facts, again(2, { counts: [] })])).toEqual([expect.stringMatching(/without count a=2/)])
  })

  it('is of its next attempt again once that runs, and of a new job', () => {
    const next: SnapshotContent = { counts: [['a', 3]] }
    const runs = [...before, finishes, triggered(2), begins, again(2, { counts: [] })]
    expect(messages([...runs, triggered(3), durable(3, 0, next), again(3, { counts: [] })])).toEqual([expect.stringMatching(/a=3/)])
    // It took none of checkpoint 4, and had not finished by then.
    expect(messages([...runs, triggered(3), durable(3, 0, next), triggered(4), again(4, next)])).toEqual([])
    expect(messages([...before, finishes, triggered(2), created, durable(2, 0, last), again(2, last)])).toEqual([])
  })

  it('is its last snapshot in the simulator, which keeps it', () => {
    const state = restoredContents.init({ ...SMALL_JOB, origin: 'simulated' })
    for (const event of events([...before, finishes, triggered(2), begins, again(2, last)])) take(restoredContents.step, state, event)
    expect(restoredContents.verdict(state).findings).toEqual([])
  })
})
