/**
 * Guides a campaign by what its runs have reached. Runs come in generations of fixed size; what a generation runs follows from the seed
 * of the campaign and from what all generations but the one before it came to. So it is the same for any number of workers, and none
 * of them has to wait for the slowest.
 */
import { pick, type FaultMenu, type FaultPlan } from '../../faults/index.js'
import { Stream } from '../../world/index.js'
import { planOf } from '../fault-menu.js'
import { kindsOfNature } from './aimed-kinds.js'
import { Corpus } from './corpus.js'
import type { RunChanges } from './driver-name.js'
import type { Finds } from './finds.js'
import { LeastLanded } from './least-landed.js'
import { mutatePlan } from './mutate-plan.js'
import { drawPriorities } from './priorities.js'

/** Runs of all cells in one generation, at least. */
const GENERATION_RUNS = 16

/** A generation knows of all that came so many before it. */
export const GENERATIONS_BEHIND = 2

/** Faults that are aimed in one run: what needs several at once, and what needs quiet around it. */
const DENSITIES = [1, 2, 3, 5, 8, 12] as const
/** The same where they are of one nature. A job that was interrupted more often would not be restarted any more. */
const DENSE = { delay: [3, 5, 8, 12], slowness: [3, 5, 8, 12], refusal: [3, 5, 8, 12], interruption: [3, 4, 5] } as const
/** Natures of the faults of a run; all of them in every fifth one. */
const NATURES = ['delay', 'slowness', 'refusal', 'interruption', undefined] as const
/** One of so many runs has the first fault of the seed's own plan, which makes the job recover, besides those of a nature. */
const OWN_FIRST = { delay: 4, slowness: 4, refusal: 2, interruption: 4 } as const

/** A run whose finds are not taken in yet. */
interface Reported {
  readonly generation: number
  readonly cell: number
  readonly seed: string
  readonly changes: RunChanges | undefined
  readonly finds: Finds
}

/** What a cell's runs are drawn from; undefined where it cannot be run. */
export type MenuOf = (cell: number) => (FaultMenu & { readonly cell?: string }) | undefined

/** Decides what each run of a campaign is. */
export class Guide {
  /** Runs of one cell in one generation. */
  readonly runsOfCell: number
  private readonly corpora = new Map<number, Corpus>()
  private readonly leastLanded = new LeastLanded()
  private reported: Reported[] = []

  constructor(
    cells: number,
    private readonly menuOf: MenuOf,
  ) {
    this.runsOfCell = Math.ceil(GENERATION_RUNS / Math.max(1, cells))
  }

  /** The generation of a run, by its number within its cell. */
  generationOf(run: number): number {
    return Math.floor(run / this.runsOfCell)
  }

  /** What the run of a seed is. To be asked run by run, in the order in which they are handed out; undefined: as the seed draws it. */
  changesOf(cell: number, run: number, seed: string): RunChanges | undefined {
    this.takeIn(this.generationOf(run) - GENERATIONS_BEHIND)
    const menu = this.menuOf(cell)
    if (menu === undefined) return undefined
    const stream = new Stream(seed, `guided/${menu.cell ?? ''}`)
    const entry = stream.below(6) === 0 ? this.corpora.get(cell)?.take(stream) : undefined
    if (entry !== undefined) return this.mutated(stream, menu, entry.seed, entry.changes)
    if (stream.below(12) === 0) return undefined
    return { plan: this.aimed(stream, menu, seed), ...priorities(stream) }
  }

  /** What a run came to. To be told in the order in which the runs were handed out. */
  learn(cell: number, run: number, seed: string, changes: RunChanges | undefined, finds: Finds): void {
    this.reported.push({ generation: this.generationOf(run), cell, seed, changes, finds })
  }

  /** Takes in what came of the generations up to this one. */
  private takeIn(generation: number): void {
    let taken = 0
    for (const report of this.reported) {
      if (report.generation > generation) break
      taken++
      const { cell, seed, changes, finds } = report
      let corpus = this.corpora.get(cell)
      if (corpus === undefined) this.corpora.set(cell, (corpus = new Corpus()))
      corpus.add(changes?.seed ?? seed, changes, finds)
      this.leastLanded.landed(this.menuOf(cell)?.cell ?? '', finds.landings)
    }
    if (taken > 0) this.reported = this.reported.slice(taken)
  }

  /**
   * Faults where few have landed. Most runs have faults of one nature only, and more of them: a failure would put an end to what delays and
   * refusals bring about. The others have all kinds, every second one of them besides the seed's own plan.
   */
  private aimed(stream: Stream, menu: FaultMenu & { readonly cell?: string }, seed: string): FaultPlan {
    const nature = pick(stream, NATURES)
    const plan = [...(nature === undefined ? ownPlan(stream, menu, seed) : ownPlan(stream, menu, seed, OWN_FIRST[nature]).slice(0, 1))]
    const kinds = nature === undefined ? {} : { kinds: kindsOfNature(menu, nature) }
    for (let left = pick(stream, nature === undefined ? DENSITIES : DENSE[nature]) ?? 1; left > 0; left--) {
      const fault = this.leastLanded.draw(stream, menu, { ...kinds, before: plan })
      if (fault !== undefined) plan.push(fault)
    }
    return plan
  }

  /** A run that reached something, a little otherwise: with another seed, with other faults, or both. */
  private mutated(stream: Stream, menu: FaultMenu & { readonly cell?: string }, seed: string, before: RunChanges | undefined): RunChanges {
    let plan = before?.plan ?? planOf(seed, menu)
    const kept = stream.below(2) === 0 ? { seed } : {}
    for (let changes = stream.below(3) + (('seed' in kept) ? 1 : 0); changes > 0; changes--) {
      const changed = plan
      plan = mutatePlan(stream, changed, menu, () => this.leastLanded.draw(stream, menu, { before: changed }))
    }
    return { plan, ...kept, ...(stream.below(4) === 0 ? priorities(stream) : before?.priorities && { priorities: before.priorities }) }
  }
}

/** The plan of the seed itself, in one of so many runs; nothing in the others. */
function ownPlan(stream: Stream, menu: FaultMenu & { readonly cell?: string }, seed: string, oneIn = 2): FaultPlan {
  return stream.below(oneIn) === 0 ? planOf(seed, menu) : []
}

/** Every fourth run has priorities. */
function priorities(stream: Stream): Pick<RunChanges, 'priorities'> {
  return stream.below(4) === 0 ? { priorities: drawPriorities(stream) } : {}
}
