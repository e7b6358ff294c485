import type { OperatorShape } from '../../history/index.js'
import { AttemptDeeds } from './attempt-deeds.js'
import type { RecordedLine } from './recorded-line.js'
import { makesGraph } from './task-parallelism.js'

/**
 * Lines of attempts whose JobManager died, written after the next JobManager had begun an attempt of the same subtask: their TaskManager
 * has yet to notice (`TaskExecutor.disconnectJobManagerConnection` fails its tasks, whose threads finish their record). Both count from 0,
 * so that one number may mean both.
 *
 * Of a number that the new JobManager has not reached yet, or has ended, it is the old attempt that speaks. Of a number that both have,
 * what goes on with what the old one did, and not with what the new one does, is its doing, as is the snapshot of a checkpoint that the old
 * JobManager triggered. Each attempt closes once, and does nothing behind that: of the two it is the old one that closes first, unless it
 * goes on behind that, or nobody does until the new one has ended.
 */
export function linesOfOutlived(lines: readonly RecordedLine[], operators: readonly OperatorShape[]): ReadonlySet<RecordedLine> {
  const seen: Seen = { operators, places: new Map(), graph: 0, triggered: new Map(), late: new Set() }
  for (const line of lines) {
    if (line.ev === 'job_submit') {
      seen.places.clear()
      seen.triggered.clear()
    }
    if (makesGraph(line)) seen.graph++
    if (line.ev === 'task_state') endAttempts(seen, line)
    else if (line.ev === 'log_cp_trigger') seen.triggered.set(line.integer('cp'), seen.graph)
    else if (line.has('att') && line.has('op')) take(seen, line)
  }
  return seen.late
}

/** What the lines so far have told. */
interface Seen {
  readonly operators: readonly OperatorShape[]
  readonly places: Map<string, Place>
  graph: number
  /** Under which graph each checkpoint was triggered. */
  readonly triggered: Map<number, number>
  readonly late: Set<RecordedLine>
}

/** A subtask of an operator: what its attempts under the newest JobManager do, and under the one before that. */
interface Place {
  graph: number
  newest: number
  attempts: Map<number, Attempt>
  outlived: Map<number, Attempt>
}

interface Attempt {
  readonly deeds: AttemptDeeds
  /** The line with which it closed. */
  closed: RecordedLine | undefined
  /** It does nothing more: its JobManager has said that its task has ended, or the other one of its number has gone on behind its close. */
  ended: boolean
}

const ENDED: ReadonlySet<string> = new Set(['CANCELED', 'FAILED', 'FINISHED'])

function endAttempts({ operators, places, graph }: Seen, line: RecordedLine): void {
  if (!ENDED.has(line.text('to'))) return
  for (const { name, task = name } of operators) {
    const place = task === line.text('task') ? places.get(placeOf(name, line)) : undefined
    if (place?.graph === graph) attemptOf(place.attempts, line.integer('att')).ended = true
  }
}

function placeOf(operator: string, line: RecordedLine): string {
  return `${operator}/${line.text('sub')}`
}

function attemptOf(attempts: Map<number, Attempt>, told: number): Attempt {
  let attempt = attempts.get(told)
  if (attempt === undefined) attempts.set(told, (attempt = { deeds: new AttemptDeeds(), closed: undefined, ended: false }))
  return attempt
}

function take(seen: Seen, line: RecordedLine): void {
  const { places, graph } = seen
  const name = placeOf(line.text('op'), line)
  const place: Place = places.get(name) ?? { graph, newest: -1, attempts: new Map(), outlived: new Map() }
  places.set(name, place)
  if (line.ev === 'init') begin(place, line, graph)
  const told = line.integer('att')
  const old = place.outlived.get(told)
  const attempt = attemptOf(place.attempts, told)
  const isOld = old !== undefined && old.closed === undefined && (told !== place.newest || saysOld(seen, old, attempt, line))
  const speaker = isOld ? old : attempt
  if (isOld) seen.late.add(line)
  speaker.deeds.take(line)
  if (line.ev === 'close') speaker.closed ??= line
}

function begin(place: Place, line: RecordedLine, graph: number): void {
  if (place.graph < graph) {
    place.outlived = place.attempts
    place.attempts = new Map()
    place.graph = graph
    place.newest = -1
  }
  place.newest = Math.max(place.newest, line.integer('att'))
}

/** Whether it is the old one of the two that speaks; the line may show, too, which of them closed before it. */
function saysOld(seen: Seen, old: Attempt, attempt: Attempt, line: RecordedLine): boolean {
  if (old.deeds.alone(line, attempt.deeds) || isOfEarlierCheckpoint(seen, line)) attempt.ended ||= attempt.closed !== undefined
  else if (!attempt.ended) {
    if (attempt.closed !== undefined) seen.late.add(attempt.closed)
    old.closed = attempt.closed
    attempt.closed = undefined
    return false
  }
  return true
}

/** Barriers that the old JobManager triggered are still under way between its tasks; no other ever meets them. */
function isOfEarlierCheckpoint({ triggered, graph }: Seen, line: RecordedLine): boolean {
  return line.ev === 'snapshot' && (triggered.get(line.integer('cp')) ?? graph) < graph
}
