import type { EventOf } from '../history/index.js'
import { subtaskName } from './names.js'

/** Why a job restarts, as far as its history tells failures. */
export interface RestartCauses {
  /** The first failure since the last restart: those behind it may follow from it. */
  next: EventOf<'failure'> | undefined
  /** What the last restart came of; undefined when no failure was told, as where the JobManager dies. */
  last: EventOf<'failure'> | undefined
}

/** Nothing has failed. */
export function createRestartCauses(): RestartCauses {
  return { next: undefined, last: undefined }
}

/** A task or the job fails. */
export function noteFailure(causes: RestartCauses, failure: EventOf<'failure'>): void {
  causes.next ??= failure
}

/** The job restarts. */
export function noteRestart(causes: RestartCauses): void {
  causes.last = causes.next
  causes.next = undefined
}

/** `, last because INVALID_TRANSACTION_TIMEOUT in Sink: Writer (1)`; nothing where no failure was told. */
export function lastCauseInWords(failure: EventOf<'failure'> | undefined): string {
  if (failure === undefined) return ''
  const { cause, vertex, subtask } = failure
  return `, last because ${cause}${vertex === '' ? '' : ` in ${subtaskName(vertex, subtask)}`}`
}
