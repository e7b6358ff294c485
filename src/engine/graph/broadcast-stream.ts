import type { MapStateDescriptor } from '../state/broadcast-state.js'
import type { Value } from '../record.js'
import type { DataStream } from './data-stream.js'
import { JobGraphError } from './job-graph-error.js'

/** A stream that every subtask gets in full, for broadcast state; `connect` another one with it (Flink: `BroadcastStream`). */
export class BroadcastStream<T extends Value> {
  constructor(
    readonly input: DataStream<T>,
    /** Names of the state that it may change. */
    readonly states: readonly string[],
  ) {
    const twice = states.find((name, index) => states.indexOf(name) < index)
    if (twice !== undefined)
      throw new JobGraphError(`broadcast: two descriptors have the name "${twice}"; every state needs one of its own`)
  }
}

/** The names of descriptors. */
export function namesOf(descriptors: readonly MapStateDescriptor[]): string[] {
  return descriptors.map(({ name }) => name)
}
