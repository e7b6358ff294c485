/**
 * Whether runs are determined by their names: two or more processes run the same seeds, and their rolling trace hashes are compared at
 * every step.
 */
import { seedOf, type Cell } from './cell.js'
import type { NumberedStep } from './choice-log.js'
import { formatToken } from './replay-token.js'
import type { RunTrace, TraceRequest } from './run-trace.js'
import type { Mode } from './scenario.js'

/** One of those who run the same seeds: a process of its own. */
export interface Side {
  /** What it is, for people: `node 22.11.0`. */
  readonly name: string
  trace(requests: readonly TraceRequest[]): Promise<readonly RunTrace[]>
  /** The steps of a run up to one of them. */
  stepsUntil(request: TraceRequest, step: number): Promise<readonly NumberedStep[]>
  close(): void
}

/** How two sides differ. */
export interface TraceDifference {
  readonly scenario: string
  readonly mode: Mode
  readonly seed: string
  readonly token: string
  /** The first step after which the hashes differ; 0 is the set-up. */
  readonly step: number
  /** What both sides say of that step and those before it. */
  readonly sides: readonly { readonly name: string; readonly steps: readonly NumberedStep[] }[]
}

/** What came of it. */
export interface DeterminismResult {
  readonly verdict: 'deterministic' | 'differs'
  /** Seeds that were compared. */
  readonly runs: number
  readonly steps: number
  readonly sides: readonly string[]
  /** Hash over the trace hashes of all runs, in order. */
  readonly traces: string
  readonly interrupted: boolean
  readonly first?: TraceDifference
}

/** How far to go. */
export interface DeterminismOptions {
  readonly seed: string
  readonly runs: number
  readonly signal?: AbortSignal
  readonly onProgress?: (runs: number) => void
}

/** Runs that are compared at a time. */
const CHUNK_RUNS = 50

/** Runs seeds of all cells in turn on every side, and compares, until all are done or one differs. */
export async function compareSides(
  cells: readonly Cell[],
  sides: readonly Side[],
  options: DeterminismOptions,
): Promise<DeterminismResult> {
  const { runs, seed, signal, onProgress } = options
  const done = { runs: 0, steps: 0, sides: sides.map(({ name }) => name), traces: new TraceSum() }
  const told = () => ({ ...done, traces: done.traces.format(), interrupted: signal?.aborted === true })
  while (done.runs < runs && signal?.aborted !== true) {
    const count = Math.min(CHUNK_RUNS, runs - done.runs)
    const requests = Array.from({ length: count }, (_, i) => requestOf(done.runs + i, cells, seed))
    const traces = await Promise.all(sides.map((side) => side.trace(requests)))
    for (const [index, request] of requests.entries()) {
      const ofRun = traces.map((side) => side[index])
      const step = firstDifference(ofRun)
      if (step !== undefined) return { verdict: 'differs', ...told(), first: await difference(request, cells, sides, step) }
      done.runs++
      done.steps += (ofRun[0]?.hashes.length ?? 1) - 1
      done.traces.add(ofRun[0]?.traceHash ?? '')
    }
    onProgress?.(done.runs)
  }
  return { verdict: 'deterministic', ...told() }
}

function requestOf(run: number, cells: readonly Cell[], seed: string): TraceRequest {
  return { cell: run % cells.length, seed: seedOf(seed, Math.floor(run / cells.length)) }
}

/** The first step after which not all traces have the same hash; undefined when they are the same. */
export function firstDifference([first, ...others]: readonly (RunTrace | undefined)[]): number | undefined {
  if (first === undefined) return undefined
  const steps = others.flatMap((other) => {
    const length = Math.max(first.hashes.length, other?.hashes.length ?? 0)
    for (let step = 0; step < length; step++) if (first.hashes[step] !== other?.hashes[step]) return [step]
    return first.traceHash === other?.traceHash ? [] : [length - 1]
  })
  return steps.length === 0 ? undefined : Math.min(...steps)
}

/** How a run differs between sides: its name, and where they part; that is absent where they do not. */
export async function differenceOf(
  request: TraceRequest,
  cells: readonly Cell[],
  sides: readonly Side[],
): Promise<Pick<TraceDifference, 'scenario' | 'mode' | 'seed' | 'token'> & { readonly parting?: TraceDifference }> {
  const traces = await Promise.all(sides.map((side) => side.trace([request])))
  const step = firstDifference(traces.map(([trace]) => trace))
  const parting = await difference(request, cells, step === undefined ? [] : sides, step ?? 0)
  const { scenario, mode, seed, token } = parting
  return { scenario, mode, seed, token, ...(step !== undefined && { parting }) }
}

async function difference(request: TraceRequest, cells: readonly Cell[], sides: readonly Side[], step: number): Promise<TraceDifference> {
  const cell = cells[request.cell]
  if (cell === undefined) throw new RangeError(`there is no cell ${String(request.cell)}`)
  const { scenario, mode } = cell
  const { seed, changes } = request
  const told = await Promise.all(sides.map(async (side) => ({ name: side.name, steps: await side.stepsUntil(request, step) })))
  return { scenario: scenario.name, mode, seed, token: formatToken({ scenario: scenario.name, mode, seed, ...changes }), step, sides: told }
}

/** A number for all trace hashes so far, in order. */
class TraceSum {
  private sum = 0n

  add(traceHash: string): void {
    this.sum = BigInt.asUintN(64, this.sum * 0x5851f42d4c957f2dn + BigInt(`0x${traceHash}`))
  }

  format(): string {
    return this.sum.toString(16).padStart(16, '0')
  }
}
