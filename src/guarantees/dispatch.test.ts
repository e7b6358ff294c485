import { describe, expect, it } from 'vitest'
import type { HistoryEvent, HistoryKind } from '../history/index.js'
import { createCutState, CUT_KINDS, stepCut } from './consistent-cut.js'
import { dispatching, fold } from './dispatch.js'
import { drop, is } from './hand-made-changes.js'
import { at, events, goodRun, SMALL_JOB } from './hand-made-history.js'
import { createPublications, PUBLICATION_KINDS, stepPublications } from './publications.js'
import { createTimeline, stepTimeline } from './timeline.js'
import { createWaits, stepWaits, WAIT_KINDS } from './waits.js'
import { createWitnesses, stepWitnesses, WITNESS_KINDS } from './witnesses.js'

const history = events([
  ...goodRun(),
  { kind: 'fault', fault: 'crash', point: 'time', target: 'TaskManager-1' },
  { kind: 'restart', restarts: 1 },
  { kind: 'sink-write', ...at('Sink', 0, 1), id: '0:7' },
  { kind: 'restart', restarts: 2 },
  { kind: 'state-apply', ...at('Count', 0, 1), id: '0:8', key: 'a' },
  { kind: 'job-status', status: 'RESTARTING' },
  { kind: 'task-status', ...at('Count', 0, 1), status: 'DEPLOYING' },
  { kind: 'restore-chosen', checkpoint: 1 },
  { kind: 'restore', ...at('Count', 0, 1), checkpoint: 1 },
  { kind: 'checkpoint-triggered', checkpoint: 9 },
  { kind: 'checkpoint-aborted', checkpoint: 9, reason: 'POSSIBLE_INCONSISTENT_STATE' },
  { kind: 'pre-commit', ...at('Sink', 0, 1), transaction: 't' },
  { kind: 'abort', ...at('Sink', 0, 1), transaction: 't', why: 'close' },
])

describe('events go to those that want them', () => {
  it('in their order, and to nobody else', () => {
    const seen: string[] = []
    const noting = (name: string, ...kinds: HistoryKind[]) => fold(kinds, name, (state, { kind }) => void seen.push(`${state} ${kind}`))
    const dispatch = dispatching([noting('one', 'restart', 'fault'), noting('other', 'fault'), noting('nobody')])
    for (const event of history.slice(-14)) dispatch(event)
    expect(seen).toEqual(['one fault', 'other fault', 'one restart', 'one restart'])
  })

  function cutState() {
    const timeline = createTimeline(SMALL_JOB)
    // What was sent is in no state: the cuts behind it are inconsistent.
    for (const event of events(drop(is('state-apply'))(goodRun()))) stepTimeline(timeline, event)
    return { timeline, cut: createCutState() }
  }
  const folds = [
    [
      'cuts',
      CUT_KINDS,
      cutState,
      ({ cut, timeline }: ReturnType<typeof cutState>, event: HistoryEvent) => stepCut(cut, SMALL_JOB, timeline, event),
    ],
    ['publications', PUBLICATION_KINDS, () => createPublications(SMALL_JOB), stepPublications],
    ['witnesses', WITNESS_KINDS, createWitnesses, stepWitnesses],
    ['waits', WAIT_KINDS, createWaits, stepWaits],
  ] as const

  it.each(folds)('%s need only the kinds that they name', (_name, kinds, create, step) => {
    const [all, wanted] = [create(), create()]
    for (const event of history) {
      ;(step as (state: unknown, event: HistoryEvent) => void)(all, event)
      if (kinds.includes(event.kind)) (step as (state: unknown, event: HistoryEvent) => void)(wanted, event)
      expect(wanted).toEqual(all)
    }
    expect(all).not.toEqual(create())
  })
})
