import { EXIT } from './exit-codes.js'
import type { Terminal } from './terminal.js'

/** Runs something that Ctrl-C ends early, so that what was done until then can be told; a second Ctrl-C ends everything. */
export async function untilInterrupted<T>(terminal: Terminal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController()
  const onInterrupt = (): void => {
    if (controller.signal.aborted) process.exit(EXIT.killed)
    controller.abort()
    terminal.note('\nending; once more to stop at once')
  }
  process.on('SIGINT', onInterrupt)
  process.on('SIGTERM', onInterrupt)
  try {
    return await work(controller.signal)
  } finally {
    process.off('SIGINT', onInterrupt)
    process.off('SIGTERM', onInterrupt)
  }
}
