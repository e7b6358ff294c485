/** A fold over facts, by numbers: what it has seen is a part of the row. */
import { copyPlain, instant } from '../../world/index.js'
import type { Fold } from './exploration.js'
import type { Identity } from './identity.js'
import { Ints } from './ints.js'
import { PairTable } from './pair-table.js'
import { Plains, type Numbered } from './parts.js'

/** A fold whose type of state nobody needs to know. */
export interface FoldSteps {
  /** The number of what it has seen before anything. */
  readonly start: number
  readonly states: Numbered<unknown>
  step(seen: number, fact: number): number
  /** Whether a fact with this number ever changes what it has seen. */
  hears(fact: number): boolean
  /** What is wrong, if anything. */
  verdict(seen: number, terminal: boolean): string | undefined
}

/** Each step of the fold is taken once and remembered, and so is each verdict. */
export class RememberedFold<F> implements FoldSteps {
  readonly states: Plains<F>
  readonly start: number
  private readonly steps = new PairTable()
  private readonly judged = [new Ints(), new Ints()] as const
  private readonly verdicts: string[] = ['']

  constructor(
    private readonly fold: Fold<F>,
    private readonly facts: Numbered<{ readonly kind: string }>,
    identity?: Identity,
  ) {
    this.states = new Plains<F>(identity)
    this.start = this.states.add(fold.init())
  }

  step(seen: number, fact: number): number {
    const known = this.steps.get(seen, fact)
    if (known >= 0) return known
    const state = copyPlain(this.states.get(seen))
    this.fold.step(state, this.facts.get(fact), instant(0))
    const after = this.states.add(state)
    if (after !== seen && !this.hears(fact)) throw new Error(`a fold says that it does not hear ${this.facts.get(fact).kind}, and does`)
    this.steps.set(seen, fact, after)
    return after
  }

  hears(fact: number): boolean {
    return this.fold.hears?.(this.facts.get(fact)) ?? true
  }

  verdict(seen: number, terminal: boolean): string | undefined {
    const judged = this.judged[terminal ? 1 : 0]
    if (judged.get(seen) === 0) {
      const verdict = this.fold.verdict(this.states.get(seen), terminal)
      judged.set(seen, verdict === undefined ? 1 : this.verdicts.push(verdict))
    }
    return this.verdicts[judged.get(seen) - 1] || undefined
  }
}
