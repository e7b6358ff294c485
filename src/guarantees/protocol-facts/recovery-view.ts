import type { EventOf } from '../../history/index.js'
import type { RunView } from './run-view.js'

/** A restart: from the fault that led to it to the choice of what is restored. */
export interface Recovery {
  /** `seq` of the fault; of the job's status that tells of the failure where no fault is known. */
  readonly fault: number
  /** `seq` of the restart. */
  readonly restarted: number
  readonly chosen: EventOf<'restore-chosen'>
  /** `seq` of the next recovery's fault, or behind the end. */
  readonly until: number
}

/** The restarts of a history, without the first starts of its jobs. */
export function recoveriesOf(run: RunView): readonly Recovery[] {
  const recoveries: Recovery[] = []
  let before = 0
  for (const { seq: restarted } of run.of('restart')) {
    const chosen = run.firstAfter('restore-chosen', restarted)
    if (chosen === undefined) continue
    const failing = run.of('job-status').findLast(({ seq, status }) => seq < restarted && status === 'RESTARTING')?.seq ?? restarted
    const fault = run.of('fault').find(({ seq }) => seq > before && seq < restarted)?.seq ?? failing
    recoveries.push({ fault, restarted, chosen, until: Number.MAX_SAFE_INTEGER })
    before = chosen.seq
  }
  return recoveries.map((recovery, index) => ({ ...recovery, until: recoveries[index + 1]?.fault ?? recovery.until }))
}
