/** Which events of an execution must stay in their order: those of one process, dependent ones, and what follows from both. */
import type { Concurrent } from './concurrent.js'

/** An action that was taken; `clock[q]` is one more than the position of the last event of process `q` that happens before it. */
export interface Event<A> {
  readonly process: number
  readonly action: A
  readonly clock: Int32Array
}

/** An execution as a partial order. Two executions with the same one differ in nothing that matters. */
export class Execution<S, A> {
  readonly events: Event<A>[] = []

  constructor(private readonly model: Concurrent<S, A>) {}

  /** Whether the event at one position happens before an event with this clock. */
  isBefore(position: number, clock: Int32Array): boolean {
    const event = this.events[position]
    return event !== undefined && (clock[event.process] ?? 0) > position
  }

  /** The event that this action would be now, and the positions of the events that it races with, last first. */
  next(process: number, action: A): { readonly event: Event<A>; readonly races: readonly number[] } {
    const clock = new Int32Array(this.model.processes)
    const races: number[] = []
    for (let position = this.events.length - 1; position >= 0; position--) {
      const event = this.events[position]
      if (event === undefined || this.isBefore(position, clock)) continue
      const same = event.process === process
      if (!same && !this.model.dependent(event.action, action)) continue
      if (!same) races.push(position)
      join(clock, event.clock)
      clock[event.process] = position + 1
    }
    return { event: { process, action, clock }, races }
  }

  /**
   * The partial order as a text: for each process, how long the chain of events before each of its events is. This is Foata's
   * normal form, read by process.
   */
  normalForm(): string {
    const levels: number[] = []
    const byProcess: number[][] = Array.from({ length: this.model.processes }, () => [])
    this.events.forEach(({ process, clock }, position) => {
      let level = 0
      for (let before = 0; before < position; before++) {
        if (this.isBefore(before, clock)) level = Math.max(level, (levels[before] ?? 0) + 1)
      }
      levels.push(level)
      byProcess[process]?.push(level)
    })
    return byProcess.map((own) => own.join()).join(';')
  }
}

function join(into: Int32Array, from: Int32Array): void {
  for (let i = 0; i < into.length; i++) into[i] = Math.max(into[i] ?? 0, from[i] ?? 0)
}
