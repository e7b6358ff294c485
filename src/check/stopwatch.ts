/** The only file of the checker that looks at a clock, and the one that can end what does not end by itself. */
import { createContext, Script } from 'node:vm'

/** Milliseconds that have passed since this was made. */
export function stopwatch(): () => number {
  const start = performance.now()
  return () => performance.now() - start
}

/**
 * The time of a step was up because the process did not run: somebody had stopped it, or the machine slept. It is a bound of the search:
 * nothing is known of the step, and what was cut off is neither saved nor gone on with.
 */
export const STOOD_STILL = 'stood still'

/** What became of work that is watched. */
export type Watched = 'ended' | 'endless' | typeof STOOD_STILL

/** The least share of its time that a process is on a processor while it works, however many others want one. */
const BUSY = 0.2

/** Cuts off what takes too long. */
export class Watchdog {
  private readonly task = { work: () => {} }
  private readonly context = createContext(this.task)
  private readonly call = new Script('work()')

  /**
   * Does the work for so many milliseconds of a clock at most; it is cut off where it is, even in an endless loop. What loops without end
   * keeps a processor busy: a process that has hardly used one meanwhile did not run.
   */
  watch(milliseconds: number, work: () => void): Watched {
    this.task.work = work
    const before = process.cpuUsage()
    try {
      this.call.runInContext(this.context, { timeout: Math.min(Math.ceil(milliseconds), 2 ** 31 - 1) })
      return 'ended'
    } catch (error) {
      // Not `instanceof`: the error is of another context.
      const isTimeout = typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
      if (!isTimeout) throw error
      const { user, system } = process.cpuUsage(before)
      return user + system < BUSY * 1000 * milliseconds ? STOOD_STILL : 'endless'
    }
  }
}
