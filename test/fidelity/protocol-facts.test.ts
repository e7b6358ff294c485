import { describe, expect, it } from 'vitest'
import { readAnyHistory } from '../../src/flink/index.js'
import { PROTOCOL_FACTS } from '../../src/guarantees/index.js'
import { RunView } from '../../src/guarantees/protocol-facts/run-view.js'
import type { HistoryEvent } from '../../src/history/index.js'
import { FIXTURES, historyOf } from '../recordings/recordings-at-hand.js'

/** One recording with a failure, and what changes of it do to the answers. */
const { header, events } = readAnyHistory(historyOf(FIXTURES, 'eo-aligned-2pc'))

/** The fact, of the history as the change leaves it. */
function answer(fact: string, change: (events: readonly HistoryEvent[]) => readonly HistoryEvent[]): string | undefined {
  const changed = change(events).map((event, index) => ({ ...event, seq: index + 1 }))
  return PROTOCOL_FACTS.find(({ name }) => name === fact)?.of(new RunView(header, changed))
}

const restart = events.findIndex(({ kind }) => kind === 'restart')
const fault = events.findIndex(({ kind }) => kind === 'fault')
const all = (given: readonly HistoryEvent[]): readonly HistoryEvent[] => given
const without = (gone: (event: HistoryEvent, index: number) => boolean) => (given: readonly HistoryEvent[]) =>
  given.filter((event, index) => !gone(event, index))
const instead = (make: (event: HistoryEvent, index: number) => HistoryEvent) => (given: readonly HistoryEvent[]) => given.map(make)
/** Puts the first event of this kind, from a place on, at another place. */
const moved = (which: (event: HistoryEvent, index: number) => boolean, to: number) => (given: readonly HistoryEvent[]) => {
  const from = given.findIndex(which)
  const event = given[from]
  const rest = given.filter((_, index) => index !== from)
  return event === undefined ? rest : [...rest.slice(0, to), event, ...rest.slice(to)]
}

