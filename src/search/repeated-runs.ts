/**
 * The doctor inside a campaign: a share of the runs is repeated by another process while the campaign goes on, and must end with the same
 * trace hash after as many steps. Where one does not, two processes compare it step by step.
 */
import type { Cell } from './cell.js'
import type { RunEnd } from './chunk-result.js'
import { differenceOf, type Side, type TraceDifference } from './determinism.js'
import type { TraceRequest } from './run-trace.js'

/** What came of the repeated runs. */
export interface RepeatedRuns {
  readonly verdict: 'deterministic' | 'differs'
  readonly runs: number
  /** The first that ended otherwise. */
  readonly first?: RepeatedDifference
}

/** A run that ended otherwise in another process. */
export interface RepeatedDifference extends Pick<TraceDifference, 'scenario' | 'mode' | 'seed' | 'token'> {
  readonly traceHash: string
  readonly traceHashAgain: string
  /** Where two processes part; absent when they do not: then the run depends on what its worker has run before. */
  readonly parting?: TraceDifference
}

/** Starts another process that runs the same cells. */
export type StartSide = () => Promise<Side>

/** Repeats runs one after the other. */
export class Repeater {
  private readonly sides: Promise<Side>[] = []
  private work: Promise<void> = Promise.resolve()
  private failure: Error | undefined
  private compared = 0
  private first: RepeatedDifference | undefined
  private ended = false

  constructor(
    private readonly cells: readonly Cell[],
    private readonly start: StartSide,
  ) {}

  /** Runs to be repeated, in the order of the campaign. */
  add(cell: number, ends: readonly RunEnd[]): void {
    if (ends.length === 0) return
    this.work = this.work
      .then(() => this.compare(cell, ends))
      .catch((error: unknown) => {
        this.failure ??= error instanceof Error ? error : new Error(String(error))
      })
  }

  /** Leaves out what is not begun: the campaign was ended early. */
  cutShort(): void {
    this.ended = true
  }

  /** Waits for the runs that are left. */
  async result(): Promise<RepeatedRuns> {
    await this.work
    if (this.failure !== undefined) throw this.failure
    const { first, compared: runs } = this
    return { verdict: first === undefined ? 'deterministic' : 'differs', runs, ...(first && { first }) }
  }

  async close(): Promise<void> {
    for (const side of this.sides) (await side).close()
  }

  private side(index: number): Promise<Side> {
    return (this.sides[index] ??= this.start())
  }

  private async compare(cell: number, ends: readonly RunEnd[]): Promise<void> {
    if (this.ended || this.first !== undefined) return
    const requests = ends.map(({ seed, changes }): TraceRequest => ({ cell, seed, ...(changes && { changes }) }))
    const again = await (await this.side(0)).trace(requests)
    for (const [index, end] of ends.entries()) {
      const request = requests[index]
      const trace = again[index]
      this.compared++
      if (request === undefined || trace === undefined || this.first !== undefined) continue
      if (trace.traceHash !== end.traceHash) this.first = await this.differing(request, end, trace.traceHash)
    }
  }

  private async differing(request: TraceRequest, { traceHash }: RunEnd, traceHashAgain: string): Promise<RepeatedDifference> {
    const sides = [await this.side(0), await this.side(1)]
    const { parting, ...name } = await differenceOf(request, this.cells, sides)
    return { ...name, traceHash, traceHashAgain, ...(parting && { parting }) }
  }
}
