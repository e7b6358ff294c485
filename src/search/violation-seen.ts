import { createJudge } from '../guarantees/index.js'
import type { HistoryEvent } from '../history/index.js'
import type { ExperimentResult } from './experiment.js'
import type { RewindableRun } from './rewindable-run.js'
import { kindOf, sightingsOf, type Sighting } from './sighting.js'

/** When a violation can first be seen, and what of it. */
export interface Seen {
  /** As it looked then: it may have grown since. */
  readonly sighting: Sighting
  /** Length of the history with which it is seen, and without whose last event it is not. */
  readonly events: number
  /** µs. */
  readonly timeUs: number
  /** It is judged by the whole run only: something that never happened. */
  readonly atTheEnd: boolean
}

/** When a run shows a violation of this kind first; undefined when it does not. */
export function firstSeen(run: RewindableRun, kind: string): Seen | undefined {
  const { result, steps } = run
  const { history, verdict, header } = result
  const whole = verdict && find(sightingsOf(verdict, claimsOf(run)), kind)
  if (whole === undefined) return undefined
  const end = { sighting: whole, events: history.length, timeUs: run.stepInWords(steps).timeUs, atTheEnd: true }
  if (whole.guarantee === 'progress') return end
  const seenIn = (events: readonly HistoryEvent[]): Sighting | undefined => {
    const judge = createJudge(header)
    for (const event of events) judge.step(event)
    return find(sightingsOf(judge.verdict(), claimsOf(run)), kind)
  }
  let [low, high] = [0, history.length]
  let sighting = whole
  while (high - low > 1) {
    const middle = (low + high) >> 1
    const found = seenIn(history.slice(0, middle))
    if (found === undefined) low = middle
    else [high, sighting] = [middle, found]
  }
  const last = history[high - 1]
  if (last === undefined) return end
  const ends = last.kind === 'job-status' && last.status === 'FINISHED'
  return { sighting, events: high, timeUs: last.t, atTheEnd: ends || high === history.length }
}

/** A job that has done nothing for this part of its limit will do nothing more. */
const PATIENCE = 20

/**
 * How long a run that begins at a time must go on until it is known whether it shows a violation of this kind, µs: only a job that is stuck
 * has no end of its own.
 */
export function enoughUs({ result: { history }, limitUs }: RewindableRun, { guarantee }: Sighting, fromUs: number): number {
  if (guarantee !== 'progress') return Infinity
  const moved = history.findLast(({ kind }) => kind === 'checkpoint-completed' || kind === 'source-emit' || kind === 'fault')?.t ?? 0
  return Math.max(fromUs, moved) + Math.floor(limitUs / PATIENCE)
}

/** Whether a run shows a violation of this kind; with a record, one that concerns it. */
export function showsSighting(run: RewindableRun, { verdict }: ExperimentResult, kind: string, record?: string | number): boolean {
  if (verdict === undefined) return false
  const sighting = find(sightingsOf(verdict, claimsOf(run)), kind)
  return sighting !== undefined && (record === undefined || sighting.finding.records.includes(record))
}

function claimsOf({ experiment: { scenario, mode } }: RewindableRun): ReturnType<typeof scenario.claims> {
  return scenario.claims(mode)
}

function find(sightings: readonly Sighting[], kind: string): Sighting | undefined {
  return sightings.find((sighting) => kindOf(sighting) === kind)
}
