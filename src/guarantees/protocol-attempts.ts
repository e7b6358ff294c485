import type { HistoryHeader } from '../history/index.js'
import type { Finding, Oracle } from './oracle.js'
import { broken, ruleVerdict } from './protocol-rule.js'
import { stepsOfPart } from './steps.js'
import { createTimeline, TIMELINE_STEPS, type Timeline } from './timeline.js'

/**
 * An attempt does nothing after it closed. After its successor was initialised it does nothing either, where the origin has no
 * processes that can be cut off; where it has, a cut-off attempt goes on until it notices, nothing of that is counted, and what
 * of it reached the outside is judged there. The same holds of one whose TaskManager was lost, for its tasks count as failed at once, or
 * whose JobManager was.
 */
export function attemptFindings(timeline: Timeline, origin: HistoryHeader['origin']): Finding[] {
  const findings: Finding[] = []
  const [closed] = timeline.afterClose
  if (closed !== undefined) {
    const message = `an attempt went on after it had closed: ${String(timeline.afterClose.length)} events`
    findings.push(broken('acts-after-close', message, timeline.afterClose))
  }
  if (origin === 'recorded' && timeline.fenced.length > 0) {
    const message = `an attempt went on after its successor had been initialised: ${String(timeline.fenced.length)} events`
    findings.push(broken('fenced-attempt-acts', message, timeline.fenced))
  }
  return findings
}

/** The state knows the origin, for the rule depends on it. */
export interface Attempts {
  readonly timeline: Timeline
  readonly origin: HistoryHeader['origin']
}

/** Attempts end when they close or are superseded. */
export const attempts: Oracle<Attempts> = {
  name: 'attempts',
  init: (header) => ({ timeline: createTimeline(header), origin: header.origin }),
  step: stepsOfPart(({ timeline }) => timeline, TIMELINE_STEPS),
  verdict: (state) => ruleVerdict(attemptFindings(state.timeline, state.origin)),
}
