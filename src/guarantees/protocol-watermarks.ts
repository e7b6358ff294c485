import type { EventOf } from '../history/index.js'
import { createJobEpoch, createsJob, type JobEpoch } from './job-epoch.js'
import type { Finding, Oracle } from './oracle.js'
import { attemptName } from './names.js'
import { broken, ruleVerdict } from './protocol-rule.js'

/**
 * Event time goes forward: the watermark of an attempt never falls, and a timer fires when the watermark has reached it, not before
 * (Flink: `StatusWatermarkValve`, `InternalTimerServiceImpl.advanceWatermark`). It is no part of a snapshot: each attempt begins anew.
 * A record is late only when the watermark has reached the end of its last window (`WindowOperator.isWindowLate`).
 */
export interface Watermarks {
  readonly job: JobEpoch
  /** By operator and subtask, the highest watermark that each attempt has shown. */
  readonly highest: Map<string, Highest>
  readonly findings: Finding[]
}

interface Highest {
  watermark: number
  seq: number
}

/** Watermarks of an attempt never fall. */
export const watermarks: Oracle<Watermarks> = {
  name: 'watermarks',
  init: () => ({ job: createJobEpoch(), highest: new Map(), findings: [] }),
  step: {
    'job-status': (state, event) => {
      if (createsJob(state.job, event)) state.highest.clear()
    },
    timer: (state, event) => {
      if (event.watermark !== undefined) stepFired(state, event, event.watermark)
    },
    'record-ended': ({ findings }, event) => {
      const { id, why, until, watermark, seq } = event
      if (why !== 'late' || until === undefined || watermark === undefined || until <= watermark) return
      const message = `${attemptName(event)} calls a record late whose window is open until ${until} µs, at watermark ${watermark}`
      findings.push({ ...broken('late-behind-its-window', message, [seq]), records: [id] })
    },
  },
  verdict: (state) => ruleVerdict(state.findings),
}

function stepFired({ highest, findings }: Watermarks, event: EventOf<'timer'>, watermark: number): void {
  const { seq, at } = event
  const name = attemptName(event)
  if (at > watermark) {
    const message = `a timer of ${name} for ${at} µs under key ${event.key} fires at watermark ${watermark}`
    findings.push(broken('timer-waits-for-watermark', message, [seq]))
  }
  const before = highest.get(name)
  if (before === undefined) highest.set(name, { watermark, seq })
  else if (watermark < before.watermark) {
    findings.push(
      broken('watermark-never-falls', `the watermark of ${name} falls from ${before.watermark} to ${watermark}`, [before.seq, seq]),
    )
  } else {
    before.watermark = watermark
    before.seq = seq
  }
}
