import { copyPlain, type Recorder } from '../world/index.js'
import type { Fold } from './exploration.js'

/** The state of a fold along the step that runs: shared with the state before it until the first fact, then a copy. */
export class FoldMemory<F> {
  state: F
  private owned = true

  constructor(private readonly fold: Fold<F>) {
    this.state = fold.init()
  }

  /** Before each step: what the state was. */
  begin(state: F): void {
    this.state = state
    this.owned = false
  }

  readonly recorder: Recorder = (fact, at) => {
    if (!this.owned) this.state = copyPlain(this.state)
    this.owned = true
    this.fold.step(this.state, fact, at)
  }
}
