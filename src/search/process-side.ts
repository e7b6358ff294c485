import { fork, type ChildProcess } from 'node:child_process'
import type { Cell } from './cell.js'
import type { ScenarioSource, WorkerTask } from './chunk-runners.js'
import type { NumberedStep } from './choice-log.js'
import { USUAL_DRIVER, type DriverName } from './drivers/driver-name.js'
import type { Side } from './determinism.js'
import type { RunTrace, TraceRequest } from './run-trace.js'

/** What a process is asked. The first question says what there is to run. */
export type SideQuestion =
  | { readonly ask: 'begin'; readonly task: WorkerTask }
  | { readonly ask: 'trace'; readonly requests: readonly TraceRequest[] }
  | { readonly ask: 'steps'; readonly request: TraceRequest; readonly step: number }

/** What it answers: the version of its Node, traces, or steps. */
export type SideAnswer = string | readonly RunTrace[] | readonly NumberedStep[]

/**
 * A process of its own that runs seeds of these cells, on this Node or another.
 * @param node path of a Node binary
 * @throws Error when it cannot be started
 */
export async function processSide(
  source: ScenarioSource,
  cells: readonly Cell[],
  node = process.execPath,
  driver: DriverName = USUAL_DRIVER,
): Promise<Side> {
  const worker = new URL('./trace-worker.js', import.meta.url)
  const child = fork(worker, {
    execPath: node,
    execArgv: [],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    // In a group of its own: Ctrl-C reaches the whole group of a process, and what becomes of this one is its parent's. It ends with it.
    detached: true,
  })
  const task: WorkerTask = { source, cells: cells.map(({ scenario, mode }) => ({ scenario: scenario.name, mode })), driver }
  const version = (await asked(child, { ask: 'begin', task })) as string
  return {
    name: `node ${version}`,
    trace: async (requests) => (await asked(child, { ask: 'trace', requests })) as readonly RunTrace[],
    stepsUntil: async (request, step) => (await asked(child, { ask: 'steps', request, step })) as readonly NumberedStep[],
    close: () => void child.kill('SIGKILL'),
  }
}

/** Asks, and waits for the answer; the death of the process is one, too. */
function asked(child: ChildProcess, question: SideQuestion): Promise<SideAnswer> {
  return new Promise((resolve, reject) => {
    const settle = (end: () => void): void => {
      child.off('message', answered).off('error', failed).off('exit', exited)
      end()
    }
    const answered = (answer: unknown): void => settle(() => resolve(answer as SideAnswer))
    const failed = (error: Error): void => settle(() => reject(error))
    const exited = (code: number | null): void => settle(() => reject(new Error(`the process ended with ${String(code)}`)))
    child.once('message', answered).once('error', failed).once('exit', exited)
    child.send(question, (error) => {
      if (error !== null) failed(error)
    })
  })
}
