/** What a worker works on: a model, or a world of actors. */
import type { Finding, Note, Use } from './protocol.js'

/** Told of each step: which one, and the fingerprint of the state it leads to. Whether that state is to be kept. */
export type Offer = (ordinal: number, high: number, low: number) => boolean

/** Takes steps, and keeps states in the order in which it was told to. */
export interface Explorer {
  /** Steps taken. */
  readonly generated: number
  /** Of the last expansion: nothing could happen in the state, or a bound kept it from being left. */
  readonly mark: 'terminal' | 'depth' | 'boundary' | undefined
  /** Takes the initial states in. */
  begin(): Finding | undefined
  /** Takes a state out, judges it and offers what its steps lead to: the next one that was kept, or the next one that was received. */
  expand(number: number, source: 'kept' | 'received'): Located | undefined
  /** Takes the next state out, kept or received, and does nothing but judge it. */
  judge(source: 'kept' | 'received'): Finding | undefined
  /** Forgets the next state that was kept. */
  drop(): void
  /** Walks a way from the start; the state at its end waits. Whether it has this fingerprint. */
  receive(ordinals: readonly number[], high: number, low: number): boolean
  /** A level has ended. */
  endLevel(): void
  /** What has been seen for the first time since the last call. */
  notes(): readonly Note[]
  /** What an error means that came out of a step. */
  failure(error: unknown): Finding
  /** What it means that a step does not end. */
  endless(seconds: number): Finding
  /** What it means that a way leads elsewhere when it is walked again. */
  elsewhere(): Finding
  readonly use: Omit<Use, 'visitedBytes'>
}

/** What was found, and at which step; -1: in the state itself. */
export interface Located {
  readonly ordinal: number
  readonly finding: Finding
}
