import type { RecordedLine } from './recorded-line.js'
import { makesGraph } from './task-parallelism.js'

/**
 * Lines of attempts whose JobManager died, written after the next JobManager had begun an attempt of the same subtask: their TaskManager has
 * yet to notice (`TaskExecutor.disconnectJobManagerConnection` fails its tasks, whose threads finish their record). Both count from 0, so that
 * one number may mean both.
 *
 * Of a number that the new JobManager has not reached yet it is the old attempt that speaks. Of a number that both have, it is the old
 * one that closes first of the two, as each attempt closes once; until then what goes on with its counts, or writes into a transaction that it
 * began, and does not go on with what the new one does, is its doing. Where only one closes nothing tells them apart: all is the new one's.
 */
export function linesOfOutlived(lines: readonly RecordedLine[]): ReadonlySet<RecordedLine> {
  const late = new Set<RecordedLine>()
  const places = new Map<string, Place>()
  let graph = 0
  for (const line of lines) {
    if (line.ev === 'job_submit') places.clear()
    if (makesGraph(line)) graph++
    if (!line.has('att') || !line.has('op')) continue
    const name = `${line.text('op')}/${line.text('sub')}`
    const place = places.get(name) ?? { graph, newest: -1, attempts: new Map(), outlived: new Map() }
    places.set(name, place)
    take(place, line, graph, late)
  }
  return late
}

/** A subtask of an operator: what its attempts under the newest JobManager do, and under the one before that. */
interface Place {
  graph: number
  newest: number
  attempts: Map<number, Attempt>
  outlived: Map<number, Attempt>
}

/** What goes on with an attempt, and what may be that of the one that has outlived its JobManager under the same number. */
interface Attempt {
  readonly counts: Map<string, number>
  readonly transactions: Set<string>
  closed: boolean
  readonly doubtful: RecordedLine[]
}

function take(place: Place, line: RecordedLine, graph: number, late: Set<RecordedLine>): void {
  const told = line.integer('att')
  if (line.ev === 'init') begin(place, line, graph, told)
  const old = place.outlived.get(told)
  const attempt = attemptOf(place.attempts, told)
  if (old === undefined || old.closed) note(attempt, line)
  else if (told > place.newest) {
    late.add(line)
    note(old, line)
  } else if (line.ev === 'close') closes(old, attempt, line, late)
  else if (isOf(old, attempt, line)) {
    attempt.doubtful.push(line)
    note(old, line)
  } else note(attempt, line)
}

function begin(place: Place, line: RecordedLine, graph: number, told: number): void {
  if (place.graph < graph) {
    place.outlived = place.attempts
    place.attempts = new Map()
    place.graph = graph
    place.newest = -1
  }
  place.newest = Math.max(place.newest, told)
  const { counts } = attemptOf(place.attempts, told)
  for (const [key, count] of line.has('state') ? line.numbers('state') : []) counts.set(key, count)
}

function attemptOf(attempts: Map<number, Attempt>, told: number): Attempt {
  let attempt = attempts.get(told)
  if (attempt === undefined) attempts.set(told, (attempt = { counts: new Map(), transactions: new Set(), closed: false, doubtful: [] }))
  return attempt
}

/** The second of two closes shows that the first was that of the old attempt, and what was doubtful until then was its doing. */
function closes(old: Attempt, attempt: Attempt, line: RecordedLine, late: Set<RecordedLine>): void {
  if (attempt.closed) {
    for (const each of attempt.doubtful) late.add(each)
    old.closed = true
    return
  }
  attempt.closed = true
  attempt.doubtful.push(line)
}

function note(attempt: Attempt, line: RecordedLine): void {
  if (line.ev === 'close') attempt.closed = true
  else if (line.ev === 'process' && line.has('count')) attempt.counts.set(line.text('key'), line.integer('count'))
  else if (line.has('txn') && WRITES.has(line.ev)) attempt.transactions.add(line.text('txn'))
}

/** What a writer does with its own transactions: nobody else does. */
const WRITES: ReadonlySet<string> = new Set(['txn_begin', 'sink_write', 'precommit'])

/** It goes on with what the old attempt did, and not with what the new one does. */
function isOf(old: Attempt, attempt: Attempt, line: RecordedLine): boolean {
  if (attempt.closed) return false
  if (line.ev === 'process' && line.has('count')) {
    const before = line.integer('count') - 1
    const key = line.text('key')
    return (old.counts.get(key) ?? 0) === before && (attempt.counts.get(key) ?? 0) !== before
  }
  if (!WRITES.has(line.ev) || !line.has('txn')) return false
  const transaction = line.text('txn')
  return old.transactions.has(transaction) && !attempt.transactions.has(transaction)
}
