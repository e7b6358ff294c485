/** Which faults a scenario must survive, and how often each step is reached in a run without faults. */
export interface FaultMenu {
  /** Processes that may crash at any time. */
  readonly processes: readonly string[]
  /** Those of them whose crash makes the job recover. */
  readonly ofTheJob: readonly string[]
  /** Steps at which whoever reaches them crashes, by moments of the protocol: each moment is struck as often as the others. */
  readonly moments: readonly (readonly string[])[]
  readonly exceptions: readonly string[]
  /** Steps, calls and exceptions that force no recovery which a checkpoint follows: the job survives them, or it is about to end. */
  readonly harmless: ReadonlySet<string>
  readonly calls: readonly string[]
  /** Those of them that may be applied after a while although their callers have seen a timeout. */
  readonly later?: readonly string[]
  readonly rpcs: readonly string[]
  /** Remote procedure calls that may be overtaken, and those that may be repeated. */
  readonly overtaken: readonly string[]
  readonly repeated: readonly string[]
  /** Processes whose links may be slow. */
  readonly slow: readonly string[]
  /** Pairs of processes whose connection may break. */
  readonly connections: readonly (readonly [string, string])[]
  /** Who may be cut off from whom. */
  readonly partitions: readonly { readonly process: string; readonly others: readonly string[] }[]
  /** Processes that may stop for a while. */
  readonly pauses: readonly string[]
  /** Steps at which user code may hang; they are reached in recoveries only, in each about so many times. */
  readonly hangs: readonly string[]
  readonly tasks: number
  /** TaskManagers of which one may be lost for good: the others have slots enough. */
  readonly expendable?: readonly string[]
  /** Processes whose clocks may be wrong. */
  readonly clocks?: readonly string[]
  /** `heartbeat.timeout`, µs: what lasts longer is noticed. */
  readonly heartbeatTimeoutUs: number
  /** Longest delay of a late message, µs. */
  readonly latestUs: number
  /** Steps that are taken at each deployment: a fault that aims at a recovery strikes them when they are reached anew. */
  readonly recovery: ReadonlySet<string>
  /** Reach counts of a run without faults: `nth` is drawn below them. */
  readonly reached: ReadonlyMap<string, number>
  /** When the first checkpoint completed and when the job ended without faults, µs. */
  readonly firstCheckpointUs: number
  readonly endUs: number
  /** Nothing that is to force a recovery strikes before, µs; absent: before the first checkpoint has completed. */
  readonly quietUntilUs?: number
  /** Most faults in one plan without aim; most besides its failures in the plan of a swarm. */
  readonly maxFaults: number
}