describe('protocol facts', () => {
  it.each([
    [
      'restored checkpoint',
      'the newest completed',
      instead((event) => (event.kind === 'restore-chosen' && event.checkpoint === 3 ? { ...event, checkpoint: 2 } : event)),
      'an older one',
    ],
    [
      'restored by all',
      'always',
      instead((event, index) =>
        event.kind === 'restore' && index > restart && event.vertex === 'Count' ? { ...event, checkpoint: 1 } : event,
      ),
      'sometimes',
    ],
    [
      'restored state',
      'always',
      instead((event, index) =>
        event.kind === 'restore' && index > restart && event.vertex === 'Count' ? { ...event, content: { counts: [['0', 1]] } } : event,
      ),
      'sometimes',
    ],
    [
      'committer restored first',
      'always',
      moved((event, index) => event.kind === 'restore' && index > restart && event.vertex === 'Sink', restart + 2),
      'sometimes',
    ],
    [
      'commits before the writer',
      'always',
      moved((event, index) => event.kind === 'restore' && index > restart && event.vertex === 'Sink', restart + 2),
      'sometimes',
    ],
    [
      'commits repeated',
      'always',
      without((event, index) => event.kind === 'commit-requested' && index > restart && event.transaction === 't0-3-5'),
      'sometimes',
    ],
    [
      'results of repeated commits',
      'already',
      instead((event, index) =>
        event.kind === 'commit' && index > restart && event.transaction === 't0-3-5' ? { ...event, result: 'applied' } : event,
      ),
      'already + applied',
    ],
    [
      'left transactions',
      'lingering',
      instead((event) => (event.kind === 'abort' && event.transaction === 't0-4-8' ? { ...event, why: 'timeout' } : event)),
      'lingering + timeout',
    ],
    [
      'told before completion',
      'never',
      moved((event) => event.kind === 'checkpoint-completed' && event.checkpoint === 5, events.length - 2),
      'sometimes',
    ],
    [
      'told twice',
      'never',
      (given: readonly HistoryEvent[]) =>
        given.flatMap((event) => (event.kind === 'checkpoint-notified' && event.checkpoint === 2 ? [event, event] : [event])),
      'sometimes',
    ],
    [
      'told in order',
      'always',
      instead((event) => (event.kind === 'checkpoint-notified' && event.checkpoint === 2 ? { ...event, checkpoint: 7 } : event)),
      'sometimes',
    ],
    [
      'told of completion',
      'coordinator of the source + operator + source',
      without((event) => event.kind === 'checkpoint-notified' && event.subtask < 0),
      'operator + source',
    ],
    ['ids', 'from 1, one by one', without((event) => event.kind === 'checkpoint-triggered' && event.checkpoint === 2), 'from 1, with gaps'],
    [
      'ids after a restart',
      'always',
      instead((event) => (event.kind === 'checkpoint-triggered' && event.checkpoint === 5 ? { ...event, checkpoint: 1 } : event)),
      'never',
    ],
    ['most at once', '1', without((event) => event.kind === 'checkpoint-completed' && event.checkpoint === 2), '2'],
    [
      'commits of completed checkpoints only',
      'always',
      moved((event) => event.kind === 'commit-requested' && event.transaction === 't0-1-1', 1700),
      'sometimes',
    ],
    ['pending at a failure', 'aborted', without((event) => event.kind === 'checkpoint-aborted' && event.checkpoint === 4), undefined],
    [
      'aborts',
      'failure of the job',
      instead((event) =>
        event.kind === 'checkpoint-aborted' && event.checkpoint === 4 ? { ...event, reason: 'CHECKPOINT_EXPIRED' } : event,
      ),
      'expired',
    ],
    [
      'attempts',
      'from 0, one by one',
      instead((event) => (event.kind === 'task-status' && event.attempt === 1 ? { ...event, attempt: 2 } : event)),
      'from 0, one by one + otherwise',
    ],
    [
      'restarted',
      'all',
      without((event, index) => event.kind === 'task-status' && index > restart && event.vertex === 'Count'),
      'the region of the failed one',
    ],
    [
      'end of the failed task',
      'FAILED',
      without((event) => event.kind === 'task-status' && event.status === 'FAILED'),
      'nothing is heard of it',
    ],
    ['cancelled by way of CANCELING', 'always', without((event) => event.kind === 'task-status' && event.status === 'CANCELING'), 'never'],
    [
      'failed task closes',
      'always',
      without((event, index) => event.kind === 'closed' && index < restart && event.vertex === 'Count'),
      'never',
    ],
    ['records go on', 'yes', without((_, index) => index > fault && index < restart), 'no'],
    ['commits go on', 'yes', without((event, index) => event.kind === 'commit' && index > fault && index < restart), 'no'],
    [
      'transactions',
      'aborted + committed',
      without((event) => event.kind === 'commit' && event.transaction === 't0-1-1'),
      'aborted + committed + pre-committed',
    ],
    [
      'duplicates',
      'no',
      (given: readonly HistoryEvent[]) =>
        given.flatMap((event) => (event.kind === 'visible' && event.id === '0:7' ? [event, event] : [event])),
      'yes',
    ],
    ['loss', 'no', without((event) => event.kind === 'visible' && event.id === '0:7'), 'yes'],
    [
      'job statuses',
      'RUNNING, RESTARTING, RUNNING, FINISHED',
      without((event) => event.kind === 'job-status' && event.status === 'RESTARTING'),
      'RUNNING, RUNNING, FINISHED',
    ],
  ])('%s: “%s”, and otherwise where the history is otherwise', (fact, recorded, change, changed) => {
    expect(answer(fact, all)).toBe(recorded)
    if (changed === undefined) expect(answer(fact, change)).not.toBe(recorded)
    else expect(answer(fact, change)).toBe(changed)
  })
})
