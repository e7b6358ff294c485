/** Why alignment gives exactly-once and counting barriers gives at-least-once, told with the smallest run that shows it. */
import type { EventOf, HistoryEvent } from '../history/index.js'
import type { Lesson, LessonRun } from '../search/index.js'
import { DOCUMENT_SCHEMA } from './document-schema.js'
import { laneChart, type LaneRow } from './lane-chart.js'
import { counted, grouped } from './numbers.js'
import { plain, type Paint } from './paint.js'

/** What the lesson is asked about. */
export type LessonTopic = 'at-least-once' | 'exactly-once'

/** The lesson as text with a picture of both runs. */
export function lessonText(topic: LessonTopic, lesson: Lesson, paint: Paint = plain): string[] {
  const { perSource, records, seed, tries, plan, loose, strict } = lesson
  return [
    ...INTRODUCTIONS[topic],
    '',
    `The smallest run that shows it: ${counted(records, 'record')}, ${String(perSource)} of each of two sources, counted by one task (found in`,
    `${counted(tries, 'run')}, seed ${seed}). Both runs make the same choices and meet the same fault: ${plan.join('; ')}.`,
    '',
    paint.bold('execution.checkpointing.mode: AT_LEAST_ONCE, barriers are counted'),
    '',
    ...picture(loose, paint),
    '',
    paint.bad(`  counted ${grouped(loose.counted)} of ${counted(records, 'record')}: ${loose.twice.join(', ')} twice`),
    '',
    paint.bold('execution.checkpointing.mode: EXACTLY_ONCE, barriers are aligned'),
    '',
    ...picture(strict, paint),
    '',
    paint.good(`  counted ${grouped(strict.counted)} of ${counted(records, 'record')}: each once`),
    '',
    ...CONCLUSION,
  ]
}

/** The lesson as the document of `--json`. */
export function lessonDocument(topic: LessonTopic, { perSource, records, seed, tries, plan, loose, strict }: Lesson) {
  const document = (run: LessonRun) => ({
    mode: run.mode,
    counted: run.counted,
    twice: run.twice,
    events: rowsOf(run).map(({ timeUs, lane, words }) => ({ timeUs, lane, words })),
  })
  const text = [...INTRODUCTIONS[topic], ...CONCLUSION].join(' ')
  return { schema: DOCUMENT_SCHEMA, topic, text, perSource, records, seed, tries, plan, runs: [document(loose), document(strict)] }
}

const INTRODUCTIONS: Readonly<Record<LessonTopic, readonly string[]>> = {
  'at-least-once': [
    'At-least-once: after a failure nothing is missing, but something may be counted twice.',
    'A task with several inputs takes its snapshot when the barrier of a checkpoint has come on all of them. With at-least-once it goes on',
    'reading the inputs whose barrier has come already. What it reads there gets into the snapshot, although the source stands before it in',
    'the same checkpoint: after a restore the source reads it again, and the state has it already.',
  ],
  'exactly-once': [
    'Exactly-once: after a failure the state is as if nothing had failed, each record counted once.',
    'A task with several inputs takes its snapshot when the barrier of a checkpoint has come on all of them. With exactly-once it reads',
    'nothing more from an input whose barrier has come, until the others have come, too. So the snapshot holds exactly what the sources sent',
    'in front of their barriers, and exactly that is what the sources will not read again.',
  ],
}

const CONCLUSION: readonly string[] = [
  'Without a failure both count right. Alignment costs waiting; it shows where inputs run apart. Where each task has one input only, there',
  'is nothing to align, and both modes give the same. What the state promises is not yet what the outside sees: that is up to the sink.',
]

function picture(run: LessonRun, paint: Paint): string[] {
  const rows = rowsOf(run)
  return laneChart([...new Set(rows.map(({ lane }) => lane))].sort(byPlace), rows, paint)
}

/** The coordinator first, then sources, then who reads them. */
function byPlace(one: string, other: string): number {
  const place = (lane: string): number => (lane === COORDINATOR ? 0 : lane.startsWith('Source: ') ? 1 : 2)
  return place(one) - place(other) || (one < other ? -1 : 1)
}

const COORDINATOR = 'coordinator'

function rowsOf(run: LessonRun): LaneRow[] {
  const [first] = run.events
  const checkpoint = first?.kind === 'checkpoint-triggered' ? first.checkpoint : 0
  return run.events.flatMap((event) => {
    const row = rowOf(event, checkpoint, run)
    return row === undefined ? [] : [{ timeUs: event.t, ...row }]
  })
}

function rowOf(event: HistoryEvent, checkpoint: number, { names, behind }: LessonRun): Omit<LaneRow, 'timeUs'> | undefined {
  const name = 'id' in event ? (names.get(event.id) ?? '') : ''
  switch (event.kind) {
    case 'checkpoint-triggered':
      return event.checkpoint === checkpoint ? { lane: COORDINATOR, words: `triggers checkpoint ${String(checkpoint)}` } : undefined
    case 'checkpoint-completed':
      return event.checkpoint === checkpoint ? { lane: COORDINATOR, words: `checkpoint ${String(checkpoint)} is complete` } : undefined
    case 'restore-chosen':
      return { lane: COORDINATOR, words: `the job goes back to checkpoint ${String(event.checkpoint ?? 0)}` }
    case 'failure':
      return { lane: laneOf(event), words: 'fails', struck: true }
    case 'source-emit':
      return { lane: laneOf(event), words: `reads ${name}${event.attempt > 0 ? ' again' : ''}` }
    case 'snapshot-taken':
      if (event.checkpoint !== checkpoint || !(isSource(event) || COUNTS.test(event.vertex))) return undefined
      return {
        lane: laneOf(event),
        words: isSource(event) ? 'takes its snapshot and sends its barrier' : 'has all barriers and takes its snapshot',
      }
    case 'state-apply':
      return appliedRow(event, name, behind.get(event.seq))
    default:
      return undefined
  }
}

function appliedRow(event: EventOf<'state-apply'>, name: string, behind: ReturnType<LessonRun['behind']['get']>): Omit<LaneRow, 'timeUs'> {
  const now = event.count === undefined ? '' : `, that makes ${String(event.count)}`
  const notes = { 'overtook-snapshot': ': behind its barrier, but into the snapshot', waited: ': it has waited behind its barrier' }
  const note = event.again === true ? ': A SECOND TIME' : behind === undefined ? '' : notes[behind]
  return { lane: laneOf(event), words: `counts ${name}${now}${note}`, marked: note !== '' }
}

const COUNTS = /^Count/

function isSource({ vertex }: { readonly vertex: string }): boolean {
  return vertex.startsWith('Source: ')
}

function laneOf({ vertex, subtask }: { readonly vertex: string; readonly subtask: number }): string {
  return isSource({ vertex }) ? `${vertex} ${String(subtask + 1)}` : vertex
}
