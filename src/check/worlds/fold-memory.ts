import { copyPlain, hashPlain, type Recorder } from '../../world/index.js'
import type { Fold } from './exploration.js'

/** What a fold has seen along one way, with its hash in two lanes. */
export interface Folded<F> {
  readonly state: F
  readonly hash: readonly [number, number]
}

/** The state of a fold along the step that runs: that of the state before until the first fact comes, then a copy. */
export class FoldMemory<F> {
  private before: Folded<F>
  private state: F

  constructor(private readonly fold: Fold<F>) {
    this.before = folded(fold.init())
    this.state = this.before.state
  }

  /** Before each step: what the fold has seen; nothing at the start. */
  begin(before: Folded<F> = folded(this.fold.init())): void {
    this.before = before
    this.state = before.state
  }

  /** Takes in a fact of the step that runs. */
  readonly recorder: Recorder = (fact, at) => {
    if (this.state === this.before.state) this.state = copyPlain(this.state)
    this.fold.step(this.state, fact, at)
  }

  /** After each step. */
  end(): Folded<F> {
    return this.state === this.before.state ? this.before : folded(this.state)
  }
}

/** With its hash. */
export function folded<F>(state: F): Folded<F> {
  return { state, hash: [hashPlain(state, 0x452821e6), hashPlain(state, 0x38d01377)] }
}
