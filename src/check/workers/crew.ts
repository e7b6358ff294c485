/** The threads of a check, and the coordinator between them. */
import { Worker } from 'node:worker_threads'
import { Coordination, type Outcome, type Together } from './coordination.js'
import type { Report } from './protocol.js'
import type { WorkerPlace } from './worker-thread.js'

/** Most threads of one check. */
export const MOST_WORKERS = 256

/** Milliseconds between two questions whether to go on. */
const ASKED_EVERY_MS = 50

/** What a crew works on. */
export interface CrewTask {
  /** The module that each worker runs, and what it is told besides its place. */
  readonly worker: URL
  readonly data: unknown
  readonly workers: number
  readonly maxStepSeconds: number
  readonly maxStates: number
  /** Asked now and then: the name of the bound that is hit, if one is. */
  readonly goOn: (together: Together) => string | undefined
}

/** What a worker finds in its `workerData`. */
export interface CrewData<T> extends WorkerPlace {
  readonly data: T
}

/**
 * Starts the workers, and ends them when the search has ended.
 * @throws RangeError for a number of workers that there cannot be, or when a worker cannot begin
 */
export function crewSearch({ worker, data, workers, maxStepSeconds, maxStates, goOn }: CrewTask): Promise<Outcome> {
  if (!Number.isInteger(workers) || workers < 1 || workers > MOST_WORKERS) {
    throw new RangeError(`${workers} workers: a whole number from 1 to ${MOST_WORKERS} is needed`)
  }
  const threads = Array.from({ length: workers }, (_, index) => {
    const workerData: CrewData<unknown> = { worker: index, workers, maxStepSeconds, data }
    return new Worker(worker, { workerData })
  })
  return new Promise<Outcome>((resolve, reject) => {
    const coordination = new Coordination(workers, maxStates, (to, order) => threads[to]?.postMessage(order), settle(resolve))
    const failed = settle(reject)
    threads.forEach((thread, from) => {
      thread.on('error', failed)
      thread.on('message', (report: Report) => {
        if (report.kind === 'refused') failed(new RangeError(report.reason))
        else coordination.received(from, report)
      })
    })
    const timer = setInterval(() => {
      const bound = goOn(coordination.together)
      if (bound !== undefined) coordination.stop(bound)
    }, ASKED_EVERY_MS)
    coordination.begin()

    function settle<T>(how: (result: T) => void): (result: T) => void {
      return (result) => {
        clearInterval(timer)
        void Promise.all(threads.map((thread) => thread.terminate())).then(() => how(result))
      }
    }
  })
}
