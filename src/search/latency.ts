import { RPC_LANE, UPLOAD_LANE } from '../engine/index.js'
import type { Latency } from '../world/index.js'

/** Latencies of a small cluster in one data centre, µs. Within a process a message takes almost nothing. */
export function latencyOf(_from: number, _to: number, lane: number): Latency {
  return lane === RPC_LANE || lane === UPLOAD_LANE || lane < 0 ? { minUs: 100, maxUs: 2_000 } : { minUs: 20, maxUs: 300 }
}
