/** The only file of the checker that looks at a clock, and the one that can end what does not end by itself. */
import { createContext, Script } from 'node:vm'

/** Milliseconds that have passed since this was made. */
export function stopwatch(): () => number {
  const start = performance.now()
  return () => performance.now() - start
}

/** Cuts off what takes too long. */
export class Watchdog {
  private readonly task = { work: () => {} }
  private readonly context = createContext(this.task)
  private readonly call = new Script('work()')

  /** Whether the work came to its end within so many milliseconds of a clock. It is cut off where it is, even in an endless loop. */
  endsWithin(milliseconds: number, work: () => void): boolean {
    this.task.work = work
    try {
      this.call.runInContext(this.context, { timeout: Math.min(Math.ceil(milliseconds), 2 ** 31 - 1) })
      return true
    } catch (error) {
      // Not `instanceof`: the error is of another context.
      if (typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return false
      throw error
    }
  }
}
