/** What is said of a single state of a world: whether something is wrong in it, and what was seen in some state or other. */
import type { World } from '../../world/index.js'
import type { Exploration } from './exploration.js'
import type { InternedWorld } from './interned-world.js'

/** Judges the state of the row. */
export class StateJudge<F> {
  /** What has come of the ways that ended. */
  readonly outcomes = new Set<string>()
  /** Facts that must be seen in some state, and were not. */
  readonly unseen: Set<string>

  constructor(
    private readonly exploration: Exploration<F>,
    private readonly interned: InternedWorld<F>,
    private readonly here: () => World,
  ) {
    this.unseen = new Set(exploration.fold?.sometimes?.map(({ name }) => name))
  }

  /** What is wrong, if anything. */
  judge(terminal: boolean): string | undefined {
    return this.judgeSeen(this.interned.row.fold, terminal) ?? this.exploration.inspect?.(this.here(), terminal)
  }

  /** What is wrong with what the fold has seen on some way, by number. */
  judgeSeen(seen: number, terminal: boolean): string | undefined {
    const verdict = this.interned.fold?.verdict(seen, terminal)
    if (verdict === undefined) this.witness(seen, terminal)
    return verdict
  }

  /** How many faults there were on the way to the state of the row. */
  get faults(): number {
    const { world, row } = this.interned
    return world.changes.faults(row.circumstances)
  }

  private witness(seen: number, terminal: boolean): void {
    const { fold } = this.exploration
    const known = this.interned.fold
    if (fold === undefined || known === undefined || (this.unseen.size === 0 && !terminal)) return
    const state = known.states.get(seen)
    for (const fact of fold.sometimes ?? []) if (this.unseen.has(fact.name) && fact.holds(state)) this.unseen.delete(fact.name)
    if (terminal && fold.outcome !== undefined) this.outcomes.add(fold.outcome(state))
  }
}
