import type { CrashPoint } from '../engine/index.js'

/** 0: normal running; 1: during a recovery; 2: during the recovery from a failure in a recovery, or deeper. */
export type Depth = 0 | 1 | 2

/** What a step of the JobManager tells of a recovery. */
type Sign = 'noticed' | 'restarted' | 'triggered' | 'completed'

const SIGNS: ReadonlyMap<string, Sign> = new Map<CrashPoint, Sign>([
  ['recovery.failure.noticed', 'noticed'],
  ['recovery.restore.chosen', 'restarted'],
  ['checkpoint.pending.created', 'triggered'],
  ['checkpoint.store.added', 'completed'],
])

/** What a step tells, if it tells anything; asked once for each name. */
export function signOf(point: string): Sign | undefined {
  return SIGNS.get(point)
}

/**
 * How deep in recoveries a job is. A recovery begins with a failure and lasts until the job has made a checkpoint of its own and begins
 * the next one: until then another failure goes back to the same state, or to none. A failure in that time begins a deeper one. It is
 * read from the steps that the JobManager takes, so that it is the same whether or not anybody records the run.
 */
export class RecoveryDepth {
  private failures = 0
  /** `failing`: what has failed was not restarted yet, so that what fails along with it is the same failure. */
  private phase: 'running' | 'failing' | 'recovering' | 'recovered' = 'running'

  /** The depth now. */
  get depth(): Depth {
    return this.failures === 0 ? 0 : this.failures === 1 ? 1 : 2
  }

  /** A process died or user code threw: a failure of its own, whatever else fails at the moment. */
  struck(): void {
    this.failures++
    this.phase = 'failing'
  }

  /** The JobManager took a step. */
  step(sign: Sign): void {
    switch (sign) {
      case 'noticed':
        if (this.phase !== 'failing') this.struck()
        return
      case 'restarted':
        if (this.phase === 'failing') this.phase = 'recovering'
        return
      case 'completed':
        if (this.phase === 'recovering') this.phase = 'recovered'
        return
      case 'triggered':
        if (this.phase !== 'recovered') return
        this.phase = 'running'
        this.failures = 0
    }
  }

  /** A copy for a fork of the run. */
  fork(): RecoveryDepth {
    const copy = new RecoveryDepth()
    copy.failures = this.failures
    copy.phase = this.phase
    return copy
  }
}
