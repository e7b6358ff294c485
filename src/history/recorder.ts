import type { HistoryEvent, HistoryFact } from './event.js'
import { isHistoryFact } from './history-kinds.js'

/** Is told of every event as it becomes part of the history. */
export type HistoryListener = (event: HistoryEvent) => void

/** Takes a fact and the time it became true (µs since the start of the run). */
export type TakeFact = (fact: { readonly kind: string }, t: number) => void

/** Who gets to see what is recorded. */
export interface RecorderOptions {
  /** Keep the events in memory; default true. */
  readonly keep?: boolean
  readonly listeners?: readonly HistoryListener[]
  /** `seq` of the last event before: the history goes on from a fork of its run. */
  readonly after?: number
}

/**
 * Makes a history out of the facts that a run reports: gives each its place in the order and its time, keeps it and passes it on.
 * It takes over the fact's object, so that recording allocates nothing: nobody else may use that object afterwards.
 */
export class HistoryRecorder {
  private readonly kept: HistoryEvent[] | undefined
  private readonly listeners: readonly HistoryListener[]
  private seq: number

  constructor(options: RecorderOptions = {}) {
    this.kept = options.keep === false ? undefined : []
    this.listeners = options.listeners ?? []
    this.seq = options.after ?? 0
  }

  /** What a world's `recorder` option wants; undefined when nobody would get to see a fact, so that none is made. */
  get take(): TakeFact | undefined {
    if (this.kept === undefined && this.listeners.length === 0) return undefined
    return (fact, t) => {
      if (!isHistoryFact(fact)) throw new RangeError(`no history knows the kind ${fact.kind}`)
      this.add(fact, t)
    }
  }

  /** Takes one fact. `t` is in µs since the start of the run and never goes back. Returns its `seq`. */
  add(fact: HistoryFact, t: number): number {
    const seq = ++this.seq
    place(fact, seq, t)
    this.kept?.push(fact)
    for (const listener of this.listeners) listener(fact)
    return seq
  }

  /** The events so far, in order; none when they are not kept. */
  get events(): readonly HistoryEvent[] {
    return this.kept ?? []
  }
}

/** Gives a fact its place; member by member, because this is the hottest path of a recorded run. */
function place(fact: HistoryFact & { seq?: number; t?: number }, seq: number, t: number): asserts fact is HistoryEvent {
  fact.seq = seq
  fact.t = t
}
